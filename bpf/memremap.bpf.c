// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * One thin program for each tracepoint of system memremap: find whose event it
 * is, count it on this CPU, and send a record only for a step in the pagemap's
 * life or for a page event that a rule looks at.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "fault.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* ---- lifecycle ---- */

/* A step of a pagemap that was not seen adding, or is gone already. */
static __always_inline struct pgmap_entry *entry_for_step(void *ctx,
							  const struct dev_pagemap *pgmap,
							  __u32 id)
{
	struct pgmap_tomb *tomb = tomb_find((__u64)pgmap);
	struct subject who;

	if (!tomb)
		return entry_take_over(ctx, pgmap);
	if (!tomb->hidden) {
		subject_of_tomb(&who, (__u64)pgmap, tomb);
		submit_lifecycle(ctx, id, &who, 0);
	}
	return NULL;
}

static __always_inline int lifecycle(void *ctx, const struct dev_pagemap *pgmap, __u32 id,
				     __u32 step)
{
	__u64 key = (__u64)pgmap;
	struct pgmap_entry *entry;
	struct subject who;

	if (!attached)
		return 0;
	entry = entry_find(key);
	if (!entry)
		entry = entry_for_step(ctx, pgmap, id);
	if (!entry)
		return 0;
	entry_set_state(entry, pgmap_transition(entry->state, step)->next);
	if (step == PGMAP_STEP_KILL && !entry->killed_ns)
		entry->killed_ns = bpf_ktime_get_ns();
	if (!entry->hidden) {
		subject_of_entry(&who, key, entry);
		submit_lifecycle(ctx, id, &who, 0);
	}
	if (step == PGMAP_STEP_RELEASE)
		entry_bury(key, entry);
	return 0;
}

static __always_inline int add_success(void *ctx, const struct dev_pagemap *pgmap,
				       struct add_info *info)
{
	struct pgmap_entry fresh = { .state = PGMAP_STATE_LIVE };
	struct pgmap_entry *entry = entry_begin(pgmap, &fresh, BPF_ANY);
	struct subject who;

	if (!entry || entry->hidden)
		return 0;
	subject_of_entry(&who, (__u64)pgmap, entry);
	submit_add(ctx, pgmap, &who, info);
	return 0;
}

/*
 * Whose failure is it? Of the generation that this thread has just unwound, of
 * the pagemap that lives there (its struct was added again), or of a new one
 * that never lived.
 */
static __always_inline bool add_error_subject(const struct dev_pagemap *pgmap, struct subject *who)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 key = (__u64)pgmap;
	struct pgmap_entry *entry = entry_find(key);
	struct pgmap_tomb *tomb = tomb_find(key);
	struct pgmap_tomb fresh = {};

	if (entry) {
		subject_of_entry(who, key, entry);
		return !entry->hidden;
	}
	if (tomb && tomb->adding_tid == tid) {
		tomb->adding_tid = 0;
		subject_of_tomb(who, key, tomb);
		return !tomb->hidden;
	}
	fresh.generation = generation_next(key);
	fresh.type = describe_type(pgmap);
	fresh.hidden = filter_hides(pgmap);
	if (bpf_map_update_elem(&tombs, &key, &fresh, BPF_ANY))
		loss_count(PGMAP_LOSS_TOMBSTONES);
	subject_of_tomb(who, key, &fresh);
	return !fresh.hidden;
}

SEC("tp_btf/pgmap_add")
int BPF_PROG(pgmap_add, const struct dev_pagemap *pgmap, const char *device, int node, int error,
	     __u64 setup_ns)
{
	struct add_info info = {
		.id = PGMAP_EVENT_ADD,
		.device = device,
		.node = node,
		.error = error,
		.setup_ns = setup_ns,
	};
	struct subject who;

	if (!attached)
		return 0;
	if (!error)
		return add_success(ctx, pgmap, &info);
	if (add_error_subject(pgmap, &who))
		submit_add(ctx, pgmap, &who, &info);
	return 0;
}

