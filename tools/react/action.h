/* SPDX-License-Identifier: GPL-2.0-only */
/* One kind of action: what react.c has a row of, and each file here gives. */
#ifndef PGMAP_REACT_ACTION_H
#define PGMAP_REACT_ACTION_H

#include "react.h"

struct pgmap_action_ops {
	/* What it was asked for with, or NULL: it was not. */
	const char *(*wanted)(const struct pgmap_reactions *reactions);
	/* Returns 0 with its state in @state, or a negative errno with a line in @why. */
	int (*open)(void **state, const char *value, char *why, size_t size);
	void (*react)(void *state, const struct pgmap_finding *finding,
		      enum pgmap_severity severity);
	void (*free)(void *state);
};

extern const struct pgmap_action_ops pgmap_action_trace;
extern const struct pgmap_action_ops pgmap_action_exec;

#endif
