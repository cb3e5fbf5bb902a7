/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The one record that every source hands to the core, and the keys and values
 * of the BPF maps. Data only: each enum is listed once, in an X-macro.
 */
#ifndef PGMAP_EVENT_H
#define PGMAP_EVENT_H

#include <linux/types.h>

/* Tracepoint names without their system; those from SEEN on exist in records only. */
#define PGMAP_EVENTS(X)	\
	X(ADD, "pgmap_add")	\
	X(KILL, "pgmap_kill")	\
	X(DRAINED, "pgmap_drained")	\
	X(RELEASE, "pgmap_release")	\
	X(PAGE_ALLOC, "pgmap_page_alloc")	\
	X(PAGE_FREE, "pgmap_page_free")	\
	X(FAULT_ENTER, "pgmap_fault_enter")	\
	X(FAULT_EXIT, "pgmap_fault_exit")	\
	/* a pagemap older than the observer showed itself for the first time */	\
	X(SEEN, "pgmap_seen")	\
	/* more ranges of the ADD or SEEN before it */	\
	X(RANGE, "pgmap_range")	\
	/* get_dev_pagemap() gave out a dying pagemap (--probe-get) */	\
	X(GET, "pgmap_get")	\
	/* memremap_pages() was entered: for the source alone */	\
	X(BEGIN, "pgmap_begin")	\
	/* a fault that entered long ago has not left yet */	\
	X(FAULT_OPEN, "pgmap_fault_open")	\
	/* time went by: about no pagemap */	\
	X(TICK, "pgmap_tick")

/* Numbers are ours: the kernel moved its own when COHERENT came in. */
#define PGMAP_TYPES(X)	\
	X(PRIVATE)	\
	X(COHERENT)	\
	X(FS_DAX)	\
	X(GENERIC)	\
	X(PCI_P2PDMA)

/*
 * Why something is missing. Each of these makes the verdict inconclusive but two.
 * STRAY_EXIT: faults that were already running at attach end without a start.
 * STACKS: a page is without the stack that allocated it, which no rule looks at.
 */
#define PGMAP_LOSSES(X)	\
	X(RINGBUF, "ring_buffer_full")	\
	X(PGMAPS, "pagemap_table_full")	\
	X(TOMBSTONES, "tombstone_table_full")	\
	X(SLOTS, "counter_slots_used_up")	\
	X(FAULTS, "fault_table_full")	\
	X(BUCKETS, "latency_table_full")	\
	X(CALLS, "call_table_full")	\
	X(PAGES, "page_table_full")	\
	X(STACKS, "stack_table_full")	\
	X(OPEN_FAULT, "fault_without_exit")	\
	X(STRAY_EXIT, "fault_without_enter")	\
	X(RANGES, "ranges_past_limit")	\
	X(RECURSION, "program_skipped")	\
	X(FAULT_PROBE, "fault_handler_unprobed")	\
	X(LATE, "event_too_late")

enum pgmap_event_id {
	PGMAP_EVENT_NONE,
#define X(id, ...) PGMAP_EVENT_##id,
	PGMAP_EVENTS(X)
#undef X
	PGMAP_NR_EVENTS
};

enum pgmap_type {
	PGMAP_TYPE_NONE,
#define X(id) PGMAP_TYPE_##id,
	PGMAP_TYPES(X)
#undef X
	PGMAP_NR_TYPES
};

enum pgmap_loss {
	PGMAP_LOSS_NONE,
#define X(id, ...) PGMAP_LOSS_##id,
	PGMAP_LOSSES(X)
#undef X
	PGMAP_NR_LOSSES
};

/* Of a stack that a typed tracepoint or a trampoline takes: two of ours, and who calls them. */
enum { PGMAP_OWN_FRAMES = 3 };

enum {
	PGMAP_COMM_LEN		= 16,
	PGMAP_NAME_LEN		= 32,
	PGMAP_ADD_RANGES	= 4,	/* ranges inside an ADD or SEEN record */
	PGMAP_MORE_RANGES	= 9,	/* ranges inside a RANGE record */
	PGMAP_MAX_RANGES	= 128,	/* what is past this is counted as lost */
	PGMAP_MAX_FRAMES	= 24,	/* of a kernel stack, innermost first */
};

enum {
	PGMAP_FLAG_ADDING	= 1 << 0, /* KILL unwinds an add that failed half-way */
	PGMAP_FLAG_COUNTED	= 1 << 1, /* page event that the counters already hold */
	PGMAP_FLAG_COUNTS	= 1 << 2, /* u.counts holds the sums of this generation */
	PGMAP_FLAG_LENT_REF	= 1 << 3, /* RELEASE: nothing could tell that it had drained */
};

struct pgmap_range {
	__u64 start;
	__u64 end;	/* inclusive */
};

/*
 * Sums of one (pagemap, generation). Each field is written by one tracepoint's
 * program only, so that an interrupt on the same CPU cannot lose an update.
 */
struct pgmap_counts {
	__u64 allocs;
	__u64 alloc_pages;
	__u64 frees;
	__u64 free_pages;
	__u64 fault_enters;
	__u64 faults;		/* fault exits */
	__u64 fault_errors;	/* fault exits with an error result */
	__u64 fault_max_ns;
};

struct pgmap_event_add {
	__u64 setup_ns;
	__u64 pages;		/* base pages of all ranges */
	__u64 callback;		/* kernel address of a function of the driver, 0 none */
	__s32 error;
	__s32 node;
	__u32 nr_range;
	__u32 nr_here;		/* ranges in this record, the rest follows in RANGE */
	char driver[PGMAP_NAME_LEN];
	char device[PGMAP_NAME_LEN];
	struct pgmap_range ranges[PGMAP_ADD_RANGES];
};

