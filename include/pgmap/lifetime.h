/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The automaton of a pagemap's life: states, steps and one constant table from
 * (state, step) to the next state and the rule that was broken. BPF uses it to
 * know what is worth a record, the core uses it to judge.
 */
#ifndef PGMAP_LIFETIME_H
#define PGMAP_LIFETIME_H

#include <pgmap/event.h>
#include <pgmap/rules.h>

/* UNKNOWN is zero on purpose: what nobody has written about is unknown. */
#define PGMAP_STATES(X)	\
	X(UNKNOWN)	\
	X(LIVE)	\
	X(KILLED)	\
	X(DRAINED)	\
	X(RELEASED)

/* What can happen to a pagemap; an add and a kill come in two kinds each. */
#define PGMAP_STEPS(X)	\
	X(ADD)	\
	X(ADD_ERROR)	\
	X(KILL)	\
	X(KILL_ADDING)	\
	X(DRAINED)	\
	X(RELEASE)	\
	X(ALLOC)	\
	X(FREE)	\
	X(FAULT)

#define PGMAP_VERDICTS(X)	\
	X(CLEAN, "clean")	\
	X(VIOLATED, "violated")	\
	X(INCONCLUSIVE, "inconclusive")

enum pgmap_state {
#define X(id) PGMAP_STATE_##id,
	PGMAP_STATES(X)
#undef X
	PGMAP_NR_STATES
};

enum pgmap_step {
	PGMAP_STEP_NONE,
#define X(id) PGMAP_STEP_##id,
	PGMAP_STEPS(X)
#undef X
	PGMAP_NR_STEPS
};

enum pgmap_verdict {
	PGMAP_VERDICT_NONE,
#define X(id, ...) PGMAP_VERDICT_##id,
	PGMAP_VERDICTS(X)
#undef X
	PGMAP_NR_VERDICTS
};

struct pgmap_transition {
	__u8 next;		/* enum pgmap_state */
	__u8 rule;		/* enum pgmap_rule that is broken, or none */
	__u8 severity;		/* of that rule in this state */
	__u8 birth;		/* a new generation begins */
};

