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
#include "who.h"

struct pgmap_source_older pgmap_older_of(const struct pgmap_listed *listed)
{
	struct pgmap_source_older one = {
		.pgmap = listed->pgmap,
		.pages = listed->pages,
		.type = listed->type,
		.nr_range = listed->nr_range,
		.nr_here = listed->nr_known,
	};

	memcpy(one.driver, listed->driver, sizeof(one.driver));
	memcpy(one.device, listed->device, sizeof(one.device));
	memcpy(one.ranges, listed->ranges, one.nr_here * sizeof(one.ranges[0]));
	return one;
}

static int take_over_one(struct pgmap_older *older, const struct pgmap_source_ops *ops,
			 struct pgmap_source *source, const struct pgmap_listed *one,
			 struct pgmap_who *who)
{
	struct pgmap_evidence evidence = { .callback = one->callback, .range = one->ranges };
	const struct pgmap_source_older found = pgmap_older_of(one);
	int taken = ops->adopt(source, &found), err;

	if (taken < 0) {
		snprintf(older->unknown, sizeof(older->unknown),
			 "a pagemap that is mapped could not be taken over: %s", strerror(-taken));
		return 0;
	}
	if (!taken)
		return 0;
	older->nr++;
	err = pgmap_who_expect(who, one->pgmap, &evidence);
	/* one by one, since a small ring buffer has no room for many */
	return err ? err : ops->read(source, pgmap_now_ns(), &who->sink);
}

/* Fills @listing, or says in @older why not. */
static bool find(struct pgmap_older *older, struct pgmap_stall *stall,
		 struct pgmap_listing *listing)
{
	size_t size = sizeof(older->unknown);
	struct pgmap_inspector *inspector = pgmap_stall_inspector(stall, older->unknown, size);

	return inspector && !pgmap_inspector_list(inspector, listing, older->unknown, size);
}

static void sum_up(struct pgmap_older *older)
{
	if (*older->unknown)
		snprintf(older->text, sizeof(older->text), "unknown: %s", older->unknown);
	else
		snprintf(older->text, sizeof(older->text), "%zu, all found", older->nr);
}

int pgmap_older_take_over(struct pgmap_older *older, struct pgmap_stall *stall,
			  const struct pgmap_source_ops *ops, struct pgmap_source *source,
			  struct pgmap_who *who)
{
	struct pgmap_listing listing = { 0 };
	int err = 0;
	size_t i;

	memset(older, 0, sizeof(*older));
	if (find(older, stall, &listing))
		for (i = 0; i < listing.nr && !err; i++)
			err = take_over_one(older, ops, source, &listing.all[i], who);
	pgmap_listing_free(&listing);
	sum_up(older);
	if (*older->unknown && stall->log)
		fprintf(stderr, "pgmapstat: pagemaps older than this run are not known: %s\n",
			older->unknown);
	return err;
}
