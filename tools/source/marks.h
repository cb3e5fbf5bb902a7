/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a recording knows beyond its records, as lines of text in records of ftrace:print:
 * which pagemaps were there before, and how it ended. Keys and values are parted by tabs.
 */
#ifndef PGMAP_SOURCE_MARKS_H
#define PGMAP_SOURCE_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include <pgmap/event.h>

enum { PGMAP_MARK_LEN = 3500 };	/* with PGMAP_MAX_RANGES ranges it is cut before that many */

/* A pagemap that is older than the recording. */
struct pgmap_mark_older {
	__u64 pgmap;
	__u64 pages;		/* 0: not known */
	__u32 type;		/* enum pgmap_type */
	__u32 nr_range;
	__u32 nr_here;		/* of @ranges */
	char driver[PGMAP_NAME_LEN];
	char device[PGMAP_NAME_LEN];
	struct pgmap_range ranges[PGMAP_MAX_RANGES];
};

enum pgmap_mark_kind {
	PGMAP_MARK_NONE,	/* a line of somebody else's */
	PGMAP_MARK_OLDER,
	PGMAP_MARK_END,
};

struct pgmap_mark {
	enum pgmap_mark_kind kind;
	struct pgmap_mark_older older;
	/* END: */
	bool complete;		/* what was watched ended by itself */
	__u64 lost;		/* records that found no room */
};

/* The line of @mark into @text. */
void pgmap_mark_write(const struct pgmap_mark *mark, char text[PGMAP_MARK_LEN]);

/* The mark in the @size bytes at @text, which need not end with a null byte. */
void pgmap_mark_read(const char *text, size_t size, struct pgmap_mark *mark);

/* The SEEN of an older one at @time_ns. */
struct pgmap_event pgmap_mark_seen(const struct pgmap_mark_older *older, __u64 time_ns);

/* The RANGE of its ranges from @first on. Returns how many it tells; 0: none is left. */
__u32 pgmap_mark_more(const struct pgmap_mark_older *older, __u32 first, __u64 time_ns,
		      struct pgmap_event *ev);

#endif
