/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One generation of a pagemap, and the table of all of them: by address, and
 * in order of birth. Those that ended are kept up to a bound, then forgotten.
 */
#ifndef PGMAP_CORE_INSTANCE_H
#define PGMAP_CORE_INSTANCE_H

#include <sys/queue.h>

#include "finding.h"
#include "latency.h"

/* A thread that did something, and where in the kernel it was then. */
struct pgmap_actor {
	__u32 pid;
	__u32 tid;
	char comm[PGMAP_COMM_LEN];
	__u32 nr_frames;
	__u64 stack[PGMAP_MAX_FRAMES];
};

struct pgmap_instance {
	TAILQ_ENTRY(pgmap_instance) order;
	struct pgmap_instance *older;	/* next in the hash chain: newest first */
	__u64 pgmap;
	__u32 generation;
	__u16 type;
	__u8 state;
	bool partial;		/* its beginning was not seen: page rules are off */
	bool replaced;		/* added again while active: nothing more will come */
	bool ended;		/* RELEASED or replaced: in the second list */
	bool shown;		/* was in a snapshot after it ended */
	bool pages_missed;	/* a page's state found no room */
	__u8 stall;		/* enum pgmap_severity told of a stall in this state */
	char driver[PGMAP_NAME_LEN];
	char device[PGMAP_NAME_LEN];
	__s32 node;
	__s32 error;
	__u32 nr_range;
	__u32 nr_known;		/* ranges that arrived, <= nr_range */
	struct pgmap_range *ranges;
	__u64 pages;
	__u64 setup_ns;
	__u64 begin_ns;		/* memremap_pages() was entered; 0 unknown */
	__u64 seen_ns;		/* found to be older than the observer; 0 it is not, or not known */
	__u64 killed_ns;	/* 0 not yet, as below */
	__u64 drained_ns;
	__u64 released_ns;
	__u64 replaced_ns;	/* added again by then */
	__u32 adding_tid;	/* thread unwinding this add, 0 none */
	struct pgmap_actor *killer;	/* NULL: nobody yet */
	struct pgmap_counts counts;
	struct pgmap_counts marked;	/* counts when the interval began */
	struct pgmap_latency latency;
	struct pgmap_moment *moments;	/* the last ones, as in struct pgmap_history; often one */
	__u32 nr_moments;
};

TAILQ_HEAD(pgmap_instance_list, pgmap_instance);

struct pgmap_table {
	struct pgmap_instance **buckets;
	size_t nr_buckets;
	size_t nr;
	size_t nr_ended;
	struct pgmap_instance_list active;
	struct pgmap_instance_list ended;
};

/* Returns 0 or -ENOMEM. */
int pgmap_table_init(struct pgmap_table *table);

/* The newest at this address, or NULL. */
struct pgmap_instance *pgmap_table_latest(const struct pgmap_table *table, __u64 pgmap);

/* Exactly this one, or NULL. */
struct pgmap_instance *pgmap_table_find(const struct pgmap_table *table, __u64 pgmap,
					__u32 generation);

/* A new one, state UNKNOWN, owned by the table; NULL without memory. */
struct pgmap_instance *pgmap_table_add(struct pgmap_table *table, __u64 pgmap, __u32 generation);

/* Its life is over; it may be forgotten when there are too many of them. */
void pgmap_table_end(struct pgmap_table *table, struct pgmap_instance *instance);

/* As if it had never been, if its life is not over. */
void pgmap_table_drop(struct pgmap_table *table, struct pgmap_instance *instance);

/* The one that ended first. Unlinked, for the caller to pgmap_instance_free(); NULL if none. */
struct pgmap_instance *pgmap_table_take_oldest_ended(struct pgmap_table *table);

/* Adds sums of two pagemaps. */
void pgmap_counts_add(struct pgmap_counts *to, const struct pgmap_counts *more);

/* Sums only grow: each field becomes the larger one, in whatever order they were read. */
void pgmap_counts_raise(struct pgmap_counts *to, const struct pgmap_counts *newer);

/* Base pages allocated and not freed; below zero if the allocation was not seen. */
__s64 pgmap_counts_outstanding(const struct pgmap_counts *counts);

/* Adds these to @sum, which wraps as the counts do: a recording may claim any number. */
void pgmap_outstanding_add(__s64 *sum, const struct pgmap_counts *counts);

/*
 * What is not shown of this pagemap (PGMAP_SIGHT_*) by a source that does not show @unseen
 * of any. Types other than PRIVATE and COHERENT have their pages counted by their drivers
 * themselves: their allocs are seen only if there are any.
 */
__u32 pgmap_instance_unseen(const struct pgmap_instance *instance, __u32 unseen);

/* Is it known how many of its pages are allocated? Of an older one never. */
bool pgmap_instance_shows_outstanding(const struct pgmap_instance *instance, __u32 unseen);

/* Keeps a lifecycle event for findings to come. Returns 0 or -ENOMEM. */
int pgmap_instance_remember(struct pgmap_instance *instance, const struct pgmap_event *ev);

/* What is kept of these. */
struct pgmap_history pgmap_instance_history(const struct pgmap_instance *instance);

void pgmap_instance_free(struct pgmap_instance *instance);

/* With all its instances; fine on one that was never initialised but zeroed. */
void pgmap_table_free(struct pgmap_table *table);

#endif
