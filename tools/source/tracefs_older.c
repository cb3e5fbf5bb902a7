// SPDX-License-Identifier: GPL-2.0-only
/*
 * Older pagemaps on their way: records of the time before one was found may still be to come,
 * and of these its add or its release would say more.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "filter.h"
#include "tracefs.h"

struct pgmap_trace_older {
	struct pgmap_trace_older *next;
	__u64 time_ns;			/* when it was found */
	struct pgmap_source_older found; /* no longer than the ranges it has */
};

/* Its driver is looked at once all that can be known of it is. */
static bool is_wanted(const struct pgmap_source *source, const struct pgmap_source_older *found)
{
	const struct pgmap_source_options wanted = {
		.type = source->type, .pgmap = source->pgmap
	};

	return pgmap_source_wants(&wanted, found->pgmap, found->type, found->driver);
}

int pgmap_tracefs_adopt(struct pgmap_source *source, const struct pgmap_source_older *found)
{
	size_t unused = (PGMAP_MAX_RANGES - found->nr_here) * sizeof(found->ranges[0]);
	struct pgmap_trace_older *one, **last = &source->older;

	if (!is_wanted(source, found))
		return 0;
	one = malloc(sizeof(*one) - unused);
	if (!one)
		return -ENOMEM;
	one->next = NULL;
	one->time_ns = pgmap_source_now_ns();
	memcpy(&one->found, found, sizeof(*found) - unused);
	while (*last)
		last = &(*last)->next;
	*last = one;
	return 1;
}

int pgmap_tracefs_give_older(struct pgmap_source *source, __u64 until_ns,
			     const struct pgmap_sink *sink)
{
	struct pgmap_trace_older *one;
	int err = 0;

	while (!err && (one = source->older) && one->time_ns <= until_ns) {
		err = pgmap_trace_feed_older(&source->feed, &one->found, one->time_ns, sink);
		source->older = one->next;
		free(one);
	}
	return err;
}

void pgmap_tracefs_free_older(struct pgmap_source *source)
{
	struct pgmap_trace_older *one;

	while ((one = source->older)) {
		source->older = one->next;
		free(one);
	}
}
