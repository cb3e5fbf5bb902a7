/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a view may know: rows, totals, losses, findings, verdict at one moment.
 * Values only, in base units; scaling and words are the view's.
 */
#ifndef PGMAP_CORE_SNAPSHOT_H
#define PGMAP_CORE_SNAPSHOT_H

#include "busiest.h"
#include "finding.h"

struct pgmap_model;

struct pgmap_latency_summary {
	__u64 p50_ns;
	__u64 p99_ns;
};

/* One generation of a pagemap. Rates are for the interval, sums since its birth. */
struct pgmap_row {
	__u64 pgmap;
	__u32 generation;
	__u16 type;
	__u16 state;
	bool partial;		/* its beginning was not seen: sums are from the take-over on */
	bool before_start;	/* it was there before the observer */
	__u64 added_ns;		/* when it was added; 0 not known */
	bool replaced;
	char driver[PGMAP_NAME_LEN];
	char device[PGMAP_NAME_LEN];
	__s32 node;
	__s32 error;
	__u32 nr_range;
	__u32 nr_known;
	const struct pgmap_range *ranges; /* nr_known of them, the model's */
	__u64 pages;
	__s64 outstanding;	/* base pages */
	bool outstanding_unknown; /* the number above says nothing */
	__u32 unseen;		/* PGMAP_SIGHT_* of which the counts say nothing */
	struct pgmap_counts sums;
	struct pgmap_counts delta; /* of the interval; fault_max_ns has no meaning here */
	struct pgmap_latency_summary interval;
	struct pgmap_latency_summary all;
	__u64 setup_ns;
	__u64 teardown_ns;	/* kill to release; 0 not over */
	__u64 killed_for_ns;	/* in KILLED since; 0 otherwise */
};

struct pgmap_totals {
	__u64 states[PGMAP_NR_STATES];	/* pagemaps in each state, rows or not */
	__u64 replaced;			/* added again while active: in no state any more */
	__u64 forgotten;		/* ended long ago, only in the sums */
	__s64 outstanding;		/* of those of which it is known */
	struct pgmap_counts sums;
	struct pgmap_counts delta;
};

struct pgmap_snapshot {
	__u64 time_ns;
	__u64 interval_ns;
	struct pgmap_row *rows;	/* in order of birth, those that ended last */
	size_t nr_rows;
	size_t room;
	size_t max_rows;	/* the taker's: so many rows at most, see busiest.h; 0 all */
	size_t left_out;	/* that had no row because of that */
	struct pgmap_busiest busiest;
	struct pgmap_totals totals;
	__u64 losses[PGMAP_NR_LOSSES];
	__u64 sent[PGMAP_NR_EVENTS];	/* records that the source took one by one */
	__u32 unseen;		/* PGMAP_SIGHT_* that the source shows of no pagemap */
	__u32 rules_off;	/* because of that, though they are wanted */
	bool incomplete;
	enum pgmap_verdict verdict;
	const struct pgmap_findings *findings;	/* the model's */
	/* the taker's: why pagemaps older than the observer may be missing; NULL: none is */
	const char *older_unknown;
};

/*
 * Fills @snapshot (all zero at first but the taker's, then used again) with the model at
 * @time_ns, @interval_ns after the last one. With @all also what ended before
 * this interval. Good until the model's next event. Returns 0 or -ENOMEM.
 */
int pgmap_snapshot_take(struct pgmap_snapshot *snapshot, const struct pgmap_model *model,
			__u64 time_ns, __u64 interval_ns, bool all);

/* The row, zeroed, of @instance at @now, of whom @unseen (PGMAP_SIGHT_*) is not shown. */
void pgmap_snapshot_fill(struct pgmap_row *row, const struct pgmap_instance *instance, __u64 now,
			 __u32 unseen);

/* The row of the pagemap that @ev is about. Returns false if the model has forgotten it. */
bool pgmap_snapshot_row(struct pgmap_row *row, const struct pgmap_model *model,
			const struct pgmap_event *ev);

/* As pgmap_model_severity(), for views. */
enum pgmap_severity pgmap_snapshot_severity(const struct pgmap_snapshot *snapshot,
					    const struct pgmap_finding *finding);

void pgmap_snapshot_free(struct pgmap_snapshot *snapshot);

#endif
