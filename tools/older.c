// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything is attached by now, so what is added or released meanwhile is known by its own
 * events, and the source leaves it alone.
 */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "inspect/inspect.h"
#include "older.h"
#include "stall.h"

static int take_over_one(struct pgmap_older *older, const struct pgmap_source_ops *ops,
			 struct pgmap_source *source, __u64 pgmap, const struct pgmap_sink *sink)
{
	int taken = ops->adopt(source, pgmap);

	if (taken < 0) {
		snprintf(older->unknown, sizeof(older->unknown),
			 "a pagemap that is mapped could not be taken over: %s", strerror(-taken));
		return 0;
	}
	older->nr += taken;
	/* one by one, since a small ring buffer has no room for many */
	return ops->read(source, pgmap_now_ns(), sink);
}

/* Fills @listing, or says in @older why not. */
static bool find(struct pgmap_older *older, struct pgmap_stall *stall,
		 struct pgmap_listing *listing)
{
	size_t size = sizeof(older->unknown);
	struct pgmap_inspector *inspector = pgmap_stall_inspector(stall, older->unknown, size);

	return inspector && !pgmap_inspector_list(inspector, listing, older->unknown, size);
}

int pgmap_older_take_over(struct pgmap_older *older, struct pgmap_stall *stall,
			  const struct pgmap_source_ops *ops, struct pgmap_source *source,
			  const struct pgmap_sink *sink)
{
	struct pgmap_listing listing = { 0 };
	int err = 0;
	size_t i;

	memset(older, 0, sizeof(*older));
	if (!ops->adopt)
		snprintf(older->unknown, sizeof(older->unknown),
			 "they are looked for with BPF, which this run does without");
	else if (find(older, stall, &listing))
		for (i = 0; i < listing.nr && !err; i++)
			err = take_over_one(older, ops, source, listing.all[i].pgmap, sink);
	pgmap_listing_free(&listing);
	if (*older->unknown && stall->log)
		fprintf(stderr, "pgmapstat: pagemaps older than this run are not known: %s\n",
			older->unknown);
	return err;
}

void pgmap_older_text(const struct pgmap_older *older, char *text, size_t size)
{
	if (*older->unknown)
		snprintf(text, size, "unknown: %s", older->unknown);
	else
		snprintf(text, size, "%zu, all found", older->nr);
}
