/* SPDX-License-Identifier: GPL-2.0-only */
/* Which generation owns which slot of the live source's counters. */
#ifndef PGMAP_SOURCE_SLOTS_H
#define PGMAP_SOURCE_SLOTS_H

#include <pgmap/event.h>

#include "source.h"

struct pgmap_slot_owner {
	__u64 pgmap;		/* 0: free */
	__u32 generation;
	__u32 pad;
};

/* Latencies whose owner's record has not had its turn yet. */
struct pgmap_slot_latency {
	__u32 key;		/* as by pgmap_hist_key() */
	struct pgmap_hist_sum sum;
};

/* All zero is an empty one. */
struct pgmap_slots {
	struct pgmap_slot_owner *owners;	/* by slot; slot 0 belongs to nobody */
	__u32 nr;
	__u32 last;		/* no slot above has ever had an owner */
	struct pgmap_slot_latency *waiting;
	size_t nr_waiting;
	size_t room;
	__u64 lost;		/* latencies that could not wait: too many */
};

enum { PGMAP_SLOTS_WAITING = 65536 };	/* at once */

/* How many slots @cpus possible CPUs can have within a fixed amount of kernel memory. */
__u32 pgmap_slots_affordable(__u32 cpus);

/* Returns 0 or -ENOMEM. */
int pgmap_slots_init(struct pgmap_slots *slots, __u32 nr);

/*
 * Notes the owner that @ev names. Returns the slot of an older generation at
 * the same address whose release was never seen and that is now free of
 * owners, else 0.
 */
__u32 pgmap_slots_note(struct pgmap_slots *slots, const struct pgmap_event *ev);

/* The owner, or NULL. */
const struct pgmap_slot_owner *pgmap_slots_owner(const struct pgmap_slots *slots, __u32 slot);

void pgmap_slots_drop(struct pgmap_slots *slots, __u32 slot);

/* Adds up what @cpus CPUs counted on one slot. */
void pgmap_slots_sum(const struct pgmap_counts *per_cpu, __u32 cpus, struct pgmap_counts *sums);

/*
 * Hands what has been added to the latency bucket @key (as by pgmap_hist_key()) to @sink in
 * its owner's name; without an owner it waits for one. Returns 0 or what @sink returned.
 */
int pgmap_slots_give_latency(struct pgmap_slots *slots, __u32 key,
			     const struct pgmap_hist_sum *sum, const struct pgmap_sink *sink);

/* The same with all that wait and have an owner now. */
int pgmap_slots_give_waiting(struct pgmap_slots *slots, const struct pgmap_sink *sink);

void pgmap_slots_free(struct pgmap_slots *slots);

#endif
