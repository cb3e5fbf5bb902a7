/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two sides, each of one or more runs of the same work: which latencies have
 * become slower or faster, and which differences are noise.
 */
#ifndef PGMAP_CORE_COMPARE_H
#define PGMAP_CORE_COMPARE_H

#include "summary.h"

enum { PGMAP_MAX_RUNS = 32 };	/* on each side */

/* All of it has to hold for a change, and that it is no chance: significance.h. */
struct pgmap_compare_options {
	__u32 ratio_permille;	/* slower over faster, minus 1; at least PGMAP_RATIO_MIN */
	__u64 floor_ns;		/* least difference */
	__u64 min_count;	/* values on each side, all runs together */
	bool mean;		/* compare means, too: they are exact, but one outlier moves them */
};

/* A bucket is 3.2 % wide: below that percentiles may differ by where its border lies. */
enum { PGMAP_RATIO_MIN = 40 };

struct pgmap_side {
	__u64 ns;		/* percentile or mean of all runs together; 0 without values */
	__u64 count;
	__u32 runs;		/* that have values */
};

/* What of a metric is compared, beside percentiles in permille. */
enum { PGMAP_COMPARE_MEAN = 0 };

/* One percentile, or the mean, of one metric of one group. */
struct pgmap_comparison {
	const struct pgmap_group *group;	/* of the first run that has it */
	enum pgmap_metric_id metric;
	__u32 permille;		/* or PGMAP_COMPARE_MEAN */
	enum pgmap_change change;
	struct pgmap_side base;
	struct pgmap_side fresh;
};

/* All zero is an empty one. */
struct pgmap_comparisons {
	struct pgmap_comparison *all;
	size_t nr;
	size_t room;
	__u64 changes[PGMAP_NR_CHANGES];
};

struct pgmap_runs {
	const struct pgmap_summary *all;
	__u32 nr;		/* 1 .. PGMAP_MAX_RUNS */
};

/* What views show. */
struct pgmap_diff {
	const struct pgmap_runs *base;
	const struct pgmap_runs *fresh;
	const struct pgmap_compare_options *options;
	const struct pgmap_comparisons *comparisons;
	bool conclusive;
};

/*
 * p50, the mean if asked for and, where there are a hundred values, p99 of each metric of each
 * group that has values on a side, groups in the order of the first run that has them. All
 * runs are grouped the same way. Returns 0 or -ENOMEM; either way it may be freed. Points
 * into the runs.
 */
int pgmap_compare(struct pgmap_comparisons *comparisons, const struct pgmap_runs *base,
		  const struct pgmap_runs *fresh, const struct pgmap_compare_options *options);

/*
 * Could it be said? False when nothing had values enough, or something that base has
 * enough of is missing or rare in the new runs: then "no regression" means nothing.
 */
bool pgmap_comparisons_are_conclusive(const struct pgmap_comparisons *comparisons,
				      const struct pgmap_compare_options *options);

/*
 * What keeps the two from being compared, into @why (of @size bytes): what was measured
 * otherwise, on another machine, or incompletely. Returns false when nothing does.
 */
bool pgmap_summaries_differ(const struct pgmap_summary *base, const struct pgmap_summary *fresh,
			    char *why, size_t size);

void pgmap_comparisons_free(struct pgmap_comparisons *comparisons);

#endif
