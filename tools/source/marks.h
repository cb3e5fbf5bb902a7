/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a recording knows beyond its records, as lines of text in records of ftrace:print:
 * which pagemaps were there before, and how it ended. Keys and values are parted by tabs.
 */
#ifndef PGMAP_SOURCE_MARKS_H
#define PGMAP_SOURCE_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "source.h"

enum { PGMAP_MARK_LEN = 3500 };	/* with PGMAP_MAX_RANGES ranges it is cut before that many */

enum pgmap_mark_kind {
	PGMAP_MARK_NONE,	/* a line of somebody else's */
	PGMAP_MARK_OLDER,
	PGMAP_MARK_END,
};

struct pgmap_mark {
	enum pgmap_mark_kind kind;
	struct pgmap_source_older older;
	/* END: */
	bool complete;		/* what was watched ended by itself */
	__u64 lost;		/* records that found no room */
};

/* The line of @mark into @text. */
void pgmap_mark_write(const struct pgmap_mark *mark, char text[PGMAP_MARK_LEN]);

/* The mark in the @size bytes at @text, which need not end with a null byte. */
void pgmap_mark_read(const char *text, size_t size, struct pgmap_mark *mark);

#endif
