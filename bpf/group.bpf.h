/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Fault latency by what no pagemap knows: the thread, the CPU, the phase. All of it is there
 * only for who asks (knob_by).
 */
#ifndef PGMAP_GROUP_BPF_H
#define PGMAP_GROUP_BPF_H

#include "maps.bpf.h"

/*
 * Functions of their own, since what they need has no room on the stack of those who go on to
 * send records. @phase: none but with knob_by PHASE.
 */
static __noinline int group_count(__u32 phase, __u64 ns)
{
	struct pgmap_group_key key = { .bucket = pgmap_hist_bucket(ns), .number = phase };
	struct pgmap_group_value zero = {}, *value;

	if (knob_by == PGMAP_BY_COMM)
		bpf_get_current_comm(key.comm, sizeof(key.comm));
	else if (knob_by == PGMAP_BY_CPU)
		key.number = bpf_get_smp_processor_id();
	value = bpf_map_lookup_elem(&groups, &key);
	if (!value) {
		bpf_map_update_elem(&groups, &key, &zero, BPF_NOEXIST);
		value = bpf_map_lookup_elem(&groups, &key);
	}
	if (!value) {
		loss_count(PGMAP_LOSS_BUCKETS);
		return 0;
	}
	__sync_fetch_and_add(&value->count, 1);
	__sync_fetch_and_add(&value->sum_ns, ns);
	/* two threads may meet here: what is lost then is in the same bucket, 3 % at most */
	if (ns > value->max_ns)
		value->max_ns = ns;
	return 0;
}

/* A fault begins, in its driver. */
static __noinline int phases_begin(void)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct pgmap_fault_phases fresh = {
		.begin_ns = bpf_ktime_get_ns(),
		.phase = PGMAP_PHASE_DRIVER,
	};

	fresh.since_ns = fresh.begin_ns;
	if (bpf_map_update_elem(&fault_phases, &tid, &fresh, BPF_ANY))
		loss_count(PGMAP_LOSS_FAULTS);
	return 0;
}

static __always_inline void phase_leave(struct pgmap_fault_phases *phases, __u32 phase, __u64 now)
{
	if (phase < PGMAP_NR_PHASES) {
		phases->ns[phase] += now - phases->since_ns;
		phases->met |= 1U << phase;
	}
	phases->since_ns = now;
}

/* The thread goes on to @phase, if it is in a fault. */
static __always_inline int phase_next(__u32 phase)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct pgmap_fault_phases *phases = bpf_map_lookup_elem(&fault_phases, &tid);

	if (!phases)
		return 0;
	phase_leave(phases, phases->phase, bpf_ktime_get_ns());
	phases->phase = phase;
	return 0;
}

/* It ends; what was to be copied and never migrated was no copy. */
static __noinline int phases_end(void)
{
	__u32 tid = bpf_get_current_pid_tgid(), i;
	struct pgmap_fault_phases *phases = bpf_map_lookup_elem(&fault_phases, &tid);
	__u64 now = bpf_ktime_get_ns();

	if (!phases)
		return 0;
	phase_leave(phases, phases->phase == PGMAP_PHASE_COPY ? PGMAP_PHASE_DRIVER : phases->phase,
		    now);
	phases->ns[PGMAP_PHASE_WHOLE] = now - phases->begin_ns;
	phases->met |= 1U << PGMAP_PHASE_WHOLE;
	for (i = 0; i < PGMAP_NR_PHASES; i++)
		if (phases->met & 1U << i)
			group_count(i, phases->ns[i]);
	bpf_map_delete_elem(&fault_phases, &tid);
	return 0;
}

/* It was no fault on device memory. */
static __noinline int phases_forget(void)
{
	__u32 tid = bpf_get_current_pid_tgid();

	bpf_map_delete_elem(&fault_phases, &tid);
	return 0;
}

/* A fault that took @ns is over. */
static __always_inline void group_fault(__u64 ns)
{
	if (knob_by == PGMAP_BY_PHASE)
		phases_end();
	else
		group_count(0, ns);
}

#endif
