// SPDX-License-Identifier: GPL-2.0-only
/* The actions that were asked for, in order. Ending the run is the loop's own business. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "action.h"

/* The trace goes first: a command may look at it, and may take its time. */
static const struct pgmap_action_ops *const actions[] = {
	&pgmap_action_trace,
	&pgmap_action_exec,
};

enum { NR_ACTIONS = sizeof(actions) / sizeof(actions[0]) };

struct pgmap_reactor {
	void *states[NR_ACTIONS];	/* NULL: not asked for */
};

int pgmap_react_open(struct pgmap_reactor **reactor, const struct pgmap_reactions *reactions,
		     char *why, size_t size)
{
	struct pgmap_reactor *made = calloc(1, sizeof(*made));
	const char *value;
	int i, err = 0;

	*reactor = NULL;
	if (!made) {
		snprintf(why, size, "cannot prepare --on-finding (%s): free some memory",
			 strerror(ENOMEM));
		return -ENOMEM;
	}
	for (i = 0; i < NR_ACTIONS && !err; i++) {
		value = actions[i]->wanted(reactions);
		if (value)
			err = actions[i]->open(&made->states[i], value, why, size);
	}
	if (err)
		pgmap_react_free(made);
	else
		*reactor = made;
	return err;
}

void pgmap_react(struct pgmap_reactor *reactor, const struct pgmap_finding *finding,
		 enum pgmap_severity severity)
{
	int i;

	for (i = 0; i < NR_ACTIONS; i++)
		if (reactor->states[i])
			actions[i]->react(reactor->states[i], finding, severity);
}

void pgmap_react_free(struct pgmap_reactor *reactor)
{
	int i;

	for (i = 0; reactor && i < NR_ACTIONS; i++)
		if (reactor->states[i])
			actions[i]->free(reactor->states[i]);
	free(reactor);
}
