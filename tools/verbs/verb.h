/* SPDX-License-Identifier: GPL-2.0-only */
/* What the user can ask for: one row of verbs.c and one file each. */
#ifndef PGMAP_VERBS_VERB_H
#define PGMAP_VERBS_VERB_H

#include "../run.h"

struct pgmap_verb {
	const char *name;
	const char *summary;
	/*
	 * Command line -> options, which point into @argv. Usage errors and
	 * --help end the process, as argp does; returns 0 or a negative errno.
	 */
	int (*parse)(int argc, char **argv, struct pgmap_run_options *options);
	/* Instead of @parse, for a verb that observes nothing: all of it. Returns the exit code. */
	enum pgmap_exit (*run)(int argc, char **argv);
	/* As @run, of a verb that asks @source what it could show. */
	enum pgmap_exit (*run_with)(int argc, char **argv, const struct pgmap_source_ops *source);
};

extern const struct pgmap_verb pgmap_verb_top;
extern const struct pgmap_verb pgmap_verb_events;
extern const struct pgmap_verb pgmap_verb_check;
extern const struct pgmap_verb pgmap_verb_record;
extern const struct pgmap_verb pgmap_verb_replay;
extern const struct pgmap_verb pgmap_verb_report;
extern const struct pgmap_verb pgmap_verb_latency;
extern const struct pgmap_verb pgmap_verb_diff;
extern const struct pgmap_verb pgmap_verb_rules;
extern const struct pgmap_verb pgmap_verb_why;
extern const struct pgmap_verb pgmap_verb_list;

/* That of this name, which may be NULL; NULL: there is none. */
const struct pgmap_verb *pgmap_verb_find(const char *name);

/* A line for each verb, then @rest; to be freed. NULL: no memory. */
char *pgmap_verbs_help(const char *rest);

#endif
