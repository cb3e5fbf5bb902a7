/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Which pagemap lives at an address: birth, take-over of those older than the
 * observer, steps of the automaton, burial.
 */
#ifndef PGMAP_ENTRY_BPF_H
#define PGMAP_ENTRY_BPF_H

#include <pgmap/lifetime.h>
#include "calm.bpf.h"
#include "pages.bpf.h"

static __always_inline struct pgmap_entry *entry_find(__u64 key)
{
	return bpf_map_lookup_elem(&pgmaps, &key);
}

static __always_inline struct pgmap_tomb *tomb_find(__u64 key)
{
	return bpf_map_lookup_elem(&tombs, &key);
}

static __always_inline struct pgmap_counts *counts_of(const struct pgmap_entry *entry)
{
	__u32 slot = entry->slot;

	return bpf_map_lookup_elem(&counts, &slot);
}

static __always_inline void entry_set_state(struct pgmap_entry *entry, __u32 state)
{
	entry->state = state;
	/* what no rule looks at need not be sent */
	if (entry->partial || !pgmap_type_has_page_rules(entry->type))
		entry->watched = 0;
	else
		entry->watched = pgmap_watched(state);
}

static __always_inline __u32 slot_take(void)
{
	__u32 slot = 0;

	if (bpf_map_pop_elem(&slots, &slot)) {
		loss_count(PGMAP_LOSS_SLOTS);
		return 0;
	}
	return slot;
}

static __always_inline void slot_give(__u32 slot)
{
	if (slot)
		bpf_map_push_elem(&slots, &slot, 0);
}

/*
 * One above the last generation seen at this address. Once tombstones may
 * have been forgotten, the number of all adds stands in for the last one: no
 * generation was ever larger.
 */
static __noinline __u32 generation_next(__u64 key)
{
	__u32 all;
	struct pgmap_entry *entry = entry_find(key);
	struct pgmap_tomb *tomb;

	/* an atomic that gives the old value is not to be had everywhere; it may be larger here */
	__sync_fetch_and_add(&adds, 1);
	all = *(volatile __u32 *)&adds;
	if (entry)
		return entry->generation + 1;
	tomb = tomb_find(key);
	if (tomb)
		return tomb->generation + 1;
	return all > PGMAP_SURE_TOMBS ? all : 1;
}

static __always_inline void subject_of_entry(struct subject *who, __u64 key,
					     const struct pgmap_entry *entry)
{
	who->pgmap = key;
	who->generation = entry->generation;
	who->slot = entry->slot;
	who->type = entry->type;
	who->rule = PGMAP_RULE_NONE;
	who->own_frames = knob_own_frames;
}

static __always_inline void subject_of_tomb(struct subject *who, __u64 key,
					    const struct pgmap_tomb *tomb)
{
	who->pgmap = key;
	who->generation = tomb->generation;
	who->slot = 0;
	who->type = tomb->type;
	who->rule = PGMAP_RULE_NONE;
	who->own_frames = knob_own_frames;
}

static __always_inline bool entry_is_calm(const struct pgmap_entry *entry, __u32 slot)
{
	return entry && !*(volatile __u32 *)&entry->watched && entry->slot == slot;
}

/*
 * Its next step, on another CPU, first changes its entry and then forgets the cell: so either it
 * finds the cell that is put here, or the entry that it has changed is found here.
 */
static __always_inline void entry_put_calm(__u64 key, __u64 number)
{
	const struct pgmap_entry *entry = entry_find(key);
	__u32 slot = entry ? entry->slot : 0;

	if (!entry_is_calm(entry, slot))
		return;
	calm_put(number, slot);
	/* for its order, not for its sum */
	__sync_fetch_and_add(&calm_fence, 1);
	if (!entry_is_calm(entry_find(key), slot))
		calm_forget(number);
}

/* Page events of what lives at @key go the short way, if that may be. */
static __noinline int entry_calm(__u64 key)
{
	__u64 number = calm_key(key);
	__u32 group = calm_group(number);

	calm_forget(number);
	if (knob_pages || !calm_hold(group))
		return 0;
	entry_put_calm(key, number);
	calm_let_go(group);
	return 0;
}

/* Puts @fresh in place of whatever lives at this address. */
static __noinline struct pgmap_entry *entry_begin(const struct dev_pagemap *pgmap,
						  struct pgmap_entry *fresh, __u64 flags)
{
	__u64 key = (__u64)pgmap;

