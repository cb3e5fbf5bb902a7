/* SPDX-License-Identifier: GPL-2.0-only */
/* The processes that map given page frames, found by looking at all of them. */
#ifndef PGMAP_INSPECT_MAPPERS_H
#define PGMAP_INSPECT_MAPPERS_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

struct pgmap_mapping {
	size_t index;		/* of the frame among those asked for */
	__u32 pid;
	__u64 address;
	const char *comm;
};

struct pgmap_mappers_query {
	const __u64 *pfns;
	size_t nr;
	bool (*is_over)(const void *context);		/* time is up */
	void (*found)(void *context, const struct pgmap_mapping *mapping);
	void *context;
	/* the answer: */
	__u32 processes;	/* looked at */
	bool over;		/* time was up before the end */
	bool skipped;		/* some were not ours to look at */
};

/* Returns 0, or -EPERM: frame numbers are not shown to us. */
int pgmap_mappers_find(struct pgmap_mappers_query *query);

/* One line of /proc/PID/maps. Returns 0 or -EINVAL. */
int pgmap_maps_line(const char *line, __u64 *start, __u64 *end);

/* The frame that a word of /proc/PID/pagemap leads to; 0: none. */
__u64 pgmap_pagemap_pfn(__u64 word);

#endif
