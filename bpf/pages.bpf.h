/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The state of each page in use (--pages): put in at its alloc, taken out at
 * its free, the rules of pgmap/pages.h asked in between. Nothing of this is
 * left in the programs without the knob.
 */
#ifndef PGMAP_PAGES_BPF_H
#define PGMAP_PAGES_BPF_H

#include "describe.bpf.h"

static __always_inline bool has_page_rules(const struct pgmap_entry *entry)
{
	return !entry->partial && pgmap_type_has_page_rules(entry->type);
}

/* The state of @pfn if it belongs to the pagemap of this event, else NULL. */
static __always_inline struct pgmap_page_state *page_find(__u64 key, __u32 generation, __u64 pfn)
{
	struct pgmap_page_state *page = bpf_map_lookup_elem(&pgmap_pages, &pfn);

	return pgmap_page_is_of(page, key, generation) ? page : NULL;
}

/* ---- alloc ---- */

static __always_inline bool pages_are_inside(const struct dev_pagemap *pgmap,
					     const struct pgmap_event_page *page)
{
	const struct range *from = &pgmap->range;
	int nr = BPF_CORE_READ(pgmap, nr_range);
	struct pgmap_range range;
	__u32 i;

	/* not all can be looked at: then nothing is said */
	if (nr <= 0 || nr > PGMAP_MAX_RANGES)
		return true;
	for (i = 0; i < PGMAP_MAX_RANGES; i++) {
		/* not the number kept: see bytes_of_ranges() */
		if (i >= describe_nr_range(pgmap))
			break;
		if (bpf_probe_read_kernel(&range, sizeof(range), &from[i]))
			return true;
		if (pgmap_range_has_pages(&range, page->pfn, page->pages,
					  knob_page_shift))
			return true;
	}
	return false;
}

static __always_inline __s32 stack_take(void *ctx, __u32 own_frames)
{
	long stack = bpf_get_stackid(ctx, &pgmap_stacks, own_frames);

	/* another one is in its place: none is better than a wrong one */
	if (stack < 0)
		loss_count(PGMAP_LOSS_STACKS);
	return stack;
}

/* An alloc. Returns the rule that it breaks, or none. */
static __noinline __u32 page_begin(void *ctx, const struct dev_pagemap *pgmap,
				   struct pgmap_entry *entry, const struct pgmap_event_page *page,
				   __u32 own_frames)
{
	__u64 task = bpf_get_current_pid_tgid(), pfn = page->pfn;
	struct pgmap_page_state fresh = {
		.pgmap = (__u64)pgmap,
		.time_ns = bpf_ktime_get_ns(),
		.generation = entry->generation,
		.pages = page->pages,
		.pid = task >> 32,
		.tid = task,
	};

	if (!pgmap_type_has_page_rules(entry->type))
		return PGMAP_RULE_NONE;
	bpf_get_current_comm(fresh.comm, sizeof(fresh.comm));
	fresh.stack = stack_take(ctx, own_frames);
	if (bpf_map_update_elem(&pgmap_pages, &pfn, &fresh, BPF_ANY)) {
		entry->pages_lost = 1;
		loss_count(PGMAP_LOSS_PAGES);
	}
	if (has_page_rules(entry) && !pages_are_inside(pgmap, page))
		return PGMAP_RULE_ALLOC_PGMAP_MISMATCH;
	return PGMAP_RULE_NONE;
}

/* ---- free ---- */

/* A free. Returns the rule that it breaks, or none. */
static __noinline __u32 page_end(const struct dev_pagemap *pgmap, struct pgmap_entry *entry,
				 const struct pgmap_event_page *page)
{
	struct pgmap_page_state *state = page_find((__u64)pgmap, entry->generation, page->pfn);
	__u32 rule = PGMAP_RULE_NONE;
	__u64 pfn = page->pfn;

	if (has_page_rules(entry))
		rule = pgmap_page_judge_free(state, !entry->pages_lost);
	/* the driver hears of the free later, so this page has not been given out again */
	if (state)
		bpf_map_delete_elem(&pgmap_pages, &pfn);
	return rule;
}

/* For bpf_for_each_map_elem(). */
struct page_sweep {
	__u64 pgmap;
	__u32 generation;
	__u32 pad;
};

static long sweep_page(void *map, __u64 *pfn, struct pgmap_page_state *page,
		       struct page_sweep *sweep)
{
	if (pgmap_page_is_of(page, sweep->pgmap, sweep->generation))
		bpf_map_delete_elem(map, pfn);
	return 0;
}

/* ---- faults ---- */

/* The page that counts the fault of @start, if it lives since then. */
static __always_inline struct pgmap_page_state *page_of_fault(const struct pgmap_fault_start *start)
{
	struct pgmap_page_state *page;

	if (!start->page_ns)
		return NULL;
	page = page_find(start->pgmap, start->generation, start->pfn);
	return page && page->time_ns == start->page_ns ? page : NULL;
}

static __always_inline void page_fault_begin(struct pgmap_fault_start *start)
{
	struct pgmap_page_state *page = page_find(start->pgmap, start->generation, start->pfn);

	bpf_get_current_comm(start->comm, sizeof(start->comm));
	if (!page)
		return;
	start->page_ns = page->time_ns;
	pgmap_page_fault_begins(page);
}

/* The thread of @start never told of the end of that fault: take it back. */
static __always_inline void page_fault_forget(const struct pgmap_fault_start *start)
{
	struct pgmap_page_state *page = page_of_fault(start);

	if (page)
		__sync_fetch_and_add(&page->faults, -1);
}

/* The end of the fault of @start. Returns how often it has come in vain, if that is too often. */
static __always_inline __u32 page_fault_end(const struct pgmap_fault_start *start, __u32 result,
					    __u64 now)
{
	struct pgmap_page_state *page = page_of_fault(start);

	if (!page)
		return 0;
	return pgmap_page_fault_ends(page, start->pid, start->address, result, now);
}

/* As page_fault_end(), of a fault whose begin was not told of. */
static __always_inline __u32 page_fault_over(__u64 key, __u32 generation,
					     const struct pgmap_event_page *fault, __u64 now)
{
	struct pgmap_page_state *page = page_find(key, generation, fault->pfn);

	if (!page)
		return 0;
	pgmap_page_fault_begins(page);
	return pgmap_page_fault_ends(page, bpf_get_current_pid_tgid() >> 32, fault->address,
				     fault->result, now);
}

#endif
