/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * From calls of the kernel's own functions to the events of a pagemap's life, for kernels
 * without our tracepoints: what is known only at a function's entry is kept until its return.
 */
#ifndef PGMAP_FUNCTIONS_BPF_H
#define PGMAP_FUNCTIONS_BPF_H

#include "life.bpf.h"
#include "use.bpf.h"

/* ---- calls under way ---- */

static __always_inline void call_begin(enum pgmap_call_id id, const void *argument, int node)
{
	struct pgmap_call_key key = {
		.tid = (__u32)bpf_get_current_pid_tgid(),
		.call = id,
	};
	struct pgmap_call call = {
		.time_ns = bpf_ktime_get_ns(),
		.argument = (__u64)argument,
		.node = node,
	};

	if (bpf_map_update_elem(&calls, &key, &call, BPF_ANY))
		loss_count(PGMAP_LOSS_CALLS);
}

static __always_inline bool call_end(enum pgmap_call_id id, struct pgmap_call *call)
{
	struct pgmap_call_key key = {
		.tid = (__u32)bpf_get_current_pid_tgid(),
		.call = id,
	};
	struct pgmap_call *found = bpf_map_lookup_elem(&calls, &key);

	if (!found)
		return false;
	*call = *found;
	bpf_map_delete_elem(&calls, &key);
	return true;
}

static __always_inline bool is_adding_here(const struct dev_pagemap *pgmap)
{
	struct pgmap_call_key key = {
		.tid = (__u32)bpf_get_current_pid_tgid(),
		.call = PGMAP_CALL_ADD,
	};
	struct pgmap_call *call = bpf_map_lookup_elem(&calls, &key);

	return call && call->argument == (__u64)pgmap;
}

/* ---- lifecycle ---- */

/* Whose faults are going to be seen must be known before the first of them. */
static __always_inline void submit_begin(const struct dev_pagemap *pgmap)
{
	struct subject who = { .pgmap = (__u64)pgmap, .type = describe_type(pgmap) };
	struct pgmap_event *ev;

	if (who.type != PGMAP_TYPE_PRIVATE || filter_hides(pgmap))
		return;
	ev = event_reserve(PGMAP_EVENT_BEGIN, &who);
	if (!ev)
		return;
	ev->u.add.callback = describe_callback(pgmap);
	event_submit(ev);
}

static __always_inline int enter_add(const struct dev_pagemap *pgmap, int node)
{
	call_begin(PGMAP_CALL_ADD, pgmap, node);
	if (attached)
		submit_begin(pgmap);
	return 0;
}

enum { MAX_ERRNO = 4095 };

static __always_inline int exit_add(void *ctx, __s64 address)
{
	bool failed = address < 0 && address >= -MAX_ERRNO;
	struct add_info info = {
		.id = PGMAP_EVENT_ADD,
		.error = failed ? address : 0,
	};
	struct pgmap_call call;

	if (!call_end(PGMAP_CALL_ADD, &call))
		return 0;
	info.node = call.node;
	info.device = describe_device((const struct dev_pagemap *)call.argument);
	info.setup_ns = bpf_ktime_get_ns() - call.time_ns;
	return on_add(ctx, (const struct dev_pagemap *)call.argument, &info);
}

static __always_inline int enter_unmap(void *ctx, const struct dev_pagemap *pgmap)
{
	struct pgmap_entry *entry;

	call_begin(PGMAP_CALL_UNMAP, pgmap, 0);
	on_kill(ctx, pgmap, is_adding_here(pgmap));
	entry = entry_find((__u64)pgmap);
	if (entry && pgmap_ref_is_lent(pgmap))
		entry->ref_is_lent = 1;
	return 0;
}

static __always_inline int exit_unmap(void *ctx)
{
	struct pgmap_call call;

	if (!call_end(PGMAP_CALL_UNMAP, &call))
		return 0;
	return on_release(ctx, (const struct dev_pagemap *)call.argument);
}

/*
 * Of a pagemap without a kill that we saw, the return of the function that waits for this
 * will not be seen either: it was entered before we came. Or it is the unwinding of an add
 * that does not go through memunmap_pages(): the failure of the add tells of that.
 */
static __always_inline int ref_released(void *ctx, const void *ref)
{
	const struct dev_pagemap *pgmap = pgmap_of_ref(ref);
	struct pgmap_entry *entry = entry_find((__u64)pgmap);

	if (!entry || (entry->partial && !entry->killed_ns))
		return 0;
	return on_drained(ctx, pgmap);
}

/* ---- pages ---- */

static __always_inline unsigned long pages_of_order(__u32 order)
{
	return 1UL << (order & 31);
}

/* @given may be NULL: older kernels do not pass it. */
static __always_inline int page_init(void *ctx, const void *page, const void *given, __u32 order)
{
	const struct dev_pagemap *pgmap = given ? given : pgmap_of_page(page);
	struct pgmap_counts *sums = calm_counts((__u64)pgmap);
	unsigned long pages = pages_of_order(order);

	if (!sums)
		return on_alloc(ctx, pgmap, pfn_of_page(page), pages, knob_own_frames);
	count_alloc(sums, pages);
	return 0;
}