static __always_inline int kill_adding(void *ctx, const struct dev_pagemap *pgmap)
{
	struct pgmap_entry fresh = {
		.state = PGMAP_STATE_KILLED,
		.adding_tid = (__u32)bpf_get_current_pid_tgid(),
		.killed_ns = bpf_ktime_get_ns(),
	};
	struct pgmap_entry *entry;
	struct subject who;

	if (!attached)
		return 0;
	entry = entry_begin(pgmap, &fresh, BPF_ANY);
	if (!entry || entry->hidden)
		return 0;
	subject_of_entry(&who, (__u64)pgmap, entry);
	submit_lifecycle(ctx, PGMAP_EVENT_KILL, &who, PGMAP_FLAG_ADDING);
	return 0;
}

SEC("tp_btf/pgmap_kill")
int BPF_PROG(pgmap_kill, const struct dev_pagemap *pgmap, bool adding)
{
	if (adding)
		return kill_adding(ctx, pgmap);
	return lifecycle(ctx, pgmap, PGMAP_EVENT_KILL, PGMAP_STEP_KILL);
}

SEC("tp_btf/pgmap_drained")
int BPF_PROG(pgmap_drained, const struct dev_pagemap *pgmap)
{
	return lifecycle(ctx, pgmap, PGMAP_EVENT_DRAINED, PGMAP_STEP_DRAINED);
}

SEC("tp_btf/pgmap_release")
int BPF_PROG(pgmap_release, const struct dev_pagemap *pgmap)
{
	return lifecycle(ctx, pgmap, PGMAP_EVENT_RELEASE, PGMAP_STEP_RELEASE);
}

/* ---- pages and faults ---- */

static __noinline void submit_page(void *ctx, __u32 id, const struct subject *who,
				   const struct pgmap_event_page *page, __u32 flags)
{
	struct pgmap_event *ev = event_reserve(id, who);

	if (!ev)
		return;
	ev->flags = flags;
	ev->u.page = *page;
	event_add_stack(ctx, ev);
	event_submit(ev);
}

/* A released pagemap's event goes out alone, others are taken over. */
static __always_inline struct pgmap_entry *entry_for_page(void *ctx,
							  const struct dev_pagemap *pgmap,
							  __u32 id,
							  const struct pgmap_event_page *page)
{
	struct pgmap_tomb *tomb = tomb_find((__u64)pgmap);
	struct subject who;

	if (!tomb)
		return entry_take_over(ctx, pgmap);
	if (!tomb->hidden) {
		subject_of_tomb(&who, (__u64)pgmap, tomb);
		submit_page(ctx, id, &who, page, 0);
	}
	return NULL;
}

/* The entry to count on, NULL if there is none or nobody wants it. */
static __always_inline struct pgmap_entry *entry_to_count(void *ctx,
							  const struct dev_pagemap *pgmap,
							  __u32 id,
							  const struct pgmap_event_page *page)
{
	struct pgmap_entry *entry;

	if (!attached)
		return NULL;
	entry = entry_find((__u64)pgmap);
	if (!entry)
		entry = entry_for_page(ctx, pgmap, id, page);
	if (!entry || entry->hidden)
		return NULL;
	return entry;
}

/* Only what breaks a rule leaves the kernel: the automaton's, or @rule of this page. */
static __always_inline void submit_if_broken(void *ctx, __u64 key, const struct pgmap_entry *entry,
					     __u32 id, __u32 step, __u32 rule,
					     const struct pgmap_event_page *page)
{
	struct subject who;

	if (!(entry->watched & 1U << step) && !rule)
		return;
	subject_of_entry(&who, key, entry);
	who.rule = rule;
	submit_page(ctx, id, &who, page, PGMAP_FLAG_COUNTED);
}

