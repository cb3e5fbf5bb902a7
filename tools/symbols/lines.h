/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * File and line of kernel code, from debug info whose build id is that of what
 * runs. A kernel or module without any is looked for once and then let be.
 */
#ifndef PGMAP_SYMBOLS_LINES_H
#define PGMAP_SYMBOLS_LINES_H

#include <stddef.h>

#include <linux/types.h>

struct pgmap_lines;

/* What is asked for: where it is, and the function there, by which the image is adjusted. */
struct pgmap_lines_query {
	const char *module;	/* NULL: the kernel itself */
	const char *function;
	__u64 offset;		/* in the function */
	__u64 address;		/* of it all, at run time */
	__u64 base;		/* run-time address of the kernel's _stext */
};

/* @debuginfo as in struct pgmap_symbols_options. Returns 0 or -ENOMEM. */
int pgmap_lines_open(struct pgmap_lines **lines, const char *debuginfo);

/* The file and its line, or NULL. */
const char *pgmap_lines_find(struct pgmap_lines *lines, const struct pgmap_lines_query *query,
			     __u32 *line);

/* Why the kernel's own debug info was not used, NULL if it was. */
const char *pgmap_lines_missing(const struct pgmap_lines *lines);

/* Takes NULL. */
void pgmap_lines_free(struct pgmap_lines *lines);

#endif
