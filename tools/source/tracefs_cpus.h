/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The trace buffers of an instance, one a CPU, read as one sequence in order of time.
 * Each buffer is in order by itself, so it takes one page of each at a time.
 */
#ifndef PGMAP_SOURCE_TRACEFS_CPUS_H
#define PGMAP_SOURCE_TRACEFS_CPUS_H

#include "tracefs_tasks.h"

struct tracefs_instance;
struct kbuffer;

struct pgmap_trace_cpu {
	__u32 cpu;
	int fd;			/* trace_pipe_raw */
	int stats;		/* the buffer's own counts */
	bool ready;		/* its buffer may have something */
	struct kbuffer *kbuffer;
	void *page;		/* what @kbuffer reads */
	const void *data;	/* the next record, or NULL */
	size_t size;		/* of it, in bytes */
	__u64 time_ns;		/* of it */
};

/* All zero is a closed one. */
struct pgmap_trace_cpus {
	struct pgmap_trace_cpu *all;
	__u32 nr;
	int epoll;		/* readable when a buffer has got something */
	size_t page_size;	/* of the buffers, in bytes */
	__u32 pid_offset;	/* of the thread's number in each record */
	struct pgmap_tasks *tasks;	/* the caller's: asked about each record when it is read */
};

/*
 * Opens the buffers of all CPUs that may ever be. The last three fields are set by
 * the caller before. Returns 0 or a negative errno; either way it may be closed.
 */
int pgmap_trace_cpus_open(struct pgmap_trace_cpus *cpus, struct tracefs_instance *instance);

/*
 * Takes a page of each buffer of which no record is left. @all: also of those that have
 * not said that there is something. Returns 0 or a negative errno.
 */
int pgmap_trace_cpus_fill(struct pgmap_trace_cpus *cpus, bool all, __u64 now_ns);

/* The one with the oldest next record, or NULL: all records have been read. */
struct pgmap_trace_cpu *pgmap_trace_cpus_oldest(const struct pgmap_trace_cpus *cpus);

/* Goes on behind the next record of @cpu. Returns 0 or a negative errno. */
int pgmap_trace_cpus_step(struct pgmap_trace_cpus *cpus, struct pgmap_trace_cpu *cpu,
			  __u64 now_ns);

/* Records that found no room, on all CPUs since the start. Returns 0 or a negative errno. */
int pgmap_trace_cpus_lost(const struct pgmap_trace_cpus *cpus, __u64 *lost);

/* What a buffer's stats say it has lost. */
__u64 pgmap_trace_stats_lost(const char *stats);

void pgmap_trace_cpus_close(struct pgmap_trace_cpus *cpus);

#endif
