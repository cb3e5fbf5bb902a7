// SPDX-License-Identifier: GPL-2.0-only
/* pgmapstat [interval [count]]: the live table. What runs when no verb is given. */
#include "common.h"
#include "verb.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct pgmap_run_options *to = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = to;
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

static int parse_top(int argc, char **argv, struct pgmap_run_options *to)
{
	static const struct argp_child children[] = { { &pgmap_common_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "[INTERVAL [COUNT]]",
		.doc = "Show all device-memory pagemaps every INTERVAL seconds (1), COUNT times.\v"
		       "Verbs: pgmapstat events    the lifecycle as a stream\n"
		       "       pgmapstat check     watch, then print the verdict\n"
		       "       pgmapstat latency   how long faults, set-up and teardown took\n"
		       "       pgmapstat diff      compare saved latencies\n"
		       "       pgmapstat rules     the rules it judges by\n"
		       "       pgmapstat list      the pagemaps there are now\n"
		       "       pgmapstat why       why a pagemap hangs\n"
		       "Try pgmapstat VERB --help.\n\n"
		       "The first Ctrl-C shows the last interval and the verdict, a second one leaves at once.\n"
		       "Exit code: 0 good, 1 error, 2 a rule was violated, 3 events were lost, 129 usage.",
		.children = children,
	};

	pgmap_common_defaults(to);
	to->interval_ns = 1000000000;
	to->show.announce = true;
	return -argp_parse(&argp, argc, argv, 0, NULL, to);
}

const struct pgmap_verb pgmap_verb_top = {
	.name = "top", .summary = "the live table (the default)", .parse = parse_top
};
