/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a pagemap does not drain: who waits, what is left, who holds it, and what
 * of that could not be found out. Values only; an inspection fills it, views show it.
 */
#ifndef PGMAP_CORE_EXPLANATION_H
#define PGMAP_CORE_EXPLANATION_H

#include <stdbool.h>

#include <pgmap/inspect.h>
#include <pgmap/lifetime.h>

enum {
	PGMAP_MAX_HELD		= 16,	/* pages in use that are shown one by one */
	PGMAP_MAX_MAPPERS	= 4,	/* of each of them */
};

struct pgmap_task {
	__u32 pid;
	__u32 tid;
	char comm[PGMAP_COMM_LEN];
	__u32 nr_frames;
	__u64 stack[PGMAP_MAX_FRAMES];
};

struct pgmap_mapper {
	__u32 pid;
	char comm[PGMAP_COMM_LEN];
	__u64 address;
};

/* A page in use. */
struct pgmap_held {
	__u64 pfn;
	__u32 refs;
	__u32 maps;
	bool allocator_known;
	struct pgmap_task allocator;
	__u64 age_ns;		/* since it was allocated */
	__u32 nr_mappers;	/* all, of which PGMAP_MAX_MAPPERS are here at most */
	struct pgmap_mapper mappers[PGMAP_MAX_MAPPERS];
};

struct pgmap_explanation {
	__u64 time_ns;
	__u64 pgmap;
	__u32 generation;	/* 0: not known */
	__u16 type;
	__u16 state;
	char driver[PGMAP_NAME_LEN];	/* empty: not known, as @device */
	char device[PGMAP_NAME_LEN];
	__u64 callback;		/* kernel address of a function of the driver; 0 none */
	__u64 pages;		/* base pages of all ranges */
	__u32 nr_range;
	__u32 nr_known;		/* of which these are here */
	struct pgmap_range ranges[PGMAP_ADD_RANGES];
	__u32 unknown;		/* set of 1 << enum pgmap_unknown */
	bool pages_hold_refs;	/* each page in use holds one reference on it */
	bool refs_known;
	__u64 refs;		/* left in its percpu_ref */
	bool has_waiter;
	struct pgmap_task waiter;
	__u64 waiting_ns;	/* about how long it has slept by now */
	__u64 pages_seen;	/* struct pages looked at */
	__u64 outstanding;	/* pages in use among them */
	__u32 nr_held;
	__u32 processes;	/* looked at for who maps the pages */
	struct pgmap_held held[PGMAP_MAX_HELD];
};

#endif
