/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is done when a rule is broken (--on-finding). Judging knows nothing of it: one action
 * is one file and one row in react.c.
 */
#ifndef PGMAP_REACT_H
#define PGMAP_REACT_H

#include <stdbool.h>
#include <stddef.h>

#include "../core/finding.h"

/* What the user asked for; strings are the caller's. */
struct pgmap_reactions {
	const char *trace_file;	/* save the kernel's trace there at the first finding; or NULL */
	const char *command;	/* run it in a shell at each finding; or NULL */
	bool stop;		/* end the run at the first finding */
};

struct pgmap_reactor;

/*
 * Prepares the actions, before the first event. Returns 0, or a negative errno with one line
 * for the user in @why; @reactor is NULL then, and nothing is left behind.
 */
int pgmap_react_open(struct pgmap_reactor **reactor, const struct pgmap_reactions *reactions,
		     char *why, size_t size);

/*
 * @finding was made, or became more severe. An action that fails says so on standard error
 * and does not keep the others from running.
 */
void pgmap_react(struct pgmap_reactor *reactor, const struct pgmap_finding *finding,
		 enum pgmap_severity severity);

/* Undoes what was prepared; waits a moment for commands that still run. Takes NULL. */
void pgmap_react_free(struct pgmap_reactor *reactor);

#endif
