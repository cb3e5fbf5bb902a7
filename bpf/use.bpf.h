/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What the use of device pages leads to, whichever program saw it: an alloc, a free, a
 * fault is counted on this CPU, and sent only if it breaks a rule.
 */
#ifndef PGMAP_USE_BPF_H
#define PGMAP_USE_BPF_H

#include "fault.bpf.h"

static __noinline void submit_page(void *ctx, __u32 id, const struct subject *who,
				   const struct pgmap_event_page *page, __u32 flags)
{
	struct pgmap_event *ev = event_reserve(id, who);

	if (!ev)
		return;
	ev->flags = flags;
	ev->u.page = *page;
	event_add_stack(ctx, ev, who);
	event_submit(ev);
}

/* A released pagemap's event goes out alone, others are taken over. */
static __always_inline struct pgmap_entry *entry_for_page(void *ctx,
							  const struct dev_pagemap *pgmap,
							  __u32 id,
							  const struct pgmap_event_page *page,
							  __u32 own_frames)
{
	struct pgmap_tomb *tomb = tomb_find((__u64)pgmap);
	struct subject who;

	if (!tomb)
		return entry_take_over(ctx, pgmap);
	if (!tomb->hidden) {
		subject_of_tomb(&who, (__u64)pgmap, tomb);
		who.own_frames = own_frames;
		submit_page(ctx, id, &who, page, 0);
	}
	return NULL;
}

/* The entry to count on, NULL if there is none or nobody wants it. */
static __always_inline struct pgmap_entry *entry_to_count(void *ctx,
							  const struct dev_pagemap *pgmap,
							  __u32 id,
							  const struct pgmap_event_page *page,
							  __u32 own_frames)
{
	struct pgmap_entry *entry;

	if (!attached)
		return NULL;
	entry = entry_find((__u64)pgmap);
	if (!entry)
		entry = entry_for_page(ctx, pgmap, id, page, own_frames);
	if (!entry || entry->hidden)
		return NULL;
	return entry;
}

/* Only what breaks a rule leaves the kernel: the automaton's, or @rule of this page. */
static __always_inline void submit_if_broken(void *ctx, __u64 key, const struct pgmap_entry *entry,
					     __u32 id, __u32 step, __u32 rule,
					     const struct pgmap_event_page *page,
					     __u32 own_frames)
{
	struct subject who;

	if (!(entry->watched & 1U << step) && !rule)
		return;
	subject_of_entry(&who, key, entry);
	who.rule = rule;
	who.own_frames = own_frames;
	submit_page(ctx, id, &who, page, PGMAP_FLAG_COUNTED);
}

static __always_inline int on_alloc(void *ctx, const struct dev_pagemap *pgmap,
				    unsigned long pfn, unsigned long pages,
				    __u32 own_frames)
{
	struct pgmap_event_page page = { .pfn = pfn, .pages = pages };
	struct pgmap_entry *entry;
	struct pgmap_counts *sums;
	__u32 rule = PGMAP_RULE_NONE;

	entry = entry_to_count(ctx, pgmap, PGMAP_EVENT_PAGE_ALLOC, &page, own_frames);
	if (!entry)
		return 0;
	if (knob_pages)
		rule = page_begin(ctx, pgmap, entry, &page, own_frames);
	submit_if_broken(ctx, (__u64)pgmap, entry, PGMAP_EVENT_PAGE_ALLOC, PGMAP_STEP_ALLOC,
			 rule, &page, own_frames);
	sums = counts_of(entry);
	if (sums)
		count_alloc(sums, pages);
	return 0;
}

static __always_inline int on_free(void *ctx, const struct dev_pagemap *pgmap,
				   unsigned long pfn, unsigned long pages,
				   __u32 own_frames)
{
	struct pgmap_event_page page = { .pfn = pfn, .pages = pages };
	struct pgmap_entry *entry;
	struct pgmap_counts *sums;
	__u32 rule = PGMAP_RULE_NONE;

	entry = entry_to_count(ctx, pgmap, PGMAP_EVENT_PAGE_FREE, &page, own_frames);
	if (!entry)
		return 0;
	if (knob_pages)
		rule = page_end(pgmap, entry, &page);
	submit_if_broken(ctx, (__u64)pgmap, entry, PGMAP_EVENT_PAGE_FREE, PGMAP_STEP_FREE,
			 rule, &page, own_frames);
	sums = counts_of(entry);
	if (sums)
		count_free(sums, pages);
	return 0;
}

