/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A tracefs instance outlives the process that made it. A child of that process stays
 * behind and removes it, also when its parent is killed or has given up its rights.
 */
#ifndef PGMAP_SOURCE_TRACEFS_GUARD_H
#define PGMAP_SOURCE_TRACEFS_GUARD_H

#include <sys/types.h>

struct pgmap_trace_guard {
	pid_t pid;	/* 0: none */
	int alive;	/* end of a pipe that closes with its owner */
};

/* Watches over the directory @path, which need not be there yet. Returns 0 or a negative errno. */
int pgmap_trace_guard_start(struct pgmap_trace_guard *guard, const char *path);

/*
 * Has it removed; nobody may hold a file of it open. Returns 0, also for none, or a
 * negative errno when it could not be removed.
 */
int pgmap_trace_guard_end(struct pgmap_trace_guard *guard);

#endif
