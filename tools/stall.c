// SPDX-License-Identifier: GPL-2.0-only
/* Asks the inspection about a pagemap of which KILL_STALL was found. */
#include <stdio.h>
#include <string.h>

#include "inspect/inspect.h"
#include "stall.h"

/* Meanwhile events wait in the ring buffer, so not for long. */
#define LIMIT_NS 1000000000ULL

struct pgmap_inspector *pgmap_stall_inspector(struct pgmap_stall *stall, char *why, size_t size)
{
	struct pgmap_inspect_options options = {
		.symbols = stall->symbols, .limit_ns = LIMIT_NS, .log = stall->log
	};

	if (!stall->inspector && !stall->failed)
		stall->failed = pgmap_inspector_open(&stall->inspector, &options, stall->why,
						     sizeof(stall->why));
	snprintf(why, size, "%s", stall->why);
	return stall->inspector;
}

static bool is_ready(struct pgmap_stall *stall)
{
	char why[sizeof(stall->why)];

	if (pgmap_stall_inspector(stall, why, sizeof(why)))
		return true;
	if (!stall->told)
		fprintf(stderr, "pgmapstat: a stall cannot be explained: %s\n", why);
	stall->told = true;
	return false;
}

static void name(struct pgmap_explanation *explanation, const struct pgmap_finding *finding)
{
	/* what was known when it was added goes before what its memory says */
	if (!*explanation->driver)
		memcpy(explanation->driver, finding->driver, sizeof(explanation->driver));
	if (!*explanation->device)
		memcpy(explanation->device, finding->device, sizeof(explanation->device));
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
	name(explanation, finding);
	return explanation->state == PGMAP_STATE_KILLED;
}

void pgmap_stall_free(struct pgmap_stall *stall)
{
	pgmap_inspector_free(stall->inspector);
	stall->inspector = NULL;
}
