// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an event by itself can break. Each predicate looks back over the whole history
 * from the event it is asked about.
 */
#include "history.h"

/* ---- the rules: how often, or with how many, event @at breaks them ---- */

/* The events before this one are those before the add at @at began. */
static int begin_of_add(const struct happening *h, int at)
{
	return h[at].what == ADD_EARLY && at ? at - 1 : at;
}

static int add_on_active(const struct happening *h, int at)
{
	int began = begin_of_add(h, at);

	if (!is_add(h, at) && h[at].what != ADD_ERROR && h[at].what != KILL_ADDING)
		return 0;
	/* the release that came in between tells that it was there, known before or not */
	if (began < at && is_here(h, began, at) && h[began].what == RELEASE &&
	    !was_released(h, began))
		return 1;
	return is_active(h, at) && !ends_unwinding(h, at);
}

/* The add at @i took its range, and nothing before @at gave it back. */
static bool holds_range(const struct happening *h, int i, int at)
{
	int of = i;

	if (!is_add(h, of))
		return false;
	while (++i < at) {
		if (!is_here(h, i, of))
			continue;
		if (h[i].what == RELEASE)
			return false;
		/* from here on releases are those of the next life */
		if (is_add(h, i) || h[i].what == KILL_ADDING)
			return true;
	}
	return true;
}

static int add_overlap(const struct happening *h, int at)
{
	int i, n = 0;

	if (!is_add(h, at))
		return 0;
	/* each in the way is one breach: at the other address and at its own */
	for (i = 0; i < at; i++)
		n += holds_range(h, i, begin_of_add(h, at));
	return n;
}

static int add_failed(const struct happening *h, int at)
{
	return h[at].what == ADD_ERROR;
}

static int double_kill(const struct happening *h, int at)
{
	return h[at].what == KILL &&
	       (was_killed(h, at) || was_drained(h, at) || was_released(h, at));
}

/* It is expected once, of a pagemap that was killed and is not released. */
static int drained_unexpected(const struct happening *h, int at)
{
	if (h[at].what != DRAINED)
		return 0;
	if (was_drained(h, at) || was_released(h, at))
		return 1;
	return is_whole(h, at) && !was_killed(h, at);
}

/* It is expected once, of a pagemap that was drained. */
static int release_before_drained(const struct happening *h, int at)
{
	if (h[at].what != RELEASE)
		return 0;
	if (was_released(h, at))
		return 1;
	return !was_drained(h, at) && (is_whole(h, at) || was_killed(h, at));
}

static int drained_outstanding(const struct happening *h, int at)
{
	if (h[at].what != DRAINED && h[at].what != RELEASE)
		return 0;
	return is_whole(h, at) && count(h, at, ALLOC) > count(h, at, FREE);
}

/* What was allocated is known as long as all of it was seen and it is not gone. */
static int ref_imbalance(const struct happening *h, int at)
{
	int frees = count(h, at, FREE) + (h[at].what == FREE);

	if (h[at].what != KILL && h[at].what != DRAINED && h[at].what != RELEASE &&
	    (h[at].what != FREE || was_released(h, at)))
		return 0;
	return is_whole(h, at) && frees > count(h, at, ALLOC);
}

static bool is_over(const struct happening *h, int at)
{
	return was_drained(h, at) || was_released(h, at);
}

static int alloc_after_kill(const struct happening *h, int at)
{
	return h[at].what == ALLOC && is_whole(h, at) && (was_killed(h, at) || is_over(h, at));
}

static int free_after_release(const struct happening *h, int at)
{
	return h[at].what == FREE && is_whole(h, at) && is_over(h, at);
}

static int fault_dead(const struct happening *h, int at)
{
	return h[at].what == FAULT && is_whole(h, at) && is_over(h, at);
}

static enum pgmap_severity severity(const struct happening *h, int at, enum pgmap_rule rule)
{
	if (rule == PGMAP_RULE_ADD_FAILED)
		return PGMAP_SEVERITY_REPORT;
	if (rule == PGMAP_RULE_ALLOC_AFTER_KILL && !is_over(h, at))
		return PGMAP_SEVERITY_WARNING;
	return PGMAP_SEVERITY_ERROR;
}

int predicates_judge(const struct happening *h, int at, enum pgmap_rule leave_out,
		     struct broken broken[MAX_BROKEN])
{
	static const struct {
		enum pgmap_rule rule;
		int (*times)(const struct happening *h, int at);
	} predicates[] = {
		{ PGMAP_RULE_ADD_ON_ACTIVE, add_on_active },
		{ PGMAP_RULE_ADD_OVERLAP, add_overlap },
		{ PGMAP_RULE_ADD_FAILED, add_failed },
		{ PGMAP_RULE_DOUBLE_KILL, double_kill },
		{ PGMAP_RULE_DRAINED_UNEXPECTED, drained_unexpected },
		{ PGMAP_RULE_RELEASE_BEFORE_DRAINED, release_before_drained },
		{ PGMAP_RULE_DRAINED_OUTSTANDING, drained_outstanding },
		{ PGMAP_RULE_REF_IMBALANCE, ref_imbalance },
		{ PGMAP_RULE_ALLOC_AFTER_KILL, alloc_after_kill },
		{ PGMAP_RULE_FREE_AFTER_RELEASE, free_after_release },
		{ PGMAP_RULE_FAULT_DEAD, fault_dead },
	};
	unsigned int i;
	int nr = 0;

	for (i = 0; i < sizeof(predicates) / sizeof(predicates[0]); i++) {
		int times = predicates[i].times(h, at);

		if (!times || predicates[i].rule == leave_out)
			continue;
		broken[nr++] = (struct broken){
			.rule = predicates[i].rule,
			.severity = severity(h, at, predicates[i].rule),
			.where = h[at].where,
			.generation = generation(h, at),
			.times = times,
		};
	}
	return nr;
}
