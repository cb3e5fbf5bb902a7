// SPDX-License-Identifier: GPL-2.0-only
/* Owners of counter slots: an array, searched only when a pagemap is added. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <pgmap/histogram.h>

#include "slots.h"

enum { SLOTS_MEMORY = 64 << 20, SLOTS_MIN = 1024, SLOTS_MAX = 16384 };

__u32 pgmap_slots_affordable(__u32 cpus)
{
	__u32 nr = SLOTS_MEMORY / sizeof(struct pgmap_counts) / (cpus ? cpus : 1);

	if (nr < SLOTS_MIN)
		return SLOTS_MIN;
	return nr > SLOTS_MAX ? SLOTS_MAX : nr;
}

int pgmap_slots_init(struct pgmap_slots *slots, __u32 nr)
{
	slots->owners = calloc(nr, sizeof(*slots->owners));
	slots->nr = slots->owners ? nr : 0;
	return slots->owners ? 0 : -ENOMEM;
}

static __u32 find_older(const struct pgmap_slots *slots, const struct pgmap_event *ev)
{
	__u32 slot;

	for (slot = 1; slot < slots->nr; slot++)
		if (slots->owners[slot].pgmap == ev->pgmap &&
		    slots->owners[slot].generation < ev->generation)
			return slot;
	return 0;
}

__u32 pgmap_slots_note(struct pgmap_slots *slots, const struct pgmap_event *ev)
{
	struct pgmap_slot_owner *owner;

	if (!ev->slot || ev->slot >= slots->nr)
		return 0;
	owner = &slots->owners[ev->slot];
	if (owner->pgmap == ev->pgmap && owner->generation == ev->generation)
		return 0;
	if (ev->slot > slots->last)
		slots->last = ev->slot;
	owner->pgmap = ev->pgmap;
	owner->generation = ev->generation;
	return ev->generation > 1 ? find_older(slots, ev) : 0;
}

const struct pgmap_slot_owner *pgmap_slots_owner(const struct pgmap_slots *slots, __u32 slot)
{
	if (slot >= slots->nr || !slots->owners[slot].pgmap)
		return NULL;
	return &slots->owners[slot];
}

void pgmap_slots_drop(struct pgmap_slots *slots, __u32 slot)
{
	if (slot < slots->nr)
		memset(&slots->owners[slot], 0, sizeof(slots->owners[slot]));
}

void pgmap_slots_sum(const struct pgmap_counts *per_cpu, __u32 cpus, struct pgmap_counts *sums)
{
	const struct pgmap_counts *one;

	*sums = *per_cpu;
	for (one = per_cpu + 1; one < per_cpu + cpus; one++) {
		sums->allocs += one->allocs;
		sums->alloc_pages += one->alloc_pages;
		sums->frees += one->frees;
		sums->free_pages += one->free_pages;
		sums->fault_enters += one->fault_enters;
		sums->faults += one->faults;
		sums->fault_errors += one->fault_errors;
		if (one->fault_max_ns > sums->fault_max_ns)
			sums->fault_max_ns = one->fault_max_ns;
	}
}

/* ---- latencies ---- */

static int give(const struct pgmap_slot_owner *owner, __u32 key, const struct pgmap_hist_sum *sum,
		const struct pgmap_sink *sink)
{
	return sink->latency(sink->context, owner->pgmap, owner->generation,
			     key & ((1U << PGMAP_HIST_KEY_BITS) - 1), sum);
}

static bool make_room(struct pgmap_slots *slots)
{
	size_t room = slots->room ? 2 * slots->room : 64;
	struct pgmap_slot_latency *more;

	if (slots->nr_waiting < slots->room)
		return true;
	if (room > PGMAP_SLOTS_WAITING)
		return false;
	more = reallocarray(slots->waiting, room, sizeof(*more));
	if (!more)
		return false;
	slots->waiting = more;
	slots->room = room;
	return true;
}

int pgmap_slots_give_latency(struct pgmap_slots *slots, __u32 key,
			     const struct pgmap_hist_sum *sum, const struct pgmap_sink *sink)
{
	__u32 slot = key >> PGMAP_HIST_KEY_BITS;
	const struct pgmap_slot_owner *owner = pgmap_slots_owner(slots, slot);

	if (owner)
		return give(owner, key, sum, sink);
	/* that one never has an owner */
	if (!slot)
		return 0;
	if (make_room(slots))
		slots->waiting[slots->nr_waiting++] = (struct pgmap_slot_latency){ key, *sum };
	else
		slots->lost += sum->count;
	return 0;
}

int pgmap_slots_give_waiting(struct pgmap_slots *slots, const struct pgmap_sink *sink)
{
	size_t nr = slots->nr_waiting, i;
	int err = 0;

	slots->nr_waiting = 0;
	for (i = 0; i < nr && !err; i++)
		err = pgmap_slots_give_latency(slots, slots->waiting[i].key,
					       &slots->waiting[i].sum, sink);
	return err;
}

void pgmap_slots_free(struct pgmap_slots *slots)
{
	free(slots->owners);
	free(slots->waiting);
	memset(slots, 0, sizeof(*slots));
}
