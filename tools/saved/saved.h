/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results of an earlier run, read back from a file: the object of kind "latency" that
 * the JSON view writes. Whoever made the file may have made a mistake, or meant harm.
 */
#ifndef PGMAP_SAVED_H
#define PGMAP_SAVED_H

#include "../core/summary.h"

enum { PGMAP_SAVED_WHY_LEN = 256 };

/*
 * Reads @path into @summary, which is the caller's to free in any case. Returns 0, or a negative
 * errno with one line for the user in @why, without the path.
 */
int pgmap_saved_read(const char *path, struct pgmap_summary *summary,
		     char why[PGMAP_SAVED_WHY_LEN]);

/* The same from memory: @size bytes of @text. */
int pgmap_saved_parse(const char *text, size_t size, struct pgmap_summary *summary,
		      char why[PGMAP_SAVED_WHY_LEN]);

#endif