struct pgmap_event_range {
	__u32 first;
	__u32 nr_here;
	struct pgmap_range ranges[PGMAP_MORE_RANGES];
};

struct pgmap_event_page {
	__u64 pfn;
	__u64 pages;		/* PAGE_ALLOC, PAGE_FREE */
	__u64 address;		/* FAULT_ENTER, FAULT_EXIT, FAULT_OPEN */
	__u32 result;		/* FAULT_EXIT: vm_fault_t */
	__u32 times;		/* FAULT_NO_PROGRESS: how often */
	__u64 since_ns;		/* FAULT_OPEN: when it entered */
};

struct pgmap_event {
	__u64 time_ns;		/* CLOCK_MONOTONIC */
	__u64 pgmap;
	__u32 generation;	/* 0: the source cannot tell, the core counts */
	__u32 slot;		/* live source: where the counters are, 0 none */
	__u16 event;		/* enum pgmap_event_id */
	__u16 flags;
	__u16 type;		/* enum pgmap_type */
	__u16 rule;		/* enum pgmap_rule that the source saw broken by it, or 0 */
	__u32 pid;		/* of the process */
	__u32 tid;
	char comm[PGMAP_COMM_LEN];
	union {
		struct pgmap_event_add add;	/* ADD, SEEN */
		struct pgmap_event_range range;	/* RANGE */
		struct pgmap_event_page page;	/* page events, faults, GET */
		struct pgmap_counts counts;	/* KILL, DRAINED, RELEASE */
	} u;
	__u32 nr_frames;	/* 0: the source has no stack */
	__u32 cpu;		/* on which it ran; the live source does not say */
	__u64 stack[PGMAP_MAX_FRAMES];	/* of the thread, in the kernel */
};

_Static_assert(sizeof(struct pgmap_counts) == 64, "counters fill one cache line");
_Static_assert(sizeof(struct pgmap_event_add) == 168, "no hidden padding");
_Static_assert(sizeof(struct pgmap_event_range) == 152, "no hidden padding");
_Static_assert(sizeof(struct pgmap_event) == 424, "no hidden padding");

/* ---- BPF maps ---- */

/* Value of `pgmaps`, key: address. The pagemap that lives there now. */
struct pgmap_entry {
	__u32 generation;
	__u32 slot;
	__u8 state;		/* enum pgmap_state */
	__u8 type;
	__u8 hidden;		/* a filter says no */
	__u8 partial;		/* older than the observer */
	__u32 watched;		/* steps that a rule names in this state, one bit each */
	__u32 adding_tid;	/* thread unwinding a failed add, 0 none */
	__u32 pages_lost;	/* the state of a page of it found no room */
	__u64 killed_ns;	/* of the first kill; 0 not yet */
	__u32 ref_is_lent;	/* its reference is the driver's: drained is never reported */
	__u32 pad;
};

/* Value of `tombs`, key: address. The last pagemap that was released there. */
struct pgmap_tomb {
	__u32 generation;
	__u32 adding_tid;
	__u8 type;
	__u8 hidden;
	__u8 partial;
	__u8 pad;
	__u32 pad2;
	__u64 killed_ns;
};

/* Functions whose return is paired with their entry. */
enum pgmap_call_id {
	PGMAP_CALL_ADD,		/* memremap_pages() */
	PGMAP_CALL_UNMAP,	/* memunmap_pages() */
	PGMAP_CALL_SWAP,	/* do_swap_page() */
};

/* Key of `calls`: a thread, and the function it is in. */
struct pgmap_call_key {
	__u32 tid;
	__u32 call;		/* enum pgmap_call_id */
};

/* Value of `calls`. */
struct pgmap_call {
	__u64 time_ns;
	__u64 argument;		/* the first one: a pagemap; SWAP: a struct vm_fault */
	__s32 node;		/* ADD */
	__u32 pad;
};

/* Value of `fault_starts`, key: thread. */
struct pgmap_fault_start {
	__u64 time_ns;
	__u64 pgmap;
	__u64 address;
	__u64 pfn;
	__u64 page_ns;		/* alloc of the page whose state counts this fault, 0 none */
	__u32 generation;
	__u32 type;
	__u32 pid;		/* of the process */
	__u32 pad;
	char comm[PGMAP_COMM_LEN];	/* with --pages */
};

/* Value of `pgmap_pages`, key: pfn. A page in use, kept from its alloc to its free (--pages). */
struct pgmap_page_state {
	__u64 pgmap;
	__u64 time_ns;		/* of the alloc */
	__u64 address;		/* of the last fault that left the page where it was ... */
	__u64 since_ns;		/* ... and when the first of these came */
	__u32 generation;
	__u32 pages;		/* base pages: the key is the first one */
	__u32 pid;		/* who allocated it */
	__u32 tid;
	__s32 stack;		/* key of `pgmap_stacks`, negative: none */
	__u32 faults;		/* being handled now */
	__u32 repeat_pid;	/* process of those faults at address */
	__u32 repeats;		/* their number */
	char comm[PGMAP_COMM_LEN];
};

_Static_assert(sizeof(struct pgmap_page_state) == 80, "no hidden padding");
_Static_assert(sizeof(struct pgmap_entry) == 40, "no hidden padding");
_Static_assert(sizeof(struct pgmap_call_key) == 8, "no hidden padding");
_Static_assert(sizeof(struct pgmap_call) == 24, "no hidden padding");
_Static_assert(sizeof(struct pgmap_tomb) == 24, "no hidden padding");
_Static_assert(sizeof(struct pgmap_fault_start) == 72, "no hidden padding");

#endif
