// SPDX-License-Identifier: GPL-2.0-only
/* The limits that pgmap/event.h sets, checked once. */
#include <string.h>

#include <pgmap/rules.h>

#include "record.h"

enum { LARGEST_ERRNO = 4095 };	/* of the kernel */

static bool is_text(const char text[PGMAP_NAME_LEN])
{
	return memchr(text, '\0', PGMAP_NAME_LEN);
}

static bool is_add(const struct pgmap_event_add *add)
{
	return add->error <= 0 && add->error >= -LARGEST_ERRNO &&
	       add->nr_here <= PGMAP_ADD_RANGES && is_text(add->driver) && is_text(add->device);
}

bool pgmap_record_is_valid(const struct pgmap_event *ev)
{
	if (ev->event == PGMAP_EVENT_NONE || ev->event >= PGMAP_NR_EVENTS ||
	    ev->rule >= PGMAP_NR_RULES)
		return false;
	if (ev->event == PGMAP_EVENT_ADD || ev->event == PGMAP_EVENT_SEEN)
		return is_add(&ev->u.add);
	if (ev->event == PGMAP_EVENT_RANGE)
		return ev->u.range.nr_here <= PGMAP_MORE_RANGES;
	return true;
}

bool pgmap_record_is_to_count(const struct pgmap_event *ev)
{
	return ev->event >= PGMAP_EVENT_PAGE_ALLOC && ev->event <= PGMAP_EVENT_FAULT_EXIT &&
	       !(ev->flags & PGMAP_FLAG_COUNTED);
}
