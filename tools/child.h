/* SPDX-License-Identifier: GPL-2.0-only */
/* The command of `check -- command`: started, waited for, and its fate told. */
#ifndef PGMAP_CHILD_H
#define PGMAP_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* All zero is none. */
struct pgmap_child {
	pid_t pid;
	bool running;
	int status;	/* of waitpid() once it is not running */
};

/*
 * Starts @command (NULL-terminated, looked up in PATH) with no signal blocked.
 * Returns 0, or a negative errno: it could not be executed.
 */
int pgmap_child_start(struct pgmap_child *child, char *const command[]);

/* Has it ended? Never waits; true when there is none. */
bool pgmap_child_has_ended(struct pgmap_child *child);

/* Asks a running one to end and waits for that, for a second at most. */
void pgmap_child_stop(struct pgmap_child *child);

/* Puts into @text what went wrong with it. Returns false when nothing did. */
bool pgmap_child_failure(const struct pgmap_child *child, char *text, size_t size);

#endif
