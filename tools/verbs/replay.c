// SPDX-License-Identifier: GPL-2.0-only
/* pgmapstat replay FILE: what check would have said while FILE was recorded. */
#include "common.h"
#include "verb.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct pgmap_run_options *to = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = to;
		return 0;
	default:
		return pgmap_parse_recording(key, arg, state);
	}
}

static int parse_replay(int argc, char **argv, struct pgmap_run_options *to)
{
	static const struct argp_child children[] = { { &pgmap_shown_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "FILE",
		.doc = "Read FILE, a trace.dat of trace-cmd record -e memremap or a perf.data of perf record -a -e 'memremap:*'; then print what check would have printed: each pagemap, each finding, the verdict.\v"
		       "Times are those of FILE. pgmapstat latency --replay FILE shows its latencies.\n"
		       "Exit code: 2 a rule was violated, else 3 events are missing, else 1 FILE cannot be read, else 0; 129 usage.",
		.children = children,
	};

	pgmap_common_defaults(to);
	return -argp_parse(&argp, argc, argv, 0, NULL, to);
}

const struct pgmap_verb pgmap_verb_replay = {
	.name = "replay", .summary = "what check would have said of a recording",
	.parse = parse_replay
};
