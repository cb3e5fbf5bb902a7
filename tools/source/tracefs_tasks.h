/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Process and name of a thread. A trace record has the thread's number only; the
 * rest is read a moment later, and stays unknown for a thread that is gone by then.
 */
#ifndef PGMAP_SOURCE_TRACEFS_TASKS_H
#define PGMAP_SOURCE_TRACEFS_TASKS_H

#include <stdbool.h>

#include <pgmap/event.h>

enum { PGMAP_TASKS_ROOM = 1024 };	/* threads remembered at once; a power of two */

struct pgmap_task {
	__u32 tid;		/* 0: free */
	__u32 pid;		/* 0: not known */
	__u64 read_ns;		/* when it was read, CLOCK_MONOTONIC */
	char comm[PGMAP_COMM_LEN];
};

struct pgmap_tasks {
	struct pgmap_task all[PGMAP_TASKS_ROOM];
	int names;		/* the kernel's list of names of threads that left records, or -1 */
	bool foreign;		/* /proc numbers threads otherwise than records do */
};

/*
 * @names: descriptor of tracefs' saved_cmdlines, the caller's, or -1: none. It is asked
 * about threads that /proc does not know.
 */
void pgmap_tasks_init(struct pgmap_tasks *tasks, int names);

/* Reads about thread @tid (not 0) at @now_ns, unless that was done a moment ago. */
const struct pgmap_task *pgmap_tasks_look(struct pgmap_tasks *tasks, __u32 tid, __u64 now_ns);

/* @cpu into @ev, and process and name of its thread, which ran there. */
void pgmap_tasks_fill(struct pgmap_tasks *tasks, struct pgmap_event *ev, __u32 cpu, __u64 now_ns);

/* The name of @tid in lines of "TID NAME" into @comm. Returns whether there is one. */
bool pgmap_tasks_find_name(const char *lines, __u32 tid, char comm[PGMAP_COMM_LEN]);

#endif
