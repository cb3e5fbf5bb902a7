/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What bpf/inspect.bpf.c tells user space: where the running kernel has the
 * fields that an inspection reads, and tasks that wait; and what an inspection
 * may fail to find. Data only.
 */
#ifndef PGMAP_INSPECT_H
#define PGMAP_INSPECT_H

#include <pgmap/event.h>

enum { PGMAP_WINDOW = 65536 };	/* bytes that one look at kernel memory brings at most */

#define PGMAP_NO_FIELD	0xffffffff	/* this kernel has no such field */

/* Offsets in bytes; that of a nested field from the outermost struct on. */
struct pgmap_layout {
	__u32 page_size;	/* of struct page */
	__u32 page_pgmap;	/* or that of struct folio, which it begins with */
	__u32 page_refcount;
	__u32 page_mapcount;
	__u32 pgmap_size;	/* of struct dev_pagemap */
	__u32 pgmap_type;
	__u32 pgmap_nr_range;
	__u32 pgmap_range;
	__u32 pgmap_driver;	/* this project's kernel only */
	__u32 pgmap_ops;
	__u32 ops_size;		/* of struct dev_pagemap_ops: pointers to functions, no more */
	__u32 pgmap_ref;	/* the percpu_ref inside it */
	__u32 pgmap_ref_pointer; /* to the one in use; only where that may be a driver's own */
	__u32 ref_word;		/* pointer to the counts of each CPU, and flags */
	__u32 ref_data;
	__u32 pgmap_waiters;	/* list head in the completion that teardown waits for */
	__u32 data_count;
	__u32 data_release;
	__u32 waiter_task;	/* of an entry of that list */
	__u32 waiter_list;
	__u32 xarray_head;
	__u32 node_shift;	/* of a node of an xarray; a byte */
	__u32 node_slots;
	__u32 node_slots_size;	/* of all slots of a node, in bytes */
	__u32 idle_is_zero;	/* a count of 0 is idle also for FS_DAX and PCI_P2PDMA pages */
	__u32 types[PGMAP_NR_TYPES];	/* the kernel's number of each enum pgmap_type, or none */
};

/* A task that sleeps and cannot be interrupted. */
struct pgmap_sleeper {
	__u64 task;		/* address of its task_struct */
	__u64 stack_pointer;
	__u64 asleep_ns;	/* about: by the scheduler's clocks of two CPUs */
	__u32 pid;		/* of the process */
	__u32 tid;
	char comm[PGMAP_COMM_LEN];
	__u32 nr_frames;
	__u32 pad;
	__u64 stack[PGMAP_MAX_FRAMES];
};

/* What the reader has to know is missing, and why. */
#define PGMAP_UNKNOWNS(X)	\
	X(WAITER, "no task waits for it in memunmap_pages(): who killed it is not known")	\
	X(TASKS, "who waits for it: tasks are looked at with BPF only")	\
	X(REFS, "its references are still counted on each CPU: their sum is not known")	\
	X(FOREIGN_REFS, "its driver counts its references: how many are left is not known")	\
	X(MEMMAP, "some of its struct pages could not be read: more pages may be in use")	\
	X(PAGES, "time was up before all its struct pages were looked at")	\
	X(ALLOCATORS, "who allocated a page: pgmapstat --pages must run before that happens")	\
	X(MAPS_OF_OTHERS, "other pgmapstat processes could not be asked: CAP_SYS_ADMIN is needed") \
	X(PFNS, "who maps a page is shown with CAP_SYS_ADMIN only")	\
	X(SOME_PROCESSES, "some processes could not be looked at: run as root")	\
	X(PROCESSES, "time was up before all processes were looked at")

enum pgmap_unknown {
	PGMAP_UNKNOWN_NONE,
#define X(id, ...) PGMAP_UNKNOWN_##id,
	PGMAP_UNKNOWNS(X)
#undef X
	PGMAP_NR_UNKNOWNS
};

_Static_assert(sizeof(struct pgmap_sleeper) == 248, "no hidden padding");

#endif
