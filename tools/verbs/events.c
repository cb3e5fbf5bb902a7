// SPDX-License-Identifier: GPL-2.0-only
/* pgmapstat events: the lifecycle of all pagemaps as a stream. */
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
		argp_error(state, "%s: events takes no arguments", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int parse_events(int argc, char **argv, struct pgmap_run_options *to)
{
	static const struct argp_option options[] = {
		{ "duration", 'd', "TIME", 0, "Stop after TIME: 10, 1.5s, 500ms, 2m, 1h", 0 },
		{ 0 }
	};
	static const struct argp_child children[] = { { &pgmap_common_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.doc = "Show each step in the life of each pagemap as it happens.\v"
		       "Single pages are counted, not shown, unless a rule looks at them.\n"
		       "Exit code: 0 good, 1 error, 2 a rule was violated, 3 events were lost, 129 usage.",
		.children = children,
	};

	pgmap_common_defaults(to);
	to->stream = true;
	to->show.announce = true;
	return -argp_parse(&argp, argc, argv, 0, NULL, to);
}

const struct pgmap_verb pgmap_verb_events = {
	.name = "events", .summary = "the lifecycle as a stream", .parse = parse_events
};
