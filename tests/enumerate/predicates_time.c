// SPDX-License-Identifier: GPL-2.0-only
/* What is broken by time that goes by, and by the end: at both addresses, whoever's event comes. */
#include <string.h>

#include "history.h"

/* The history up to event @at, and then a look at an address instead of that event. */
struct look {
	struct happening h[MAX_LENGTH + 1];
};

static struct look look_at(const struct happening *h, int at, int where)
{
	struct look look;

	memcpy(look.h, h, at * sizeof(*h));
	look.h[at] = (struct happening){ .what = WAIT, .where = where };
	return look;
}

int predicates_time(const struct happening *h, int at)
{
	int i, time = 0;

	for (i = 0; i <= at; i++) {
		if (h[i].what != WAIT)
			time += STEP_NS;
		else
			time += h[i].where ? MUCH_NS : LITTLE_NS;
	}
	return time;
}

/* The first such event in the life that is there at @at, or -1. */
static int first(const struct happening *h, int at, enum what what)
{
	int i = beginning(h, at);

	if (i >= 0 && h[i].what == KILL_ADDING && what == KILL)
		return i;
	while (++i < at)
		if (is_here(h, i, at) && h[i].what == what)
			return i;
	return -1;
}

static enum pgmap_severity kill_stall(int ns)
{
	if (ns >= STALL_ERROR_NS)
		return PGMAP_SEVERITY_ERROR;
	return ns >= STALL_WARN_NS ? PGMAP_SEVERITY_WARNING : PGMAP_SEVERITY_NONE;
}

static enum pgmap_severity release_stall(int ns)
{
	return ns >= STALL_WARN_NS ? PGMAP_SEVERITY_WARNING : PGMAP_SEVERITY_NONE;
}

/* Stands still since event @since, if that is no -1: is this worse than when event @at - 1 came? */
static int stall(const struct happening *h, int at, int since, enum pgmap_rule rule,
		 struct broken *broken)
{
	enum pgmap_severity (*how)(int ns) = rule == PGMAP_RULE_KILL_STALL ? kill_stall :
									     release_stall;
	enum pgmap_severity now, before = PGMAP_SEVERITY_NONE;

	if (since < 0)
		return 0;
	now = how(predicates_time(h, at) - predicates_time(h, since));
	if (since < at - 1)
		before = how(predicates_time(h, at - 1) - predicates_time(h, since));
	*broken = (struct broken){
		.rule = rule,
		.severity = now,
		.times = before == PGMAP_SEVERITY_NONE,
	};
	return now > before;
}

int predicates_clock(const struct happening *history, int at, enum pgmap_rule leave_out,
		     struct broken broken[MAX_BROKEN])
{
	int where, nr = 0;

	for (where = 0; where < 2; where++) {
		struct look look = look_at(history, at, where);
		enum pgmap_rule rule = PGMAP_RULE_KILL_STALL;
		int since = first(look.h, at, KILL);

		if (was_drained(look.h, at)) {
			rule = PGMAP_RULE_RELEASE_STALL;
			since = first(look.h, at, DRAINED);
		}
		if (was_released(look.h, at) || rule == leave_out)
			continue;
		look.h[at] = history[at];
		if (!stall(look.h, at, since, rule, &broken[nr]))
			continue;
		look.h[at] = (struct happening){ .what = WAIT, .where = where };
		broken[nr].where = where;
		broken[nr++].generation = generation(look.h, at);
	}
	return nr;
}

int predicates_end(const struct happening *history, int nr_events, enum pgmap_rule leave_out,
		   struct broken broken[MAX_BROKEN])
{
	int where, nr = 0;

	for (where = 0; where < 2; where++) {
		struct look look = look_at(history, nr_events, where);
		int at = nr_events;

		if (!is_whole(look.h, at) || was_killed(look.h, at) || was_drained(look.h, at) ||
		    was_released(look.h, at) || leave_out == PGMAP_RULE_LEAK ||
		    count(look.h, at, ALLOC) <= count(look.h, at, FREE))
			continue;
		broken[nr++] = (struct broken){
			.rule = PGMAP_RULE_LEAK,
			.severity = PGMAP_SEVERITY_REPORT,
			.where = where,
			.generation = generation(look.h, at),
			.times = 1,
		};
	}
	return nr;
}
