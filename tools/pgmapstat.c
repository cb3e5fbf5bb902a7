// SPDX-License-Identifier: GPL-2.0-only
/*
 * pgmapstat: live statistics and lifetime checks of device-memory pagemaps.
 * Finds the verb, lets it read the command line, and runs.
 */
#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "descriptors.h"
#include "verbs/verb.h"

const char *argp_program_version = "pgmapstat 0.1.0";

/* Trace records stand in for BPF where there is no right to it: without stacks, and slower. */
static const struct pgmap_source_ops *choose_source(const struct pgmap_source_options *from)
{
	char why[PGMAP_WHY_LEN], other[PGMAP_WHY_LEN];

	if (from->file)
		return &pgmap_source_file;
	if (from->backend == PGMAP_BACKEND_TRACEFS)
		return &pgmap_source_tracefs;
	if (from->backend != PGMAP_BACKEND_AUTO || from->probe_get ||
	    !pgmap_source_live.check(why) || pgmap_source_tracefs.check(other))
		return &pgmap_source_live;
	fprintf(stderr, "pgmapstat: backend tracefs, without stacks, since BPF cannot be used: %s\n",
		why);
	return &pgmap_source_tracefs;
}

int main(int argc, char **argv)
{
	const struct pgmap_verb *verb = pgmap_verb_find(argv[1]);
	struct pgmap_run_options options;
	char name[64] = "pgmapstat ";

	argp_err_exit_status = PGMAP_EXIT_USAGE;
	pgmap_descriptors_raise();
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
	options.source = choose_source(&options.from);
	options.inspect = !options.from.file;
	return pgmap_run(&options);
}
