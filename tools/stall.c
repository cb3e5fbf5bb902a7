// SPDX-License-Identifier: GPL-2.0-only
/* Asks the inspection about a pagemap of which KILL_STALL was found. */
#include <stdio.h>

#include "inspect/inspect.h"
#include "stall.h"

/* Meanwhile events wait in the ring buffer, so not for long. */
#define LIMIT_NS 1000000000ULL

void pgmap_stall_prepare(struct pgmap_stall *stall)
{
	struct pgmap_inspect_options options = {
		.symbols = stall->symbols, .limit_ns = LIMIT_NS, .log = stall->log
	};

	if (!stall->inspector && !stall->failed)
		stall->failed = pgmap_inspector_open(&stall->inspector, &options, stall->why,
						     sizeof(stall->why));
}

static bool is_ready(struct pgmap_stall *stall)
{
	pgmap_stall_prepare(stall);
	/* once, and only to those who need it */
	if (stall->failed && *stall->why)
		fprintf(stderr, "pgmapstat: a stall cannot be explained: %s\n", stall->why);
	*stall->why = 0;
	return !stall->failed;
}

bool pgmap_stall_explain(struct pgmap_stall *stall, const struct pgmap_finding *finding,
			 struct pgmap_explanation *explanation)
{
	char why[sizeof(stall->why)];

	/* what cannot be read has been released meanwhile */
	if (finding->rule != PGMAP_RULE_KILL_STALL || !is_ready(stall) ||
	    pgmap_inspector_explain(stall->inspector, finding->pgmap, explanation, why,
				    sizeof(why)))
		return false;
	explanation->generation = finding->generation;
	return explanation->state == PGMAP_STATE_KILLED;
}

void pgmap_stall_free(struct pgmap_stall *stall)
{
	pgmap_inspector_free(stall->inspector);
	stall->inspector = NULL;
}
