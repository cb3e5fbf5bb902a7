/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run as it is plotted: when each pagemap was added, killed, drained and released, and how
 * long faults took when. Bounded: of too many pagemaps those stay that have findings, then
 * those that did the most; of faults the slowest.
 */
#ifndef PGMAP_CORE_TIMELINE_H
#define PGMAP_CORE_TIMELINE_H

#include "heat.h"
#include "slowest.h"
#include "snapshot.h"
#include "summary.h"

struct pgmap_instance;

enum { PGMAP_MAX_LIVES = 200 };

/* Times are those of the events; 0: not seen, or not yet. */
struct pgmap_life {
	struct pgmap_row row;	/* but for its ranges */
	struct pgmap_range where; /* the first of them; 0-0 unknown */
	__u64 begin_ns;		/* memremap_pages() was entered */
	__u64 killed_ns;
	__u64 drained_ns;
	__u64 released_ns;
	__u64 replaced_ns;	/* its address was added again, which ends it */
	__u64 findings;		/* kept ones that are about it */
	struct pgmap_metric_stats faults;
};

/* All zero is an empty one. */
struct pgmap_timeline {
	__u64 zero_ns;		/* the run began */
	__u64 start_ns;		/* then, or when what began before it did */
	__u64 end_ns;
	struct pgmap_life *lives;	/* in order of begin, those older than the run first */
	size_t nr;
	__u64 left_out;		/* pagemaps that are not among them */
	struct pgmap_heat heat;	/* of all pagemaps */
	struct pgmap_slowest slowest;
	int error;		/* -ENOMEM: something is not in it that should be */
};

/* A fault that took @ns and ended as @end says. What fails is told at the end. */
void pgmap_timeline_fault(struct pgmap_timeline *timeline, const struct pgmap_open_fault *end,
			  __u64 ns);

/* @instance of @model, whose life is over or who is looked at for the last time. */
void pgmap_timeline_add(struct pgmap_timeline *timeline, const struct pgmap_instance *instance,
			const struct pgmap_model *model);

/*
 * The end of a run from @zero_ns to @end_ns: adds all that @model still has, and brings
 * it into order. Returns 0, or what failed on the way.
 */
int pgmap_timeline_finish(struct pgmap_timeline *timeline, const struct pgmap_model *model,
			  __u64 zero_ns, __u64 end_ns);

/* Leaves it empty. */
void pgmap_timeline_free(struct pgmap_timeline *timeline);

#endif
