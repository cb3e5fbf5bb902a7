// SPDX-License-Identifier: GPL-2.0-only
/* A chained hash with one to eight buckets a page, beyond the first few. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pgmap/pages.h>

#include "page_table.h"

enum { FEWEST_BUCKETS = 64 };

static struct pgmap_kept_page **bucket_of(const struct pgmap_page_table *table, __u64 pfn)
{
	/* neighbours come in rows: spread by Fibonacci hashing */
	return &table->buckets[(pfn * 0x9e3779b97f4a7c15ULL >> 32) & (table->nr_buckets - 1)];
}

static void link_in(struct pgmap_page_table *table, struct pgmap_kept_page *page)
{
	struct pgmap_kept_page **head = bucket_of(table, page->pfn);

	page->next = *head;
	*head = page;
}

static int resize(struct pgmap_page_table *table, size_t nr_buckets)
{
	struct pgmap_kept_page **old = table->buckets, *page, *next;
	size_t i, nr_old = table->nr_buckets;
	struct pgmap_kept_page **fresh = calloc(nr_buckets, sizeof(*fresh));

	if (!fresh)
		return -ENOMEM;
	table->buckets = fresh;
	table->nr_buckets = nr_buckets;
	for (i = 0; i < nr_old; i++) {
		for (page = old[i]; page; page = next) {
			next = page->next;
			link_in(table, page);
		}
	}
	free(old);
	return 0;
}

static int make_room(struct pgmap_page_table *table)
{
	if (table->nr >= table->limit)
		return -ENOSPC;
	if (!table->nr_buckets)
		return resize(table, FEWEST_BUCKETS);
	/* without memory for more buckets it is only slower */
	if (table->nr >= table->nr_buckets)
		resize(table, table->nr_buckets * 2);
	return 0;
}

/* What points at the page, or at the NULL where it would be. */
static struct pgmap_kept_page **find(const struct pgmap_page_table *table, __u64 pfn)
{
	struct pgmap_kept_page **at = bucket_of(table, pfn);

	while (*at && (*at)->pfn != pfn)
		at = &(*at)->next;
	return at;
}

int pgmap_page_table_set(struct pgmap_page_table *table, __u64 pfn,
			 const struct pgmap_page_state *state)
{
	struct pgmap_page_state *old = pgmap_page_table_find(table, pfn);
	struct pgmap_kept_page *page;
	int err;

	if (old) {
		*old = *state;
		return 0;
	}
	err = make_room(table);
	if (err)
		return err;
	page = malloc(sizeof(*page));
	if (!page)
		return -ENOMEM;
	page->pfn = pfn;
	page->state = *state;
	link_in(table, page);
	table->nr++;
	return 0;
}

struct pgmap_page_state *pgmap_page_table_find(const struct pgmap_page_table *table, __u64 pfn)
{
	struct pgmap_kept_page *page = table->nr_buckets ? *find(table, pfn) : NULL;

	return page ? &page->state : NULL;
}

static void unlink_at(struct pgmap_page_table *table, struct pgmap_kept_page **at)
{
	struct pgmap_kept_page *page = *at;

	*at = page->next;
	free(page);
	table->nr--;
}

static void give_back(struct pgmap_page_table *table)
{
	size_t wanted = table->nr_buckets;

	while (wanted > FEWEST_BUCKETS && table->nr < wanted / 8)
		wanted /= 2;
	if (wanted != table->nr_buckets)
		resize(table, wanted);
}

void pgmap_page_table_drop(struct pgmap_page_table *table, __u64 pfn)
{
	struct pgmap_kept_page **at = table->nr_buckets ? find(table, pfn) : NULL;

	if (!at || !*at)
		return;
	unlink_at(table, at);
	give_back(table);
}

void pgmap_page_table_drop_all(struct pgmap_page_table *table, __u64 pgmap, __u32 generation)
{
	struct pgmap_kept_page **at;
	size_t i;

	for (i = 0; i < table->nr_buckets; i++) {
		for (at = &table->buckets[i]; *at; ) {
			if (pgmap_page_is_of(&(*at)->state, pgmap, generation))
				unlink_at(table, at);
			else
				at = &(*at)->next;
		}
	}
	give_back(table);
}

void pgmap_page_table_free(struct pgmap_page_table *table)
{
	size_t i;

	for (i = 0; i < table->nr_buckets; i++)
		while (table->buckets[i])
			unlink_at(table, &table->buckets[i]);
	free(table->buckets);
	memset(table, 0, sizeof(*table));
}
