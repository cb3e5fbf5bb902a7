/* SPDX-License-Identifier: GPL-2.0-only */
/* A file that takes the place of another one only once all of it is written. */
#ifndef PGMAP_OUTPUT_H
#define PGMAP_OUTPUT_H

#include <limits.h>
#include <stdio.h>

/* All zero is none. */
struct pgmap_output {
	const char *path;	/* as the user gave it */
	char final[PATH_MAX];	/* behind links */
	char temporary[PATH_MAX];	/* empty: written directly, as to a device */
	FILE *out;
};

/*
 * Prepares to write @path, which stays what it is until then. -EEXIST: it is @input (may be
 * NULL). Returns 0 or a negative errno; @output keeps @path and may be dropped.
 */
int pgmap_output_open(struct pgmap_output *output, const char *path, const char *input);

/* All is written: @path has it from now on. Returns 0, or a negative errno: it has not. */
int pgmap_output_commit(struct pgmap_output *output);

/* Leaves nothing behind; after a commit, and on one that is none, it does nothing. */
void pgmap_output_drop(struct pgmap_output *output);

#endif