#define PGMAP_GO(next)	{ PGMAP_STATE_##next, 0, 0, 0 }
#define PGMAP_BORN(next) { PGMAP_STATE_##next, 0, 0, 1 }
#define PGMAP_BAD(next, rule, severity) \
	{ PGMAP_STATE_##next, PGMAP_RULE_##rule, PGMAP_SEVERITY_##severity, 0 }
#define PGMAP_BORN_BAD(next, rule, severity) \
	{ PGMAP_STATE_##next, PGMAP_RULE_##rule, PGMAP_SEVERITY_##severity, 1 }

static const struct pgmap_transition pgmap_transitions[PGMAP_NR_STATES][PGMAP_NR_STEPS] = {
	[PGMAP_STATE_UNKNOWN] = {	/* taken over without a finding */
		[PGMAP_STEP_ADD]	 = PGMAP_BORN(LIVE),
		[PGMAP_STEP_ADD_ERROR]	 = PGMAP_BORN_BAD(RELEASED, ADD_FAILED, REPORT),
		[PGMAP_STEP_KILL]	 = PGMAP_GO(KILLED),
		[PGMAP_STEP_KILL_ADDING] = PGMAP_BORN(KILLED),
		[PGMAP_STEP_DRAINED]	 = PGMAP_GO(DRAINED),
		[PGMAP_STEP_RELEASE]	 = PGMAP_GO(RELEASED),
		[PGMAP_STEP_ALLOC]	 = PGMAP_GO(UNKNOWN),
		[PGMAP_STEP_FREE]	 = PGMAP_GO(UNKNOWN),
		[PGMAP_STEP_FAULT]	 = PGMAP_GO(UNKNOWN),
	},
	[PGMAP_STATE_LIVE] = {
		[PGMAP_STEP_ADD]	 = PGMAP_BORN_BAD(LIVE, ADD_ON_ACTIVE, ERROR),
		[PGMAP_STEP_ADD_ERROR]	 = PGMAP_BAD(LIVE, ADD_ON_ACTIVE, ERROR),
		[PGMAP_STEP_KILL]	 = PGMAP_GO(KILLED),
		[PGMAP_STEP_KILL_ADDING] = PGMAP_BORN_BAD(KILLED, ADD_ON_ACTIVE, ERROR),
		[PGMAP_STEP_DRAINED]	 = PGMAP_BAD(DRAINED, DRAINED_UNEXPECTED, ERROR),
		[PGMAP_STEP_RELEASE]	 = PGMAP_BAD(RELEASED, RELEASE_BEFORE_DRAINED, ERROR),
		[PGMAP_STEP_ALLOC]	 = PGMAP_GO(LIVE),
		[PGMAP_STEP_FREE]	 = PGMAP_GO(LIVE),
		[PGMAP_STEP_FAULT]	 = PGMAP_GO(LIVE),
	},
	[PGMAP_STATE_KILLED] = {	/* frees and faults are how it drains */
		[PGMAP_STEP_ADD]	 = PGMAP_BORN_BAD(LIVE, ADD_ON_ACTIVE, ERROR),
		[PGMAP_STEP_ADD_ERROR]	 = PGMAP_BAD(KILLED, ADD_ON_ACTIVE, ERROR),
		[PGMAP_STEP_KILL]	 = PGMAP_BAD(KILLED, DOUBLE_KILL, ERROR),
		[PGMAP_STEP_KILL_ADDING] = PGMAP_BORN_BAD(KILLED, ADD_ON_ACTIVE, ERROR),
		[PGMAP_STEP_DRAINED]	 = PGMAP_GO(DRAINED),
		[PGMAP_STEP_RELEASE]	 = PGMAP_BAD(RELEASED, RELEASE_BEFORE_DRAINED, ERROR),
		[PGMAP_STEP_ALLOC]	 = PGMAP_BAD(KILLED, ALLOC_AFTER_KILL, WARNING),
		[PGMAP_STEP_FREE]	 = PGMAP_GO(KILLED),
		[PGMAP_STEP_FAULT]	 = PGMAP_GO(KILLED),
	},
	[PGMAP_STATE_DRAINED] = {
		[PGMAP_STEP_ADD]	 = PGMAP_BORN_BAD(LIVE, ADD_ON_ACTIVE, ERROR),
		[PGMAP_STEP_ADD_ERROR]	 = PGMAP_BAD(DRAINED, ADD_ON_ACTIVE, ERROR),
		[PGMAP_STEP_KILL]	 = PGMAP_BAD(DRAINED, DOUBLE_KILL, ERROR),
		[PGMAP_STEP_KILL_ADDING] = PGMAP_BORN_BAD(KILLED, ADD_ON_ACTIVE, ERROR),
		[PGMAP_STEP_DRAINED]	 = PGMAP_BAD(DRAINED, DRAINED_UNEXPECTED, ERROR),
		[PGMAP_STEP_RELEASE]	 = PGMAP_GO(RELEASED),
		[PGMAP_STEP_ALLOC]	 = PGMAP_BAD(DRAINED, ALLOC_AFTER_KILL, ERROR),
		[PGMAP_STEP_FREE]	 = PGMAP_BAD(DRAINED, FREE_AFTER_RELEASE, ERROR),
		[PGMAP_STEP_FAULT]	 = PGMAP_BAD(DRAINED, FAULT_DEAD, ERROR),
	},
	[PGMAP_STATE_RELEASED] = {	/* a re-add is legal, all else is not */
		[PGMAP_STEP_ADD]	 = PGMAP_BORN(LIVE),
		[PGMAP_STEP_ADD_ERROR]	 = PGMAP_BORN_BAD(RELEASED, ADD_FAILED, REPORT),
		[PGMAP_STEP_KILL]	 = PGMAP_BAD(RELEASED, DOUBLE_KILL, ERROR),
		[PGMAP_STEP_KILL_ADDING] = PGMAP_BORN(KILLED),
		[PGMAP_STEP_DRAINED]	 = PGMAP_BAD(RELEASED, DRAINED_UNEXPECTED, ERROR),
		[PGMAP_STEP_RELEASE]	 = PGMAP_BAD(RELEASED, RELEASE_BEFORE_DRAINED, ERROR),
		[PGMAP_STEP_ALLOC]	 = PGMAP_BAD(RELEASED, ALLOC_AFTER_KILL, ERROR),
		[PGMAP_STEP_FREE]	 = PGMAP_BAD(RELEASED, FREE_AFTER_RELEASE, ERROR),
		[PGMAP_STEP_FAULT]	 = PGMAP_BAD(RELEASED, FAULT_DEAD, ERROR),
	},
};

#undef PGMAP_GO
#undef PGMAP_BORN
#undef PGMAP_BAD
#undef PGMAP_BORN_BAD

/* Page rules hold for PRIVATE and COHERENT pagemaps whose add was seen, no others. */
static inline int pgmap_rule_is_page_rule(__u32 rule)
{
#define X(id, level, severity, scope, ...)	\
	(__u32)(PGMAP_SCOPE_##scope == PGMAP_SCOPE_PAGE) << PGMAP_RULE_##id |
	return (PGMAP_RULES(X) 0) >> rule & 1;
#undef X
}

static inline int pgmap_type_has_page_rules(__u32 type)
{
	return type == PGMAP_TYPE_PRIVATE || type == PGMAP_TYPE_COHERENT;
}

/* The table's cell. Out of range counts as UNKNOWN and NONE: BPF wants a proof. */
static inline const struct pgmap_transition *pgmap_transition(__u32 state, __u32 step)
{
	if (state >= PGMAP_NR_STATES)
		state = PGMAP_STATE_UNKNOWN;
	if (step >= PGMAP_NR_STEPS)
		step = PGMAP_STEP_NONE;
	return &pgmap_transitions[state][step];
}

static inline int pgmap_step_is_watched(__u32 state, __u32 step)
{
	return pgmap_transition(state, step)->rule != PGMAP_RULE_NONE;
}

/* The page steps that break a rule in @state, one bit each. */
static inline __u32 pgmap_watched(__u32 state)
{
	return pgmap_step_is_watched(state, PGMAP_STEP_ALLOC) << PGMAP_STEP_ALLOC |
	       pgmap_step_is_watched(state, PGMAP_STEP_FREE) << PGMAP_STEP_FREE |
	       pgmap_step_is_watched(state, PGMAP_STEP_FAULT) << PGMAP_STEP_FAULT;
}

#endif
