// SPDX-License-Identifier: GPL-2.0-only
/* pgmapstat latency [-d time] [--by what] [-- command]: how long things took. */
#include <errno.h>
#include <string.h>

#include <pgmap/names.h>

#include "common.h"
#include "verb.h"

enum {
	KEY_BY = 512,
	KEY_CSV,
	KEY_SAVE,
	KEY_REPLAY,
};

static int parse_by(const char *text, enum pgmap_by *by)
{
	int id;

	for (id = PGMAP_BY_NONE + 1; id < PGMAP_NR_BYS; id++) {
		if (strcmp(text, pgmap_by_name(id)))
			continue;
		*by = id;
		return 0;
	}
	return -EINVAL;
}

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
	case KEY_BY:
		if (parse_by(arg, &to->latency.by))
			argp_error(state, "--by %s: not one of pgmap, driver, type, node, comm, cpu, phase",
				   arg);
		return 0;
	case KEY_CSV:
		to->view = &pgmap_view_csv;
		return 0;
	case KEY_SAVE:
		to->latency.save_path = arg;
		return 0;
	case KEY_REPLAY:
		to->from.file = arg;
		return 0;
	case ARGP_KEY_ARG:
		/* all the rest is the command's, its options too */
		to->command = &state->argv[state->next - 1];
		state->next = state->argc;
		return 0;
	case ARGP_KEY_END:
		if (to->from.file && (to->command || to->duration_ns || to->show.timestamps))
			argp_error(state, "--replay: without -d, -T and COMMAND");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int parse_latency(int argc, char **argv, struct pgmap_run_options *to)
{
	static const struct argp_option options[] = {
		{ "duration", 'd', "TIME", 0, "Stop after TIME: 10, 1.5s, 500ms, 2m, 1h", 0 },
		{ "by", KEY_BY, "WHAT", 0,
		  "Tell apart by pgmap (each by itself), driver, type, node, comm, cpu, phase", 0 },
		{ "csv", KEY_CSV, NULL, 0,
		  "CSV, a line for each metric; findings and the verdict go to stderr", 0 },
		{ "save", KEY_SAVE, "FILE", 0,
		  "Keep the result in FILE, for pgmapstat diff; what FILE has is replaced", 0 },
		{ "replay", KEY_REPLAY, "FILE", 0,
		  "Measure what FILE has recorded, see pgmapstat replay; nothing is watched", 0 },
		{ 0 }
	};
	static const struct argp_child children[] = { { &pgmap_common_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "[-- COMMAND [ARGUMENT...]]",
		.doc = "Measure while COMMAND runs, or for TIME, or until Ctrl-C: CPU faults on device-private memory, set-up (memremap_pages()), drain (kill to drained) and release (drained to released).\v"
		       "Percentiles are within 1.6 %, mean and maximum are exact. comm, cpu and phase tell faults apart only: by who left them, where, and by what was done in them; node is the pagemap's.\n"
		       "unended, unstarted: what begun or ended without its other half; no latency is made of it.\n\n"
		       "Exit code: 2 a rule was violated, else 3 events were lost, else 1 an error or COMMAND failed, else 0; 129 usage.",
		.children = children,
	};
	int err;

	pgmap_common_defaults(to);
	to->latency.by = PGMAP_BY_PGMAP;
	to->latency.tool = argp_program_version;
	to->show.quiet = true;
	err = -argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, to);
	if (pgmap_by_needs_groups(to->latency.by))
		to->from.by = to->latency.by;
	return err;
}

const struct pgmap_verb pgmap_verb_latency = {
	.name = "latency", .summary = "how long things took", .parse = parse_latency
};
