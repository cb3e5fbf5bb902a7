// SPDX-License-Identifier: GPL-2.0-only
/*
 * A sorted array with running maxima. Adds are rare and a few thousand ranges
 * are moved in microseconds, so nothing cleverer is needed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ranges.h"

/* Index of the first range that starts behind @start. */
static size_t first_behind(const struct pgmap_ranges *ranges, __u64 start)
{
	size_t low = 0, high = ranges->nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ranges->held[middle].range.start <= start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void update_reach(struct pgmap_ranges *ranges, size_t from)
{
	__u64 reach = from ? ranges->held[from - 1].reach : 0;

	for (; from < ranges->nr; from++) {
		if (ranges->held[from].range.end > reach)
			reach = ranges->held[from].range.end;
		ranges->held[from].reach = reach;
	}
}

static int make_room(struct pgmap_ranges *ranges)
{
	size_t room = ranges->room ? ranges->room * 2 : 16;
	struct pgmap_held_range *more;

	if (ranges->nr < ranges->room)
		return 0;
	more = reallocarray(ranges->held, room, sizeof(*more));
	if (!more)
		return -ENOMEM;
	ranges->held = more;
	ranges->room = room;
	return 0;
}

int pgmap_ranges_insert(struct pgmap_ranges *ranges, const struct pgmap_range *range, void *owner)
{
	size_t place;
	int err;

	if (range->end < range->start)
		return -EINVAL;
	err = make_room(ranges);
	if (err)
		return err;
	place = first_behind(ranges, range->start);
	memmove(&ranges->held[place + 1], &ranges->held[place],
		(ranges->nr - place) * sizeof(*ranges->held));
	ranges->held[place].range = *range;
	ranges->held[place].owner = owner;
	ranges->nr++;
	update_reach(ranges, place);
	return 0;
}

void pgmap_ranges_remove(struct pgmap_ranges *ranges, const struct pgmap_range *range,
			 const void *owner)
{
	size_t place = first_behind(ranges, range->start);

	while (place--) {
		struct pgmap_held_range *held = &ranges->held[place];

		if (held->range.start != range->start)
			return;
		if (held->owner != owner || held->range.end != range->end)
			continue;
		memmove(held, held + 1, (ranges->nr - place - 1) * sizeof(*held));
		ranges->nr--;
		update_reach(ranges, place);
		return;
	}
}

long pgmap_ranges_next(const struct pgmap_ranges *ranges, const struct pgmap_range *range,
		       size_t below)
{
	size_t i = first_behind(ranges, range->end);

	if (i > below)
		i = below;
	while (i--) {
		if (ranges->held[i].reach < range->start)
			return -1;
		if (ranges->held[i].range.end >= range->start)
			return i;
	}
	return -1;
}

void pgmap_ranges_free(struct pgmap_ranges *ranges)
{
	free(ranges->held);
	memset(ranges, 0, sizeof(*ranges));
}
