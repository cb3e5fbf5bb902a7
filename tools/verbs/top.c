// SPDX-License-Identifier: GPL-2.0-only
/* pgmapstat [interval [count]]: the live table. What runs when no verb is given. */
#include <errno.h>
#include <string.h>

#include "common.h"
#include "verb.h"

enum { KEY_ROWS = 'r', USUAL_ROWS = 100 };

#define NOT_SAID ((size_t)-1)

static const struct argp_option options[] = {
	{ "rows", KEY_ROWS, "N", 0,
	  "So many pagemaps at most (100; with --json all): what is on its way out, then the busiest; 0: all",
	  2 },
	{ 0 }
};

/* 0, which is no count, is all. */
static int parse_rows(const char *text, size_t *rows)
{
	__u64 value = 0;

	if (strcmp(text, "0") && pgmap_parse_count(text, &value))
		return -EINVAL;
	if (value > 1 << 20)
		return -EINVAL;
	*rows = value;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct pgmap_run_options *to = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = to;
		return 0;
	case KEY_ROWS:
		if (parse_rows(arg, &to->max_rows))
			argp_error(state, "--rows %s: not a number of pagemaps", arg);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num == 0 && pgmap_parse_time(arg, &to->interval_ns))
			argp_error(state, "%s: neither a verb nor an interval", arg);
		if (state->arg_num == 1 && pgmap_parse_count(arg, &to->count))
			argp_error(state, "%s: not a count", arg);
		if (state->arg_num > 1)
			argp_error(state, "%s: one argument too many", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* argp prints, and frees, what this returns for a part of the help if that is another text */
static char *add_verbs(int key, const char *text, void *input)
{
	char *added = key == ARGP_KEY_HELP_POST_DOC ? pgmap_verbs_help(text) : NULL;

	(void)input;
	return added ? added : (char *)text;
}

static int parse_top(int argc, char **argv, struct pgmap_run_options *to)
{
	static const struct argp_child children[] = { { &pgmap_common_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "[INTERVAL [COUNT]]",
		.doc = "Show the device-memory pagemaps there are every INTERVAL seconds (1), COUNT times.\v"
		       "Try pgmapstat VERB --help.\n\n"
		       "The first Ctrl-C shows the last interval and the verdict, a second one leaves at once.\n"
		       "Exit code: 0 good, 1 error, 2 a rule was violated, 3 events were lost, 129 usage.",
		.children = children,
		.help_filter = add_verbs,
	};
	int err;

	pgmap_common_defaults(to);
	to->interval_ns = 1000000000;
	to->show.announce = true;
	to->max_rows = NOT_SAID;
	err = -argp_parse(&argp, argc, argv, 0, NULL, to);
	if (to->max_rows == NOT_SAID)
		to->max_rows = to->view == &pgmap_view_table ? USUAL_ROWS : 0;
	return err;
}

const struct pgmap_verb pgmap_verb_top = {
	.name = "top", .summary = "the live table (the default)", .parse = parse_top
};
