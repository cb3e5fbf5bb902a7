/* SPDX-License-Identifier: GPL-2.0-only */
/* Options about judging: which rules, how closely to look, what to do at a finding. */
#ifndef PGMAP_VERBS_JUDGING_H
#define PGMAP_VERBS_JUDGING_H

#include <argp.h>

#include "../run.h"

/* For the children of the common parser; its input is a struct pgmap_run_options. */
extern const struct argp pgmap_judging_argp;

/* One or more names of enum pgmap_rule in any case, separated by commas, into a set. */
int pgmap_parse_rules(const char *text, __u32 *rules);

/*
 * The actions of --on-finding: trace[=FILE], stop, and exec=COMMAND, which takes the rest of
 * @text, commas too. Changes @text and points into it. Returns 0 or -EINVAL.
 */
int pgmap_parse_reactions(char *text, struct pgmap_reactions *reactions);

#endif
