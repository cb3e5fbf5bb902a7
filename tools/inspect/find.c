// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both ways lead to addresses only: what is there is read and checked, since both look at
 * memory that changes meanwhile.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pgmap/lifetime.h>
#include <pgmap/page_size.h>

#include "find.h"

/*
 * Frames looked at in one range, evenly spread. The first ones of a pagemap may hold its memmap
 * and not be set up themselves: a part in 64 for pages of 4 KiB.
 */
enum { SAMPLES = 32 };

enum { MAX_SLOTS = 64, MAX_SHIFT = 64 };

/* ---- the set ---- */

static bool is_known(const struct pgmap_found *found, __u64 pgmap)
{
	size_t i;

	for (i = 0; i < found->nr; i++)
		if (found->all[i].pgmap == pgmap)
			return true;
	return false;
}

static int add(struct pgmap_found *found, const struct pgmap_facts *facts)
{
	size_t at, room = found->room ? 2 * found->room : 16;
	struct pgmap_facts *all;

	if (found->nr == found->room) {
		all = reallocarray(found->all, room, sizeof(*all));
		if (!all)
			return -ENOMEM;
		found->all = all;
		found->room = room;
	}
	for (at = found->nr; at && found->all[at - 1].pgmap > facts->pgmap; at--)
		found->all[at] = found->all[at - 1];
	found->all[at] = *facts;
	found->nr++;
	return 0;
}

/* What is no pagemap, or none any more, is no error. */
static int take(struct pgmap_found *found, const struct pgmap_memory *memory, __u64 pgmap)
{
	struct pgmap_facts facts;
	int err;

	if (is_known(found, pgmap))
		return 0;
	err = pgmap_facts_read(&facts, memory, pgmap);
	if (err == -EOPNOTSUPP)
		return err;
	return err || facts.state == PGMAP_STATE_RELEASED ? 0 : add(found, &facts);
}

int pgmap_found_merge(struct pgmap_found *found, const struct pgmap_found *more)
{
	int err = 0;
	size_t i;

	for (i = 0; i < more->nr && !err; i++)
		if (!is_known(found, more->all[i].pgmap))
			err = add(found, &more->all[i]);
	return err;
}

void pgmap_found_free(struct pgmap_found *found)
{
	free(found->all);
	memset(found, 0, sizeof(*found));
}

/* ---- the kernel's table: an xarray ---- */

/* Its entries: pointers as they are, nodes marked by 2, and small numbers marked so as well. */
static bool is_node(__u64 entry)
{
	return (entry & 3) == 2 && entry >> 63;
}

static bool is_pointer(__u64 entry)
{
	return !(entry & 3) && entry >> 63;
}

/* @above: the shift of the node that the entry is in. */
static int walk(struct pgmap_found *found, const struct pgmap_memory *memory, __u64 entry,
		int above)
{
	const struct pgmap_layout *layout = memory->layout;
	__u32 i, nr = layout->node_slots_size / sizeof(__u64);
	__u64 slots[MAX_SLOTS], node = entry & ~3ULL;
	unsigned char shift;
	int err = 0;

	if (is_pointer(entry))
		return take(found, memory, entry);
	/* of a node that does not lie lower the memory is another one's by now */
	if (!is_node(entry) ||
	    pgmap_memory_read(memory, node + layout->node_shift, &shift, sizeof(shift)) ||
	    shift >= above ||
	    pgmap_memory_read(memory, node + layout->node_slots, slots, nr * sizeof(slots[0])))
		return 0;
	for (i = 0; i < nr && !err; i++)
		/* a range fills many slots in a row */
		if (!i || slots[i] != slots[i - 1])
			err = walk(found, memory, slots[i], shift);
	return err;
}

int pgmap_find_by_lookup(struct pgmap_found *found, const struct pgmap_memory *memory)
{
	const struct pgmap_layout *layout = memory->layout;
	__u64 head;

	if (!memory->lookup || layout->xarray_head == PGMAP_NO_FIELD ||
	    layout->node_shift == PGMAP_NO_FIELD || layout->node_slots == PGMAP_NO_FIELD ||
	    layout->node_slots_size > MAX_SLOTS * sizeof(__u64) ||
	    pgmap_memory_read(memory, memory->lookup + layout->xarray_head, &head, sizeof(head)))
		return -EOPNOTSUPP;
	return walk(found, memory, head, MAX_SHIFT);
}

/* ---- struct pages ---- */

static __u64 word_of_page(const struct pgmap_memory *memory, __u64 page)
{
	__u64 word;

	/* a section without memory has no struct pages */
	return pgmap_memory_read(memory, page + memory->layout->page_pgmap, &word, sizeof(word)) ?
		0 : word;
}

__u64 pgmap_of_pfn(const struct pgmap_memory *memory, __u64 pfn)
{
	__u64 word = word_of_page(memory, memory->vmemmap + pfn * memory->layout->page_size);

	/* a page behind the first of a compound one has that one's address there, marked */
	if (word & 1)
		word = word_of_page(memory, word & ~1ULL);
	return word >> 63 && !(word & 7) ? word : 0;
}

static int look_at_pfn(struct pgmap_found *found, const struct pgmap_memory *memory, __u64 pfn)
{
	__u64 pgmap = pgmap_of_pfn(memory, pfn);
	struct pgmap_facts facts;

	if (!pgmap || is_known(found, pgmap))
		return 0;
	/* the word of a page that is none of a device means something else */
	if (pgmap_facts_read(&facts, memory, pgmap) || !pgmap_has_pfn(&facts, pfn))
		return 0;
	return take(found, memory, pgmap);
}

static int look_at_range(struct pgmap_found *found, const struct pgmap_memory *memory,
			 const struct pgmap_resource *range)
{
	unsigned int shift = pgmap_page_shift();
	__u64 first = range->start >> shift, last = range->end >> shift, pfn, before = ~0ULL;
	int i, err = 0;

	for (i = 0; i <= SAMPLES && !err; i++) {
		/* the first, the last and some between, in small ranges some of them the same */
		pfn = first + (last - first) / SAMPLES * i;
		if (i == SAMPLES)
			pfn = last;
		if (pfn != before)
			err = look_at_pfn(found, memory, pfn);
		before = pfn;
	}
	return err;
}

int pgmap_find_by_pages(struct pgmap_found *found, const struct pgmap_memory *memory,
			const struct pgmap_iomem *iomem)
{
	size_t i;
	int err = 0;

	if (!memory->vmemmap || memory->layout->page_pgmap == PGMAP_NO_FIELD)
		return -EOPNOTSUPP;
	for (i = 0; i < iomem->nr && !err; i++)
		/* all its pages are the kernel's own */
		if (strncmp(iomem->all[i].name, "System RAM", 10))
			err = look_at_range(found, memory, &iomem->all[i]);
	return err;
}
