/* SPDX-License-Identifier: GPL-2.0-only */
/* The pages of a pagemap that are in use: their number and the first few of them. */
#ifndef PGMAP_INSPECT_PAGES_H
#define PGMAP_INSPECT_PAGES_H

#include "pagemap.h"

struct pgmap_page_found {
	__u64 pfn;
	__u32 refs;
	__u32 maps;
};

struct pgmap_pages_found {
	__u64 seen;		/* struct pages of this pagemap looked at */
	__u64 held;		/* of these in use */
	bool complete;		/* all there are */
	bool cut_short;		/* not complete, because time was up */
	__u32 nr;		/* of @pages */
	__u32 room;
	struct pgmap_page_found *pages;	/* the caller's, with @room */
};

/* Looks at all struct pages of the pagemap in @facts until @is_over says that time is up. */
void pgmap_pages_find(struct pgmap_pages_found *found, const struct pgmap_memory *memory,
		      const struct pgmap_facts *facts, bool (*is_over)(const void *context),
		      const void *context);

#endif