SEC("tp_btf/pgmap_page_alloc")
int BPF_PROG(pgmap_page_alloc, const struct dev_pagemap *pgmap, unsigned long pfn,
	     unsigned long pages)
{
	struct pgmap_event_page page = { .pfn = pfn, .pages = pages };
	struct pgmap_entry *entry;
	struct pgmap_counts *sums;
	__u32 rule = PGMAP_RULE_NONE;

	entry = entry_to_count(ctx, pgmap, PGMAP_EVENT_PAGE_ALLOC, &page);
	if (!entry)
		return 0;
	if (knob_pages)
		rule = page_begin(ctx, pgmap, entry, &page);
	submit_if_broken(ctx, (__u64)pgmap, entry, PGMAP_EVENT_PAGE_ALLOC, PGMAP_STEP_ALLOC,
			 rule, &page);
	sums = counts_of(entry);
	if (!sums)
		return 0;
	sums->allocs++;
	sums->alloc_pages += pages;
	return 0;
}

SEC("tp_btf/pgmap_page_free")
int BPF_PROG(pgmap_page_free, const struct dev_pagemap *pgmap, unsigned long pfn,
	     unsigned long pages)
{
	struct pgmap_event_page page = { .pfn = pfn, .pages = pages };
	struct pgmap_entry *entry;
	struct pgmap_counts *sums;
	__u32 rule = PGMAP_RULE_NONE;

	entry = entry_to_count(ctx, pgmap, PGMAP_EVENT_PAGE_FREE, &page);
	if (!entry)
		return 0;
	if (knob_pages)
		rule = page_end(pgmap, entry, &page);
	submit_if_broken(ctx, (__u64)pgmap, entry, PGMAP_EVENT_PAGE_FREE, PGMAP_STEP_FREE,
			 rule, &page);
	sums = counts_of(entry);
	if (!sums)
		return 0;
	sums->frees++;
	sums->free_pages += pages;
	return 0;
}

SEC("tp_btf/pgmap_fault_enter")
int BPF_PROG(pgmap_fault_enter, const struct dev_pagemap *pgmap, unsigned long address,
	     unsigned long pfn)
{
	struct pgmap_event_page page = { .pfn = pfn, .address = address };
	struct pgmap_entry *entry;
	struct pgmap_counts *sums;

	entry = entry_to_count(ctx, pgmap, PGMAP_EVENT_FAULT_ENTER, &page);
	if (!entry)
		return 0;
	submit_if_broken(ctx, (__u64)pgmap, entry, PGMAP_EVENT_FAULT_ENTER, PGMAP_STEP_FAULT,
			 PGMAP_RULE_NONE, &page);
	sums = counts_of(entry);
	if (!sums)
		return 0;
	sums->fault_enters++;
	fault_begin((__u64)pgmap, entry, &page);
	return 0;
}

SEC("tp_btf/pgmap_fault_exit")
int BPF_PROG(pgmap_fault_exit, const struct dev_pagemap *pgmap, unsigned long address,
	     unsigned long pfn, vm_fault_t result)
{
	__u64 now = bpf_ktime_get_ns();
	struct pgmap_event_page page = { .pfn = pfn, .address = address, .result = result };
	struct pgmap_entry *entry;
	struct pgmap_counts *sums;

	entry = entry_to_count(ctx, pgmap, PGMAP_EVENT_FAULT_EXIT, &page);
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
				 PGMAP_RULE_FAULT_NO_PROGRESS, &page);
	return 0;
}

/* ---- look-ups (--probe-get) ---- */

/* Was the kill so long ago that no look-up that returns now can have begun before it? */
static __always_inline bool is_dying_for_long(__u64 killed_ns)
{
	return killed_ns && bpf_ktime_get_ns() - killed_ns > PGMAP_GET_GRACE_NS;
}

SEC("?fexit/get_dev_pagemap")
int BPF_PROG(pgmap_get, unsigned long pfn, struct dev_pagemap *given, struct dev_pagemap *got)
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

/* ---- pagemaps older than the observer that user space has found ---- */

/*
 * Takes over the pagemap at address[0], which was live after all programs were attached.
 * Returns 1, or 0 if it is known: its add or its release was seen.
 */
SEC("raw_tp")
int adopt(const __u64 *address)
{
	const struct dev_pagemap *pgmap = (const void *)address[0];

	if (!pgmap || entry_find((__u64)pgmap) || tomb_find((__u64)pgmap))
		return 0;
	return entry_take_over((void *)address, pgmap) != NULL;
}
