// SPDX-License-Identifier: GPL-2.0-only
/* The verbs there are, and what the help says of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verb.h"

static const struct pgmap_verb *const verbs[] = {
	&pgmap_verb_top,
	&pgmap_verb_events,
	&pgmap_verb_check,
	&pgmap_verb_record,
	&pgmap_verb_replay,
	&pgmap_verb_report,
	&pgmap_verb_latency,
	&pgmap_verb_diff,
	&pgmap_verb_rules,
	&pgmap_verb_why,
	&pgmap_verb_list,
};

enum { NR_VERBS = sizeof(verbs) / sizeof(verbs[0]) };

const struct pgmap_verb *pgmap_verb_find(const char *name)
{
	size_t i;

	for (i = 0; name && i < NR_VERBS; i++)
		if (!strcmp(name, verbs[i]->name))
			return verbs[i];
	return NULL;
}

char *pgmap_verbs_help(const char *rest)
{
	char *text = NULL;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (i = 0; i < NR_VERBS; i++)
		fprintf(out, "%-6s pgmapstat %-9s %s\n", i ? "" : "Verbs:", verbs[i]->name,
			verbs[i]->summary);
	fputs(rest, out);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}
