/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of each page that is allocated, by page frame: what BPF keeps in
 * `pgmap_pages`, for sources that give page events one by one. Its memory grows
 * and shrinks with the number of pages.
 */
#ifndef PGMAP_CORE_PAGE_TABLE_H
#define PGMAP_CORE_PAGE_TABLE_H

#include <stddef.h>

#include <pgmap/event.h>

enum { PGMAP_MAX_PAGES = 1 << 22 };	/* allocations kept at once, about half a GiB */

struct pgmap_kept_page {
	struct pgmap_kept_page *next;	/* in the hash chain */
	__u64 pfn;
	struct pgmap_page_state state;
};

/* All zero is an empty one that has room for none. */
struct pgmap_page_table {
	struct pgmap_kept_page **buckets;
	size_t nr_buckets;
	size_t nr;
	size_t limit;
};

/* Puts a copy of @state in place of what there is. Returns 0, -ENOMEM, or -ENOSPC: full. */
int pgmap_page_table_set(struct pgmap_page_table *table, __u64 pfn,
			 const struct pgmap_page_state *state);

/* The page's state until the next change, or NULL. */
struct pgmap_page_state *pgmap_page_table_find(const struct pgmap_page_table *table, __u64 pfn);

/* None is fine. */
void pgmap_page_table_drop(struct pgmap_page_table *table, __u64 pfn);

/* All pages of one generation of a pagemap; looks at every page. */
void pgmap_page_table_drop_all(struct pgmap_page_table *table, __u64 pgmap, __u32 generation);

/* Leaves it all zero. */
void pgmap_page_table_free(struct pgmap_page_table *table);

#endif
