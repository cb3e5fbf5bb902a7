/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Names of every enum that people see, derived from the X-macros that define
 * them. For user space: BPF has no use for strings.
 */
#ifndef PGMAP_NAMES_H
#define PGMAP_NAMES_H

#include <pgmap/event.h>
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

#define X(id, text)	\
	[PGMAP_RULE_##id] = text,
PGMAP_NAME_OF(pgmap_rule_text, PGMAP_NR_RULES, PGMAP_RULES(X))
#undef X

#define X(id)	\
	[PGMAP_SEVERITY_##id] = #id,
PGMAP_NAME_OF(pgmap_severity_name, PGMAP_NR_SEVERITIES, PGMAP_SEVERITIES(X))
#undef X

#define X(id, name)	\
	[PGMAP_VERDICT_##id] = name,
PGMAP_NAME_OF(pgmap_verdict_name, PGMAP_NR_VERDICTS, PGMAP_VERDICTS(X))
#undef X

#endif
