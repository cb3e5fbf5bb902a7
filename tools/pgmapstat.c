// SPDX-License-Identifier: GPL-2.0-only
/*
 * pgmapstat: live statistics and lifetime checks of device-memory pagemaps.
 * Finds the verb, lets it read the command line, and runs.
 */
#include <argp.h>
#include <string.h>

#include "verbs/verb.h"

const char *argp_program_version = "pgmapstat 0.1.0";

static const struct pgmap_verb *const verbs[] = {
	&pgmap_verb_top,
	&pgmap_verb_events,
	&pgmap_verb_check,
	&pgmap_verb_rules,
	&pgmap_verb_why,
	&pgmap_verb_list,
};

static const struct pgmap_verb *find_verb(const char *name)
{
	size_t i;

	for (i = 0; name && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(name, verbs[i]->name))
			return verbs[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct pgmap_verb *verb = find_verb(argv[1]);
	struct pgmap_run_options options;
	char name[64] = "pgmapstat ";

	argp_err_exit_status = PGMAP_EXIT_USAGE;
	if (verb) {
		/* usage messages shall name the verb */
		strcat(name, verb->name);
		argv[1] = name;
		argv++;
		argc--;
	} else {
		verb = &pgmap_verb_top;
	}
	if (verb->run)
		return verb->run(argc, argv);
	if (verb->run_with)
		return verb->run_with(argc, argv, &pgmap_source_live);
	if (verb->parse(argc, argv, &options))
		return PGMAP_EXIT_ERROR;
	options.source = &pgmap_source_live;
	options.inspect = true;
	return pgmap_run(&options);
}
