/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fault latencies of one pagemap: a sparse histogram over the buckets of
 * pgmap/histogram.h, with a mark that splits all from the current interval.
 */
#ifndef PGMAP_CORE_LATENCY_H
#define PGMAP_CORE_LATENCY_H

#include <pgmap/histogram.h>

struct pgmap_latency_bucket {
	__u32 bucket;
	__u64 count;
	__u64 sum_ns;	/* of these values */
	__u64 marked;	/* count when the interval began */
};

/* All zero is an empty one. */
struct pgmap_latency {
	struct pgmap_latency_bucket *buckets;	/* ascending */
	__u32 nr;
	__u32 room;
};

enum pgmap_latency_span { PGMAP_LATENCY_ALL, PGMAP_LATENCY_INTERVAL };

/* Sets what is in @bucket, absolute. Returns 0, -ENOMEM, or -EINVAL: no such one. */
int pgmap_latency_set(struct pgmap_latency *latency, __u32 bucket,
		      const struct pgmap_hist_sum *sum);

/* Adds to what is in @bucket. Returns as above. */
int pgmap_latency_add_sum(struct pgmap_latency *latency, __u32 bucket,
			  const struct pgmap_hist_sum *sum);

/* Adds one value. Returns 0 or -ENOMEM. */
int pgmap_latency_add(struct pgmap_latency *latency, __u64 ns);

/* Adds all that is in @more: the same as if all its values had been added one by one. */
int pgmap_latency_merge(struct pgmap_latency *latency, const struct pgmap_latency *more);

/* The current interval ends here and a new one begins. */
void pgmap_latency_mark(struct pgmap_latency *latency);

/* Number of values in @span. */
__u64 pgmap_latency_total(const struct pgmap_latency *latency, enum pgmap_latency_span span);

/* Mean of all values, in ns: exact where sums were kept. 0 when there are none. */
double pgmap_latency_mean(const struct pgmap_latency *latency);

/*
 * Smallest bucket value that at least @permille (1 .. 1000) thousandths of
 * the values in @span do not exceed, in ns; 0 when there are none.
 */
__u64 pgmap_latency_percentile(const struct pgmap_latency *latency,
			       enum pgmap_latency_span span, __u32 permille);

/* Leaves it empty. */
void pgmap_latency_free(struct pgmap_latency *latency);

#endif
