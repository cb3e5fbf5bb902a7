/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules a second time: one predicate each over all that happened, instead
 * of a state that goes from event to event. Shares the rules' names with core
 * and nothing else; a difference between the two is a mistake in one of them.
 */
#ifndef PGMAP_ENUMERATE_PREDICATES_H
#define PGMAP_ENUMERATE_PREDICATES_H

#include <pgmap/rules.h>

enum what {
	ADD,
	ADD_ERROR,
	KILL,
	KILL_ADDING,
	DRAINED,
	RELEASE,
	ALLOC,
	FREE,
	FAULT,
	NR_BASIC,
	/* from here on at smaller lengths only */
	ADD_EARLY = NR_BASIC,	/* began before the event that comes before its record */
	WAIT,			/* only time goes by: little for A, much for B */
	NR_WHATS
};

/* Time between two events; what waiting adds; and when standing still is too long. */
enum {
	STEP_NS		= 10,
	LITTLE_NS	= 100,
	MUCH_NS		= 300,
	STALL_WARN_NS	= 100,
	STALL_ERROR_NS	= 200,
};

/* One event. Pagemaps A and B are 0 and 1; their ranges overlap, also with their own re-adds. */
struct happening {
	unsigned char what;
	unsigned char where;
};

/*
 * A rule that an event breaks; @times: with how many others, 0 if it was broken
 * before and has only become graver.
 */
struct broken {
	unsigned char rule;
	unsigned char severity;
	unsigned char where;
	unsigned char generation;
	unsigned int times;
};

enum { MAX_BROKEN = 6, MAX_LENGTH = 10 };	/* by one event; of a history */

/*
 * What event @at of @history breaks, in no special order. @leave_out is a rule
 * whose predicate says no, to see that this shows, or PGMAP_RULE_NONE. Returns
 * their number.
 */
int predicates_judge(const struct happening *history, int at, enum pgmap_rule leave_out,
		     struct broken broken[MAX_BROKEN]);

/* The same for what has stood still for too long when event @at comes, at both addresses. */
int predicates_clock(const struct happening *history, int at, enum pgmap_rule leave_out,
		     struct broken broken[MAX_BROKEN]);

/* The same for what is left after @nr events, when nothing will come any more. */
int predicates_end(const struct happening *history, int nr, enum pgmap_rule leave_out,
		   struct broken broken[MAX_BROKEN]);

/* When event @at happens. */
int predicates_time(const struct happening *history, int at);

#endif