/* Faults may be seen by other programs than the rest, hence @own_frames (struct subject). */
static __always_inline int on_fault_enter(void *ctx, const struct dev_pagemap *pgmap,
					  unsigned long address, unsigned long pfn,
					  __u32 own_frames)
{
	struct pgmap_event_page page = { .pfn = pfn, .address = address };
	struct pgmap_entry *entry;
	struct pgmap_counts *sums;

	entry = entry_to_count(ctx, pgmap, PGMAP_EVENT_FAULT_ENTER, &page, own_frames);
	if (!entry)
		return 0;
	submit_if_broken(ctx, (__u64)pgmap, entry, PGMAP_EVENT_FAULT_ENTER, PGMAP_STEP_FAULT,
			 PGMAP_RULE_NONE, &page, own_frames);
	sums = counts_of(entry);
	if (!sums)
		return 0;
	sums->fault_enters++;
	fault_begin((__u64)pgmap, entry, &page);
	return 0;
}

static __always_inline int on_fault_exit(void *ctx, const struct dev_pagemap *pgmap,
					 unsigned long address, unsigned long pfn,
					 vm_fault_t result, __u32 own_frames)
{
	__u64 now = bpf_ktime_get_ns();
	struct pgmap_event_page page = { .pfn = pfn, .address = address, .result = result };
	struct pgmap_entry *entry;
	struct pgmap_counts *sums;

	entry = entry_to_count(ctx, pgmap, PGMAP_EVENT_FAULT_EXIT, &page, own_frames);
	if (!entry)
		return 0;
	sums = counts_of(entry);
	if (!sums)
		return 0;
	sums->faults++;
	if (result & PGMAP_FAULT_ERRORS)
		sums->fault_errors++;
	page.times = fault_end((__u64)pgmap, entry, sums, result, now);
	if (page.times && has_page_rules(entry))
		submit_if_broken(ctx, (__u64)pgmap, entry, PGMAP_EVENT_FAULT_EXIT, PGMAP_STEP_NONE,
				 PGMAP_RULE_FAULT_NO_PROGRESS, &page, own_frames);
	return 0;
}

/*
 * Both ends of a fault that began at @begin_ns, told of when it is over. It is that of a
 * pagemap which is known: nothing is left for it to be taken over by.
 */
static __always_inline void on_fault(void *ctx, __u64 key, const struct pgmap_entry *entry,
				     struct pgmap_event_page *page, __u64 begin_ns,
				     __u32 own_frames)
{
	__u64 now = bpf_ktime_get_ns();
	struct pgmap_counts *sums;

	if (!attached || entry->hidden)
		return;
	submit_if_broken(ctx, key, entry, PGMAP_EVENT_FAULT_ENTER, PGMAP_STEP_FAULT,
			 PGMAP_RULE_NONE, page, own_frames);
	sums = counts_of(entry);
	if (!sums)
		return;
	sums->fault_enters++;
	sums->faults++;
	if (page->result & PGMAP_FAULT_ERRORS)
		sums->fault_errors++;
	if (now - begin_ns > sums->fault_max_ns)
		sums->fault_max_ns = now - begin_ns;
	latency_count(entry->slot, now - begin_ns);
	if (knob_by)
		group_fault(now - begin_ns);
	if (!knob_pages)
		return;
	page->times = page_fault_over(key, entry->generation, page, now);
	if (page->times && has_page_rules(entry))
		submit_if_broken(ctx, key, entry, PGMAP_EVENT_FAULT_EXIT, PGMAP_STEP_NONE,
				 PGMAP_RULE_FAULT_NO_PROGRESS, page, own_frames);
}

/* ---- look-ups (--probe-get) ---- */

/* Was the kill so long ago that no look-up that returns now can have begun before it? */
static __always_inline bool is_dying_for_long(__u64 killed_ns)
{
	return killed_ns && bpf_ktime_get_ns() - killed_ns > PGMAP_GET_GRACE_NS;
}

/* get_dev_pagemap() was given @given and gave @got. */
static __always_inline int on_get(void *ctx, unsigned long pfn, const void *given,
				  const struct dev_pagemap *got)
{
	struct pgmap_event_page page = { .pfn = pfn };
	__u64 key = (__u64)got;
	struct pgmap_entry *entry;
	struct pgmap_tomb *tomb;
	struct subject who;

	/* with a pagemap given it may be that one, which is pinned and no look-up */
	if (given || !got)
		return 0;
	entry = entry_find(key);
	tomb = entry ? NULL : tomb_find(key);
	if (entry && !entry->hidden && is_dying_for_long(entry->killed_ns))
		subject_of_entry(&who, key, entry);
	else if (tomb && !tomb->hidden && is_dying_for_long(tomb->killed_ns))
		subject_of_tomb(&who, key, tomb);
	else
		return 0;
	who.rule = PGMAP_RULE_GET_AFTER_KILL;
	submit_page(ctx, PGMAP_EVENT_GET, &who, &page, PGMAP_FLAG_COUNTED);
	return 0;
}

#endif
