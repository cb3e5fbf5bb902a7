// SPDX-License-Identifier: GPL-2.0-only
/* pgmapstat why [PGMAP]: why a pagemap hangs, asked while it does. */
#include <stdio.h>

#include "../clock.h"
#include "../inspect/inspect.h"
#include "../naming.h"
#include "common.h"
#include "verb.h"

enum { KEY_JSON = 256, KEY_DEBUGINFO, KEY_LIMIT };

enum { MAX_STUCK = 64, WHY_LEN = 256 };

struct why_options {
	const struct pgmap_view_ops *view;
	struct pgmap_symbols_options symbols;
	struct pgmap_inspect_options inspect;
	bool timestamps;
	__u64 pgmap;		/* 0: all that hang */
};

struct why {
	const struct why_options *options;
	struct pgmap_symbols *symbols;
	struct pgmap_naming *naming;
	struct pgmap_inspector *inspector;
	struct pgmap_view *view;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct why_options *to = state->input;

	switch (key) {
	case KEY_JSON:
		to->view = &pgmap_view_json;
		return 0;
	case KEY_DEBUGINFO:
		to->symbols.debuginfo = arg;
		return 0;
	case KEY_LIMIT:
		if (pgmap_parse_time(arg, &to->inspect.limit_ns))
			argp_error(state, "--limit %s: not a time", arg);
		return 0;
	case 'T':
		to->timestamps = true;
		return 0;
	case 'v':
		to->inspect.log = pgmap_log_to_stderr;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num)
			argp_error(state, "%s: one argument too many", arg);
		if (pgmap_parse_address(arg, &to->pgmap))
			argp_error(state, "%s: not the address of a pagemap", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void name(struct why *why, struct pgmap_explanation *one)
{
	struct pgmap_evidence evidence = {
		.callback = one->callback, .range = one->nr_known ? &one->ranges[0] : NULL
	};

	pgmap_naming_find(why->naming, &evidence, one->driver, one->device);
}

static enum pgmap_exit explain(struct why *why, __u64 pgmap)
{
	struct pgmap_explanation explanation;
	char reason[WHY_LEN];

	if (pgmap_inspector_explain(why->inspector, pgmap, &explanation, reason, sizeof(reason)))
		return pgmap_complain(reason);
	name(why, &explanation);
	why->options->view->explanation(why->view, &explanation);
	return PGMAP_EXIT_GOOD;
}

static enum pgmap_exit explain_stuck(struct why *why)
{
	__u64 pgmaps[MAX_STUCK];
	int i, nr = pgmap_inspector_stuck(why->inspector, pgmaps, MAX_STUCK);
	enum pgmap_exit code = PGMAP_EXIT_GOOD;

	if (nr < 0)
		return pgmap_complain("the tasks of this kernel could not be looked at, which takes BPF: name a pagemap (pgmapstat list)");
	for (i = 0; i < nr; i++) {
		/* what drained meanwhile is no error, but another one may be */
		if (explain(why, pgmaps[i]) != PGMAP_EXIT_GOOD && nr == 1)
			code = PGMAP_EXIT_ERROR;
	}
	if (nr == MAX_STUCK)
		fprintf(stderr, "pgmapstat: there may be more than these %d\n", nr);
	if (!nr && why->options->view == &pgmap_view_table)
		puts("nothing is stuck: no task waits for a pagemap to drain");
	return code;
}

static enum pgmap_exit open_and_explain(struct why *why)
{
	struct pgmap_inspect_options inspect = why->options->inspect;
	struct pgmap_naming_options naming = { 0 };
	struct pgmap_view_options show = {
		.out = stdout,
		.timestamps = why->options->timestamps,
		.start_ns = pgmap_now_ns(),
	};
	char reason[WHY_LEN];

	show.real_offset_ns = pgmap_clock_ns(CLOCK_REALTIME) - show.start_ns;
	if (pgmap_symbols_open(&why->symbols, &why->options->symbols))
		return pgmap_complain("cannot start: out of memory");
	inspect.symbols = why->symbols;
	naming.symbols = why->symbols;
	show.symbols = why->symbols;
	if (pgmap_inspector_open(&why->inspector, &inspect, reason, sizeof(reason)))
		return pgmap_complain(reason);
	if (pgmap_naming_open(&why->naming, &naming) ||
	    why->options->view->open(&why->view, &show))
		return pgmap_complain("cannot start: out of memory");
	return why->options->pgmap ? explain(why, why->options->pgmap) : explain_stuck(why);
}

static enum pgmap_exit run_why(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "json", KEY_JSON, NULL, 0, "One JSON object a line", 0 },
		{ "debuginfo", KEY_DEBUGINFO, "PATH", 0,
		  "vmlinux with debug info, or a directory of it and modules: file and line in stacks",
		  0 },
		{ "limit", KEY_LIMIT, "TIME", 0,
		  "Look for holders so long for each pagemap (5s)", 0 },
		{ "timestamp", 'T', NULL, 0, "Show the time of day (JSON)", 0 },
		{ "verbose", 'v', NULL, 0, "Show on stderr what the libraries say", 0 },
		{ 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "[PGMAP]",
		.doc = "Explain why pagemaps that are being unmapped do not drain: who waits, how many references and pages are left, and who holds them.\v"
		       "Without PGMAP: all that a task waits for. With PGMAP, an address in hexadecimal: that one, in whatever state.\n\n"
		       "Exit code: 0 good, also when nothing hangs; 1 error, as for an address without a pagemap; 129 usage.",
	};
	struct why_options to = {
		.view = &pgmap_view_table, .inspect = { .limit_ns = 5000000000ULL }
	};
	struct why why = { .options = &to };
	const char *missing;
	enum pgmap_exit code;

	argp_parse(&argp, argc, argv, 0, NULL, &to);
	code = open_and_explain(&why);
	missing = to.symbols.debuginfo ? pgmap_symbols_missing(why.symbols) : NULL;
	if (missing)
		fprintf(stderr, "pgmapstat: %s\n", missing);
	to.view->free(why.view);
	pgmap_inspector_free(why.inspector);
	pgmap_naming_free(why.naming);
	pgmap_symbols_free(why.symbols);
	return code;
}

const struct pgmap_verb pgmap_verb_why = {
	.name = "why", .summary = "why a pagemap hangs", .run = run_why
};
