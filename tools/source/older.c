// SPDX-License-Identifier: GPL-2.0-only
/* From what was found of an older pagemap to events. */
#include <string.h>

#include "older.h"

struct pgmap_event pgmap_older_seen(const struct pgmap_source_older *older, __u64 time_ns)
{
	struct pgmap_event ev = {
		.time_ns = time_ns,
		.pgmap = older->pgmap,
		.event = PGMAP_EVENT_SEEN,
		.type = older->type,
		.u.add = { .node = -1, .nr_range = older->nr_range, .pages = older->pages },
	};
	struct pgmap_event_add *add = &ev.u.add;

	add->nr_here = older->nr_here < PGMAP_ADD_RANGES ? older->nr_here : PGMAP_ADD_RANGES;
	memcpy(add->driver, older->driver, sizeof(add->driver));
	memcpy(add->device, older->device, sizeof(add->device));
	memcpy(add->ranges, older->ranges, add->nr_here * sizeof(add->ranges[0]));
	return ev;
}

__u32 pgmap_older_more(const struct pgmap_source_older *older, __u32 first, __u64 time_ns,
		       struct pgmap_event *ev)
{
	__u32 left = first < older->nr_here ? older->nr_here - first : 0;

	*ev = (struct pgmap_event){
		.time_ns = time_ns,
		.pgmap = older->pgmap,
		.event = PGMAP_EVENT_RANGE,
		.type = older->type,
	};
	ev->u.range.first = first;
	ev->u.range.nr_here = left < PGMAP_MORE_RANGES ? left : PGMAP_MORE_RANGES;
	memcpy(ev->u.range.ranges, older->ranges + first,
	       ev->u.range.nr_here * sizeof(ev->u.range.ranges[0]));
	return ev->u.range.nr_here;
}
