/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds all pagemaps that are mapped now, without any event: in the kernel's table from page
 * frame to pagemap, and by the struct pages of what is claimed in /proc/iomem.
 */
#ifndef PGMAP_INSPECT_FIND_H
#define PGMAP_INSPECT_FIND_H

#include "iomem.h"
#include "pagemap.h"

/* All zero is an empty one. */
struct pgmap_found {
	struct pgmap_facts *all;	/* each pagemap once, by address */
	size_t nr;
	size_t room;
};

/*
 * Adds what the kernel's table has. Returns 0, -ENOMEM, or -EOPNOTSUPP: where it is or how it
 * is laid out is not known.
 */
int pgmap_find_by_lookup(struct pgmap_found *found, const struct pgmap_memory *memory);

/*
 * Adds what the struct pages of @iomem's ranges lead to; a pagemap in a range that nobody
 * claimed is not found. Returns as above.
 */
int pgmap_find_by_pages(struct pgmap_found *found, const struct pgmap_memory *memory,
			const struct pgmap_iomem *iomem);

/* Adds what @more has. Returns 0 or -ENOMEM. */
int pgmap_found_merge(struct pgmap_found *found, const struct pgmap_found *more);

/* The pagemap that the struct page of frame @pfn names; 0: none. */
__u64 pgmap_of_pfn(const struct pgmap_memory *memory, __u64 pfn);

/* Leaves it empty. */
void pgmap_found_free(struct pgmap_found *found);

#endif
