/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Latencies of a whole run, told apart by pagemap or by what pagemaps have in
 * common: each group with a histogram for each metric. What views show, what is
 * saved, and what two runs are compared by.
 */
#ifndef PGMAP_CORE_SUMMARY_H
#define PGMAP_CORE_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

#include <pgmap/grouping.h>
#include <pgmap/lifetime.h>
#include <pgmap/sight.h>

#include "latency.h"

struct pgmap_instance;
struct pgmap_model;

struct pgmap_metric {
	struct pgmap_latency values;
	__u64 max_ns;		/* exact; 0 when there are no values */
	/*
	 * Begun and not ended, ended and not begun, as far as was seen: of these no
	 * latency is made up.
	 */
	__u64 unended;
	__u64 unstarted;
};

/* A metric's numbers. Percentiles within 1.6 %, the rest exact; all 0 without values. */
struct pgmap_metric_stats {
	__u64 count;
	__u64 mean_ns;
	__u64 p50_ns;
	__u64 p90_ns;
	__u64 p99_ns;
	__u64 p999_ns;
	__u64 max_ns;
};

/* What is not the same for all of a group has no meaning: it is as in the first of it. */
struct pgmap_group {
	__u64 pgmap;
	__u32 generation;
	__u32 ordinal;		/* which one of those that look the same in another run, from 0 */
	__u16 type;
	bool partial;		/* some of it is older than the observer */
	bool rest;		/* by pagemap: those that ended long ago, together */
	char driver[PGMAP_NAME_LEN];
	char device[PGMAP_NAME_LEN];
	__s32 node;
	char comm[PGMAP_COMM_LEN];
	__u32 cpu;
	__u32 phase;		/* enum pgmap_phase */
	__u64 begin_ns;		/* of the first of its pagemaps; 0 unknown */
	__u64 pagemaps;		/* 0: they are not known */
	__u64 failed_adds;	/* of these nothing is in any histogram */
	__u64 fault_errors;
	struct pgmap_metric metrics[PGMAP_NR_METRICS];
};

enum { PGMAP_ORIGIN_LEN = 96 };

/* Where a summary comes from: what has to be alike for two to be compared. */
struct pgmap_origin {
	char tool[PGMAP_ORIGIN_LEN];
	char kernel[PGMAP_ORIGIN_LEN];	/* its release */
	char arch[PGMAP_ORIGIN_LEN];
	char backend[PGMAP_ORIGIN_LEN];
	__u64 cpus;			/* online */
};

/* All zero but for @by and @origin is an empty one. */
struct pgmap_summary {
	enum pgmap_by by;
	struct pgmap_origin origin;
	__u64 time_ns;		/* of the end */
	__u64 duration_ns;
	bool incomplete;	/* events were lost */
	__u64 losses[PGMAP_NR_LOSSES];
	__u32 unseen;		/* PGMAP_SIGHT_* that the source did not show */
	int error;		/* -ENOMEM, -EINVAL: something is not in it that should be */
	struct pgmap_group *groups;
	size_t nr;
	size_t room;
};

/* Could this metric be measured, in groups of this kind and with what the source shows? */
bool pgmap_metric_is_known(const struct pgmap_summary *summary, enum pgmap_metric_id metric);

/* And could be seen what of it was only begun, or only ended? */
bool pgmap_metric_has_pairs(const struct pgmap_summary *summary, enum pgmap_metric_id metric);

/*
 * Adds what @instance, whose life is over or who is looked at for the last time,
 * has to its group. @keep: by pagemap it gets a group of its own, else it goes to
 * the rest. What fails is told by pgmap_summary_finish().
 */
void pgmap_summary_add(struct pgmap_summary *summary, const struct pgmap_instance *instance,
		       bool keep);

/* The count of one bucket, absolute, by a thread's name, CPU or phase. Fails as the one above. */
void pgmap_summary_set(struct pgmap_summary *summary, const struct pgmap_group_key *key,
		       const struct pgmap_group_value *value);

/* One fault of @ns that @ev ended, by its thread's name or CPU, of a source that sends each. */
void pgmap_summary_fault(struct pgmap_summary *summary, const struct pgmap_event *ev, __u64 ns);

/*
 * The end of a run at @time_ns after @duration_ns: adds all that @model still has,
 * and its losses; then order and ordinals. Returns 0, or what failed on the way.
 */
int pgmap_summary_finish(struct pgmap_summary *summary, const struct pgmap_model *model,
			 __u64 time_ns, __u64 duration_ns);

/* A new group at the end, zeroed but for node -1; NULL without memory. Good until the next one. */
struct pgmap_group *pgmap_summary_append(struct pgmap_summary *summary);

/* Do two groups look the same but for their ordinal? Addresses are not looked at. */
bool pgmap_group_is_like(enum pgmap_by by, const struct pgmap_group *a,
			 const struct pgmap_group *b);

/* Gives each group its ordinal, by the order they are in. */
void pgmap_summary_number(struct pgmap_summary *summary);

/* @ns, which fell into @metric. Returns 0 or -ENOMEM. */
int pgmap_metric_add(struct pgmap_metric *metric, __u64 ns);

struct pgmap_metric_stats pgmap_metric_stats(const struct pgmap_metric *metric);

/* Leaves it empty, with its @by and @origin. */
void pgmap_summary_free(struct pgmap_summary *summary);

#endif
