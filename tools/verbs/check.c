// SPDX-License-Identifier: GPL-2.0-only
/* pgmapstat check [-d time] [-- command]: watch, then print the verdict. */
#include "common.h"
#include "verb.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct pgmap_run_options *to = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = to;
		return 0;
	case 'd':
		if (pgmap_parse_time(arg, &to->duration_ns))
			argp_error(state, "-d %s: not a time", arg);
		return 0;
	case ARGP_KEY_ARG:
		/* all the rest is the command's, its options too */
		to->command = &state->argv[state->next - 1];
		state->next = state->argc;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int parse_check(int argc, char **argv, struct pgmap_run_options *to)
{
	static const struct argp_option options[] = {
		{ "duration", 'd', "TIME", 0, "Stop after TIME: 10, 1.5s, 500ms, 2m, 1h", 0 },
		{ 0 }
	};
	static const struct argp_child children[] = { { &pgmap_common_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "[-- COMMAND [ARGUMENT...]]",
		.doc = "Watch all pagemaps while COMMAND runs, or for TIME, or until Ctrl-C; then print the verdict and each finding.\v"
		       "COMMAND starts when nothing can be missed any more; when TIME is over first, it is asked to end (SIGTERM).\n"
		       "Exit code: 2 a rule was violated, else 3 events were lost, else 1 an error or COMMAND failed, else 0; 129 usage.",
		.children = children,
	};

	pgmap_common_defaults(to);
	return -argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, to);
}

const struct pgmap_verb pgmap_verb_check = {
	.name = "check", .summary = "watch, then print the verdict", .parse = parse_check
};
