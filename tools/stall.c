// SPDX-License-Identifier: GPL-2.0-only
/* Asks the inspection about a pagemap of which KILL_STALL was found. */
#include <stdio.h>

#include "inspect/inspect.h"
#include "stall.h"

/* Meanwhile events wait in the ring buffer, so not for long. */
#define LIMIT_NS 1000000000ULL

enum { WHY_LEN = 256 };

static bool is_ready(struct pgmap_stall *stall)
{
	struct pgmap_inspect_options options = {
		.symbols = stall->symbols, .limit_ns = LIMIT_NS, .log = stall->log
	};
	char why[WHY_LEN];

	if (stall->inspector || stall->failed)
		return !stall->failed;
	stall->failed = pgmap_inspector_open(&stall->inspector, &options, why, sizeof(why));
	if (stall->failed)
		fprintf(stderr, "pgmapstat: a stall cannot be explained: %s\n", why);
	return !stall->failed;
}

bool pgmap_stall_explain(struct pgmap_stall *stall, const struct pgmap_finding *finding,
			 struct pgmap_explanation *explanation)
{
	char why[WHY_LEN];

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
