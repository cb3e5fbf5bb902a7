/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Fault latency: a start for each thread, a bucket for each pair. A start or
 * an end without its other half is counted, never turned into a latency.
 */
#ifndef PGMAP_FAULT_BPF_H
#define PGMAP_FAULT_BPF_H

#include "entry.bpf.h"
#include "group.bpf.h"

/*
 * This and the end are not inlined: what they need has no room on the stack of a program that
 * may also take over a pagemap.
 */
static __noinline void fault_begin(__u64 key, const struct pgmap_entry *entry,
				   const struct pgmap_event_page *page)
{
	__u64 task = bpf_get_current_pid_tgid();
	__u32 tid = task;
	struct pgmap_fault_start *old = bpf_map_lookup_elem(&fault_starts, &tid);
	struct pgmap_fault_start start = {
		.time_ns = bpf_ktime_get_ns(),
		.pgmap = key,
		.address = page->address,
		.pfn = page->pfn,
		.generation = entry->generation,
		.type = entry->type,
		.pid = task >> 32,
	};

	if (old) {
		loss_count(PGMAP_LOSS_OPEN_FAULT);
		if (knob_pages)
			page_fault_forget(old);
	}
	if (knob_pages)
		page_fault_begin(&start);
	if (bpf_map_update_elem(&fault_starts, &tid, &start, BPF_ANY)) {
		loss_count(PGMAP_LOSS_FAULTS);
		if (knob_pages)
			page_fault_forget(&start);
	}
	if (knob_by == PGMAP_BY_PHASE)
		phases_begin();
}

/* User space sleeps while no record comes: one that is thrown away has it look all the same. */
static __always_inline void wake_reader(void)
{
	void *nothing = bpf_ringbuf_reserve(&events, sizeof(__u64), 0);

	if (nothing)
		bpf_ringbuf_discard(nothing, BPF_RB_FORCE_WAKEUP);
}

/* There is one key more in the map. Not at each: that another CPU wakes, too, does no harm. */
static __always_inline void latency_key_added(__u32 odd)
{
	__u32 keys;

	__sync_fetch_and_add(&latency_keys[odd], 1);
	keys = *(volatile __u32 *)&latency_keys[odd];
	if (keys >= PGMAP_MANY_LATENCIES && !(keys % 64))
		wake_reader();
}

static __always_inline struct pgmap_hist_sum *latency_of(void *map, __u32 odd, __u32 key)
{
	struct pgmap_hist_sum zero = {}, *sum = bpf_map_lookup_elem(map, &key);

	if (sum)
		return sum;
	/* another CPU may do the same: the one that loses finds it below */
	if (!bpf_map_update_elem(map, &key, &zero, BPF_NOEXIST))
		latency_key_added(odd);
	return bpf_map_lookup_elem(map, &key);
}

static __always_inline void latency_count(__u32 slot, __u64 ns)
{
	__u32 key = pgmap_hist_key(slot, pgmap_hist_bucket(ns));
	struct pgmap_hist_sum *sum;

	if (*(volatile __u32 *)&latency_turn & 1)
		sum = latency_of(&latencies_odd, 1, key);
	else
		sum = latency_of(&latencies, 0, key);
	if (!sum) {
		loss_count(PGMAP_LOSS_BUCKETS);
		return;
	}
	__sync_fetch_and_add(&sum->count, 1);
	__sync_fetch_and_add(&sum->sum_ns, ns);
}

/* Returns how often the fault has come in vain, if that is too often (--pages). */
static __noinline __u32 fault_end(__u64 key, const struct pgmap_entry *entry,
				  struct pgmap_counts *sums, __u32 result, __u64 now)
{
	__u32 tid = bpf_get_current_pid_tgid(), times = 0;
	/* not copied: with what is called from here the stack has no room for it */
	struct pgmap_fault_start *start = bpf_map_lookup_elem(&fault_starts, &tid);
	__u64 ns;

	if (!start || start->pgmap != key || start->generation != entry->generation) {
		loss_count(PGMAP_LOSS_STRAY_EXIT);
	} else {
		ns = now - start->time_ns;
		if (ns > sums->fault_max_ns)
			sums->fault_max_ns = ns;
		latency_count(entry->slot, ns);
		if (knob_by)
			group_fault(ns);
		if (knob_pages)
			times = page_fault_end(start, result, now);
	}
	if (start)
		bpf_map_delete_elem(&fault_starts, &tid);
	return times;
}

#endif
