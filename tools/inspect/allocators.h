/* SPDX-License-Identifier: GPL-2.0-only */
/* Who allocated a page: asked of the page table of any pgmapstat --pages that runs, also ours. */
#ifndef PGMAP_INSPECT_ALLOCATORS_H
#define PGMAP_INSPECT_ALLOCATORS_H

#include <pgmap/event.h>

enum { PGMAP_MAX_OBSERVERS = 8 };

struct pgmap_allocators {
	struct {
		int pages;	/* descriptors of the maps */
		int stacks;	/* negative: none */
	} observers[PGMAP_MAX_OBSERVERS];
	__u32 nr;
};

/* Returns 0 also when nobody observes, or -EPERM: we may not ask others, only ourselves. */
int pgmap_allocators_open(struct pgmap_allocators *allocators);

/* What is known of the page, with its stack. Returns the frames in @stack, or -ENOENT. */
int pgmap_allocators_find(const struct pgmap_allocators *allocators, __u64 pgmap, __u64 pfn,
			  struct pgmap_page_state *state, __u64 stack[PGMAP_MAX_FRAMES]);

void pgmap_allocators_close(struct pgmap_allocators *allocators);

#endif