static __always_inline int folio_free(void *ctx, const void *folio)
{
	struct page_words words = { 0 };
	struct pgmap_counts *sums;
	__u64 pages;

	words_of_page(folio, &words);
	sums = calm_counts((__u64)words.pgmap);
	pages = pages_of_folio(folio, words.flags);
	if (!sums)
		return on_free(ctx, words.pgmap, pfn_of_page(folio), pages, knob_own_frames);
	count_free(sums, pages);
	return 0;
}

/* ---- the driver's migrate_to_ram() ---- */

/* These are probes in each backend. */
enum { OWN_FRAMES_OF_PROBE = 0 };

/* Is it one that is known, or does it look like one? */
static __always_inline bool is_pagemap(const struct dev_pagemap *pgmap)
{
	return entry_find((__u64)pgmap) || describe_type(pgmap) == PGMAP_TYPE_PRIVATE;
}

static __always_inline int enter_fault(void *ctx, const struct vm_fault *fault)
{
	const struct page *page = BPF_CORE_READ(fault, page);
	const struct dev_pagemap *pgmap = pgmap_of_page(page_head(page));

	if (!is_pagemap(pgmap)) {
		loss_count(PGMAP_LOSS_FAULT_PROBE);
		return 0;
	}
	return on_fault_enter(ctx, pgmap, BPF_CORE_READ(fault, address), pfn_of_page(page),
			      OWN_FRAMES_OF_PROBE);
}

/* A return says nothing of whose it is: the entry has. */
static __always_inline int exit_fault(void *ctx, vm_fault_t result)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();
	struct pgmap_fault_start *start = bpf_map_lookup_elem(&fault_starts, &tid);

	if (start)
		return on_fault_exit(ctx, (const struct dev_pagemap *)start->pgmap, start->address,
				     start->pfn, result, OWN_FRAMES_OF_PROBE);
	/* that of a pagemap which is filtered out has no start on purpose */
	if (attached && !knob_pgmap && !knob_type && !knob_driver[0])
		loss_count(PGMAP_LOSS_STRAY_EXIT);
	return 0;
}

/* ---- do_swap_page(), where that function cannot be probed ---- */

/* A kernel has room for fewer swap devices, so what has such a number is no swap. */
enum { SWAP_TYPE_SHIFT = 59, LEAST_SPECIAL_TYPE = 16 };

/* Swap is what this function is for: get out of its way at once. */
static __always_inline bool may_be_device_entry(const struct vm_fault *fault)
{
#if defined(__TARGET_ARCH_x86)
	return BPF_CORE_READ(fault, orig_pte.pte) >> SWAP_TYPE_SHIFT >= LEAST_SPECIAL_TYPE;
#else
	return true;
#endif
}

static __always_inline int enter_swap(const struct vm_fault *fault)
{
	if (!may_be_device_entry(fault))
		return 0;
	call_begin(PGMAP_CALL_SWAP, fault, 0);
	if (knob_by == PGMAP_BY_PHASE)
		phases_begin();
	return 0;
}

/* Is the entry's pagemap one of those whose handler cannot be probed? */
static __always_inline bool is_unprobed(const struct pgmap_entry *entry,
					const struct dev_pagemap *pgmap)
{
	__u64 handler;

	if (entry->type != PGMAP_TYPE_PRIVATE)
		return false;
	handler = describe_callback(pgmap);
	return bpf_map_lookup_elem(&unprobed, &handler);
}

/*
 * That the entry was a device page is known once its page has been looked up: so it is at
 * the return that both ends of the fault are told of, and no rule can look in between.
 */
static __always_inline bool swap_was_fault(void *ctx, vm_fault_t result, __u32 own_frames)
{
	struct pgmap_event_page what = { .result = result };
	const struct dev_pagemap *pgmap;
	const struct vm_fault *fault;
	const struct page *page;
	struct pgmap_entry *entry;
	struct pgmap_call call;

	if (!call_end(PGMAP_CALL_SWAP, &call))
		return false;
	fault = (const struct vm_fault *)call.argument;
	page = BPF_CORE_READ(fault, page);
	if (!page)
		return false;
	/* of a page of RAM this is anything, but the address of no pagemap */
	pgmap = pgmap_of_page(page_head(page));
	entry = entry_find((__u64)pgmap);
	if (!entry || !is_unprobed(entry, pgmap))
		return false;
	what.pfn = pfn_of_page(page);
	what.address = BPF_CORE_READ(fault, address);
	on_fault(ctx, (__u64)pgmap, entry, &what, call.time_ns, own_frames);
	return true;
}

static __always_inline int exit_swap(void *ctx, vm_fault_t result, __u32 own_frames)
{
	if (!swap_was_fault(ctx, result, own_frames) && knob_by == PGMAP_BY_PHASE)
		phases_forget();
	return 0;
}

#endif