	fresh->generation = generation_next(key);
	fresh->type = describe_type(pgmap);
	fresh->hidden = filter_hides(pgmap);
	fresh->slot = fresh->hidden ? 0 : slot_take();
	entry_set_state(fresh, fresh->state);
	if (bpf_map_update_elem(&pgmaps, &key, fresh, flags)) {
		slot_give(fresh->slot);
		/* with BPF_NOEXIST another CPU may have been faster: that is no loss */
		if (!entry_find(key))
			loss_count(PGMAP_LOSS_PGMAPS);
	}
	entry_calm(key);
	return entry_find(key);
}

/* A pagemap older than the observer: UNKNOWN, with what it says about itself. */
static __noinline struct pgmap_entry *entry_take_over(void *ctx, const struct dev_pagemap *pgmap)
{
	struct add_info info = { .id = PGMAP_EVENT_SEEN, .node = -1 };
	struct pgmap_entry fresh = { .state = PGMAP_STATE_UNKNOWN, .partial = 1 };
	struct pgmap_entry *entry = entry_begin(pgmap, &fresh, BPF_NOEXIST);
	struct subject who;

	/* the winner of a race over the same address says it */
	if (!entry || entry->hidden || entry->slot != fresh.slot)
		return entry;
	subject_of_entry(&who, (__u64)pgmap, entry);
	submit_add(ctx, pgmap, &who, &info);
	return entry;
}

static __always_inline void counts_add_used(struct pgmap_counts *to,
					    const struct pgmap_counts *from)
{
	to->frees += from->frees;
	to->free_pages += from->free_pages;
	to->fault_enters += from->fault_enters;
	to->faults += from->faults;
	to->fault_errors += from->fault_errors;
	if (from->fault_max_ns > to->fault_max_ns)
		to->fault_max_ns = from->fault_max_ns;
}

static __always_inline void counts_add_allocs(struct pgmap_counts *to,
					      const struct pgmap_counts *from)
{
	to->allocs += from->allocs;
	to->alloc_pages += from->alloc_pages;
}

/*
 * Sums over CPUs into the record, without asking user space: exact once nobody counts any
 * more. At the kill pages may still come and go: the allocs are read after all frees, so
 * that no free is in the sum whose alloc is not (REF_IMBALANCE).
 */
static __always_inline void event_add_counts(struct pgmap_event *ev, __u32 slot)
{
	const struct pgmap_counts *one;
	__u32 cpu;

	if (!slot || !other_cpus_can_be_read())
		return;
	for (cpu = 0; cpu < knob_cpus; cpu++) {
		one = bpf_map_lookup_percpu_elem(&counts, &slot, cpu);
		if (one)
			counts_add_used(&ev->u.counts, one);
	}
	for (cpu = 0; cpu < knob_cpus; cpu++) {
		one = bpf_map_lookup_percpu_elem(&counts, &slot, cpu);
		if (one)
			counts_add_allocs(&ev->u.counts, one);
	}
	ev->flags |= PGMAP_FLAG_COUNTS;
}

/* DRAINED comes from wherever the last reference was put: that stack says nothing. */
static __noinline void submit_lifecycle(void *ctx, __u32 id, const struct subject *who,
					__u32 flags)
{
	struct pgmap_event *ev = event_reserve(id, who);

	if (!ev)
		return;
	ev->flags = flags;
	event_add_counts(ev, who->slot);
	if (id != PGMAP_EVENT_DRAINED)
		event_add_stack(ctx, ev, who);
	event_submit(ev);
}

/* RELEASED: the address is free again, only a tombstone stays. */
static __always_inline void entry_bury(__u64 key, const struct pgmap_entry *entry)
{
	struct pgmap_tomb tomb = {
		.generation = entry->generation,
		.adding_tid = entry->adding_tid,
		.type = entry->type,
		.hidden = entry->hidden,
		.partial = entry->partial,
		.killed_ns = entry->killed_ns,
	};

	calm_forget(calm_key(key));
	/* then the tombstone: in between a page event must not find nothing */
	if (bpf_map_update_elem(&tombs, &key, &tomb, BPF_ANY))
		loss_count(PGMAP_LOSS_TOMBSTONES);
	bpf_map_delete_elem(&pgmaps, &key);
}

#endif
