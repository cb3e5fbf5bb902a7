// SPDX-License-Identifier: GPL-2.0-only
/* pgmapstat report FILE -o OUT: a recording as a page to look at. */
#include <string.h>

#include "common.h"
#include "verb.h"

enum { KEY_PERFETTO = 256 };

static const struct argp_option options[] = {
	{ "output", 'o', "OUT", 0, "Write the page, in HTML, to OUT", 1 },
	{ "perfetto", KEY_PERFETTO, "OUT", 0,
	  "Also write a trace that Perfetto opens, in JSON trace-event format", 1 },
	{ 0 }
};

static void check(const struct pgmap_run_options *to, const struct argp_state *state)
{
	const struct pgmap_plot_options *plot = &to->plot;

	if (!plot->html_path)
		argp_error(state, "-o OUT: where is the page to be written?");
	if (plot->html_path && plot->trace_path && !strcmp(plot->html_path, plot->trace_path))
		argp_error(state, "--perfetto %s: that is the page", plot->trace_path);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct pgmap_run_options *to = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = to;
		return 0;
	case 'o':
		to->plot.html_path = arg;
		return 0;
	case KEY_PERFETTO:
		to->plot.trace_path = arg;
		return 0;
	case ARGP_KEY_END:
		pgmap_parse_recording(key, arg, state);
		check(to, state);
		return 0;
	default:
		return pgmap_parse_recording(key, arg, state);
	}
}

static int parse_report(int argc, char **argv, struct pgmap_run_options *to)
{
	static const struct argp_child children[] = { { &pgmap_shown_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "FILE -o OUT",
		.doc = "Read FILE as pgmapstat replay does, and write a page that shows it: lifetimes, latencies of faults over time, counts and percentiles of each pagemap. The page needs no other file and no network. Then print findings and verdict.\v"
		       "OUT changes only once all of it is written.\n"
		       "Exit code: 1 FILE cannot be read or OUT not be written, else 2 a rule was violated, else 3 events are missing, else 0; 129 usage.",
		.children = children,
	};

	pgmap_common_defaults(to);
	to->show.quiet = true;
	to->latency.tool = argp_program_version;
	return -argp_parse(&argp, argc, argv, 0, NULL, to);
}

const struct pgmap_verb pgmap_verb_report = {
	.name = "report", .summary = "a recording as a page to look at", .parse = parse_report
};
