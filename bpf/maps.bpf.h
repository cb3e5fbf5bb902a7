/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The maps. All but `pgmap_pages` are allocated before the first event: a page
 * may be freed where no memory is to be had, and watching must not take more of
 * it the more there is to watch.
 */
#ifndef PGMAP_MAPS_BPF_H
#define PGMAP_MAPS_BPF_H

#include <pgmap/event.h>
#include <pgmap/grouping.h>
#include <pgmap/histogram.h>

enum {
	PGMAP_MAX_PGMAPS	= 16384,
	PGMAP_MAX_TOMBS		= 8192,
	/* Far below PGMAP_MAX_TOMBS: an LRU map may evict before it is full. */
	PGMAP_SURE_TOMBS	= 1024,
	PGMAP_MAX_FAULTS	= 16384,
	PGMAP_MAX_CALLS		= 16384,
	PGMAP_MAX_HANDLERS	= 256,
	/* 5.5 MiB */
	PGMAP_MAX_BUCKETS	= 65536,
	/* Far more than there are ways to an allocation: two in one place lose one. */
	PGMAP_MAX_STACKS	= 16384,
};

/* The pagemap at an address, from its add to its release. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PGMAP_MAX_PGMAPS);
	__type(key, __u64);
	__type(value, struct pgmap_entry);
} pgmaps SEC(".maps");

/* Groups of cells that a CPU is putting a pagemap into (calm.bpf.h). */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u8);
} calm_held SEC(".maps");

/* The last one released at an address; the oldest are forgotten. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, PGMAP_MAX_TOMBS);
	__type(key, __u64);
	__type(value, struct pgmap_tomb);
} tombs SEC(".maps");

/*
 * Counters by slot. Each generation has a slot of its own, so that two never
 * mix; slot 0 is for those that came when all slots were taken.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);	/* set before load */
	__type(key, __u32);
	__type(value, struct pgmap_counts);
} counts SEC(".maps");

/* Free slots: user space fills it and gives back what it has read for good. */
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 1);	/* set before load */
	__type(value, __u32);
} slots SEC(".maps");

/* Faults being handled, by thread. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PGMAP_MAX_FAULTS);
	__type(key, __u32);
	__type(value, struct pgmap_fault_start);
} fault_starts SEC(".maps");

/* Threads in a function whose return is to be paired with its entry. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PGMAP_MAX_CALLS);
	__type(key, struct pgmap_call_key);
	__type(value, struct pgmap_call);
} calls SEC(".maps");

/* Functions of drivers that handle faults and cannot be probed: see swap_returns(). */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PGMAP_MAX_HANDLERS);
	__type(key, __u64);
	__type(value, __u32);
} unprobed SEC(".maps");

/*
 * Number and sum of faults by pgmap_hist_key(slot, bucket of the latency in ns), since user
 * space has last emptied it. While it does so the programs fill the other one (latency_turn).
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PGMAP_MAX_LATENCIES);
	__type(key, __u32);
	__type(value, struct pgmap_hist_sum);
} latencies SEC(".maps"), latencies_odd SEC(".maps");

/*
 * The same, since the start, by thread name, CPU or phase: created only for who asks for that
 * (knob_by).
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PGMAP_MAX_BUCKETS);
	__type(key, struct pgmap_group_key);
	__type(value, struct pgmap_group_value);
} groups SEC(".maps");

/* Where the faults being handled are, by thread: created only for who asks for phases. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PGMAP_MAX_FAULTS);
	__type(key, __u32);
	__type(value, struct pgmap_fault_phases);
} fault_phases SEC(".maps");

/*
 * Pages in use, by the first frame. By its nature it allocates for each, but takes no
 * more than --pages says; without that it is not even created, nor are the stacks.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);	/* set before load */
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct pgmap_page_state);
} pgmap_pages SEC(".maps");

/* Kernel stacks that allocated them. */
struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, PGMAP_MAX_STACKS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, PGMAP_MAX_FRAMES * sizeof(__u64));
} pgmap_stacks SEC(".maps");

/* Records put into `events`, by enum pgmap_event_id. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PGMAP_NR_EVENTS);
	__type(key, __u32);
	__type(value, __u64);
} sent SEC(".maps");

/* What could not be recorded, by enum pgmap_loss. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PGMAP_NR_LOSSES);
	__type(key, __u32);
	__type(value, __u64);
} losses SEC(".maps");

/* struct pgmap_event: lifecycle and exceptions. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1024 * 1024);
} events SEC(".maps");

/*
 * Set once all programs are attached, which happens one after the other: until
 * then each would see a life with holes, such as an add but not its kill.
 */
__u32 attached;

/* Goes up each time that the programs are to fill the other map of latencies. */
__u32 latency_turn;

/* Keys in each of the two since it was emptied. */
__u32 latency_keys[2];

/* Adds so far, also failed ones: bounds the generations ever given out. */
__u32 adds;

#endif
