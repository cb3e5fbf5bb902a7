/* SPDX-License-Identifier: GPL-2.0-only */
/* Process and name of each thread that a file names. */
#ifndef PGMAP_SOURCE_THREAD_NAMES_H
#define PGMAP_SOURCE_THREAD_NAMES_H

#include <stddef.h>

#include <pgmap/event.h>

enum { PGMAP_MAX_THREADS = 1 << 22 };	/* a kernel has no more at once */

struct pgmap_thread_name {
	__u32 tid;	/* 0: free */
	__u32 pid;	/* 0: not known */
	char comm[PGMAP_COMM_LEN];
};

/* All zero is an empty one. */
struct pgmap_thread_names {
	struct pgmap_thread_name *all;	/* by hash, open */
	size_t nr;
	size_t room;	/* a power of two */
};

/*
 * Notes that thread @tid (not 0) is of process @pid (0: not known) and has this name, or NULL:
 * not known; what was known stays. Returns 0, -ENOMEM, or -ENOSPC: too many.
 */
int pgmap_thread_names_note(struct pgmap_thread_names *names, __u32 tid, __u32 pid,
			    const char *comm);

/* Notes those in lines of "TID NAME", the kernel's saved_cmdlines. Changes @lines. */
int pgmap_thread_names_read(struct pgmap_thread_names *names, char *lines);

/* Process and name of @ev's thread, which ran on @cpu, into @ev, as far as they are known. */
void pgmap_thread_names_fill(const struct pgmap_thread_names *names, struct pgmap_event *ev,
			     __u32 cpu);

/* Leaves it empty. */
void pgmap_thread_names_free(struct pgmap_thread_names *names);

#endif
