/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Names of every enum that people see, derived from the X-macros that define
 * them. For user space: BPF has no use for strings.
 */
#ifndef PGMAP_NAMES_H
#define PGMAP_NAMES_H

#include <pgmap/event.h>
#include <pgmap/grouping.h>
#include <pgmap/inspect.h>
#include <pgmap/lifetime.h>

#define PGMAP_NAME_OF(function, limit, ...)	\
	static inline const char *function(unsigned int id)	\
	{	\
		static const char *const names[limit] = { __VA_ARGS__ };	\
	\
		return id < (limit) && names[id] ? names[id] : "?";	\
	}

#define X(id, name)	\
	[PGMAP_EVENT_##id] = name,
PGMAP_NAME_OF(pgmap_event_name, PGMAP_NR_EVENTS, PGMAP_EVENTS(X))
#undef X

#define X(id)	\
	[PGMAP_TYPE_##id] = #id,
PGMAP_NAME_OF(pgmap_type_name, PGMAP_NR_TYPES, PGMAP_TYPES(X))
#undef X

#define X(id, name, text)	\
	[PGMAP_PHASE_##id] = name,
PGMAP_NAME_OF(pgmap_phase_name, PGMAP_NR_PHASES, PGMAP_PHASES(X))
#undef X

#define X(id, name)	\
	[PGMAP_LOSS_##id] = name,
PGMAP_NAME_OF(pgmap_loss_name, PGMAP_NR_LOSSES, PGMAP_LOSSES(X))
#undef X

#define X(id)	\
	[PGMAP_STATE_##id] = #id,
PGMAP_NAME_OF(pgmap_state_name, PGMAP_NR_STATES, PGMAP_STATES(X))
#undef X

#define X(id, ...)	\
	[PGMAP_RULE_##id] = #id,
PGMAP_NAME_OF(pgmap_rule_name, PGMAP_NR_RULES, PGMAP_RULES(X))
#undef X

#define X(id, level, severity, scope, needs, text, ...)	\
	[PGMAP_RULE_##id] = text,
PGMAP_NAME_OF(pgmap_rule_text, PGMAP_NR_RULES, PGMAP_RULES(X))
#undef X

#define X(id, level, severity, scope, needs, text, hazards)	\
	[PGMAP_RULE_##id] = hazards,
PGMAP_NAME_OF(pgmap_rule_hazards, PGMAP_NR_RULES, PGMAP_RULES(X))
#undef X

#define X(id, name)	\
	[PGMAP_SIGHT_NR_##id] = name,
PGMAP_NAME_OF(pgmap_sight_name, PGMAP_NR_SIGHTS, PGMAP_SIGHTS(X))
#undef X

#define X(id, text)	\
	[PGMAP_LEVEL_##id] = text,
PGMAP_NAME_OF(pgmap_level_text, PGMAP_NR_LEVELS, PGMAP_LEVELS(X))
#undef X

#define X(id)	\
	[PGMAP_SEVERITY_##id] = #id,
PGMAP_NAME_OF(pgmap_severity_name, PGMAP_NR_SEVERITIES, PGMAP_SEVERITIES(X))
#undef X

#define X(id, name)	\
	[PGMAP_VERDICT_##id] = name,
PGMAP_NAME_OF(pgmap_verdict_name, PGMAP_NR_VERDICTS, PGMAP_VERDICTS(X))
#undef X

#define X(id, text)	\
	[PGMAP_UNKNOWN_##id] = #id,
PGMAP_NAME_OF(pgmap_unknown_name, PGMAP_NR_UNKNOWNS, PGMAP_UNKNOWNS(X))
#undef X

#define X(id, text)	\
	[PGMAP_UNKNOWN_##id] = text,
PGMAP_NAME_OF(pgmap_unknown_text, PGMAP_NR_UNKNOWNS, PGMAP_UNKNOWNS(X))
#undef X

#define X(id, name)	\
	[PGMAP_BY_##id] = name,
PGMAP_NAME_OF(pgmap_by_name, PGMAP_NR_BYS, PGMAP_BYS(X))
#undef X

#define X(id, name, text)	\
	[PGMAP_METRIC_##id] = name,
PGMAP_NAME_OF(pgmap_metric_name, PGMAP_NR_METRICS, PGMAP_METRICS(X))
#undef X

#define X(id, name, text)	\
	[PGMAP_METRIC_##id] = text,
PGMAP_NAME_OF(pgmap_metric_text, PGMAP_NR_METRICS, PGMAP_METRICS(X))
#undef X

#define X(id, name)	\
	[PGMAP_CHANGE_##id] = name,
PGMAP_NAME_OF(pgmap_change_name, PGMAP_NR_CHANGES, PGMAP_CHANGES(X))
#undef X

/* The level and the usual severity of a rule. */
static inline enum pgmap_level pgmap_rule_level(unsigned int rule)
{
#define X(id, level, ...)	\
	[PGMAP_RULE_##id] = PGMAP_LEVEL_##level,
	static const unsigned char levels[PGMAP_NR_RULES] = { PGMAP_RULES(X) };
#undef X

	return rule < PGMAP_NR_RULES ? levels[rule] : PGMAP_LEVEL_NONE;
}

static inline enum pgmap_severity pgmap_rule_severity(unsigned int rule)
{
#define X(id, level, severity, ...)	\
	[PGMAP_RULE_##id] = PGMAP_SEVERITY_##severity,
	static const unsigned char severities[PGMAP_NR_RULES] = { PGMAP_RULES(X) };
#undef X

	return rule < PGMAP_NR_RULES ? severities[rule] : PGMAP_SEVERITY_NONE;
}

/* What a source must be able to show for a rule: a set of PGMAP_SIGHT_*. */
static inline __u32 pgmap_rule_needs(unsigned int rule)
{
#define X(id, level, severity, scope, needs, ...)	\
	[PGMAP_RULE_##id] = needs,
	static const __u32 all[PGMAP_NR_RULES] = { PGMAP_RULES(X) };
#undef X

	return rule < PGMAP_NR_RULES ? all[rule] : 0;
}

#endif
