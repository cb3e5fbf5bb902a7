// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the struct pages of a pagemap in pieces. Those that do not name it are
 * passed over: the ones behind an altmap hold the memmap itself and are not set up,
 * and of a compound page only the head counts.
 */
#include <stdlib.h>
#include <string.h>

#include <pgmap/page_size.h>

#include "pages.h"

enum { PIECE = PGMAP_WINDOW };

static __s32 half(const unsigned char *from, __u32 offset)
{
	__s32 value;

	memcpy(&value, from + offset, sizeof(value));
	return value;
}

static void look_at(struct pgmap_pages_found *found, const struct pgmap_memory *memory,
		    const struct pgmap_facts *facts, __u64 pfn, const unsigned char *page)
{
	const struct pgmap_layout *layout = memory->layout;
	__s32 idle = pgmap_idle_refs(memory, facts);
	__s32 refs = half(page, layout->page_refcount);
	__s32 maps = half(page, layout->page_mapcount) + 1;
	__u64 owner;

	memcpy(&owner, page + layout->page_pgmap, sizeof(owner));
	if (owner != facts->pgmap)
		return;
	found->seen++;
	if (refs <= idle)
		return;
	found->held++;
	if (found->nr == found->room)
		return;
	found->pages[found->nr++] = (struct pgmap_page_found){
		.pfn = pfn, .refs = refs, .maps = maps > 0 ? maps : 0
	};
}

/* Looks at @nr pages from @pfn on, which fit @piece. */
static void look_at_piece(struct pgmap_pages_found *found, const struct pgmap_memory *memory,
			  const struct pgmap_facts *facts, __u64 pfn, __u64 nr,
			  unsigned char *piece)
{
	const struct pgmap_layout *layout = memory->layout;
	__u64 i;

	if (pgmap_memory_read(memory, memory->vmemmap + pfn * layout->page_size, piece,
			      nr * layout->page_size)) {
		found->complete = false;
		return;
	}
	for (i = 0; i < nr; i++)
		look_at(found, memory, facts, pfn + i, piece + i * layout->page_size);
}

static bool is_known(const struct pgmap_memory *memory)
{
	const struct pgmap_layout *layout = memory->layout;

	return memory->vmemmap && layout->page_pgmap != PGMAP_NO_FIELD &&
	       layout->page_refcount != PGMAP_NO_FIELD && layout->page_mapcount != PGMAP_NO_FIELD;
}

void pgmap_pages_find(struct pgmap_pages_found *found, const struct pgmap_memory *memory,
		      const struct pgmap_facts *facts, bool (*is_over)(const void *context),
		      const void *context)
{
	__u64 pfn, end, nr, most = PIECE / memory->layout->page_size;
	unsigned char *piece = is_known(memory) ? malloc(PIECE) : NULL;
	__u32 i;

	found->seen = 0;
	found->held = 0;
	found->nr = 0;
	found->cut_short = false;
	found->complete = piece && facts->nr_known == facts->nr_range;
	for (i = 0; piece && i < facts->nr_known; i++) {
		end = (facts->ranges[i].end >> pgmap_page_shift()) + 1;
		for (pfn = facts->ranges[i].start >> pgmap_page_shift(); pfn < end; pfn += nr) {
			nr = end - pfn < most ? end - pfn : most;
			found->cut_short = found->cut_short || is_over(context);
			if (found->cut_short)
				break;
			look_at_piece(found, memory, facts, pfn, nr, piece);
		}
	}
	found->complete = found->complete && !found->cut_short;
	free(piece);
}
