// SPDX-License-Identifier: GPL-2.0-only
/* pgmapstat list: the pagemaps there are now. It needs no event. */
#include <stdio.h>
#include <string.h>

#include "../clock.h"
#include "../inspect/inspect.h"
#include "../naming.h"
#include "../source/filter.h"
#include "common.h"
#include "verb.h"

enum { KEY_JSON = 256 };

enum { WHY_LEN = 256 };

struct list_options {
	const struct pgmap_view_ops *view;
	struct pgmap_inspect_options inspect;
	bool timestamps;
	struct pgmap_source_options from;	/* type and pgmap of it */
	const char *driver;	/* NULL all */
};

struct list {
	const struct list_options *options;
	struct pgmap_symbols *symbols;
	struct pgmap_naming *naming;
	struct pgmap_inspector *inspector;
	struct pgmap_view *view;
	struct pgmap_listing listing;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct list_options *to = state->input;

	switch (key) {
	case KEY_JSON:
		to->view = &pgmap_view_json;
		return 0;
	case 'D':
		to->driver = arg;
		return 0;
	case 'T':
		to->timestamps = true;
		return 0;
	case 'v':
		to->inspect.log = pgmap_log_to_stderr;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "%s: one argument too many", arg);
		return 0;
	default:
		return pgmap_parse_filter(key, arg, state, &to->from);
	}
}

static void name(struct list *list, struct pgmap_listed *one)
{
	struct pgmap_evidence evidence = {
		.callback = one->callback, .range = one->nr_known ? &one->ranges[0] : NULL
	};

	pgmap_naming_find(list->naming, &evidence, one->driver, one->device);
}

static bool is_wanted(const struct list_options *options, const struct pgmap_listed *one)
{
	return pgmap_source_wants(&options->from, one->pgmap, one->type, one->driver) &&
	       (!options->driver || !strcmp(options->driver, one->driver));
}

/* Names first: a filter asks for them. */
static void name_and_filter(struct list *list)
{
	struct pgmap_listing *listing = &list->listing;
	size_t i, nr = 0;

	for (i = 0; i < listing->nr; i++) {
		name(list, &listing->all[i]);
		if (is_wanted(list->options, &listing->all[i]))
			listing->all[nr++] = listing->all[i];
	}
	listing->nr = nr;
}

static enum pgmap_exit open_and_list(struct list *list)
{
	struct pgmap_inspect_options inspect = list->options->inspect;
	struct pgmap_naming_options naming = { 0 };
	struct pgmap_view_options show = {
		.out = stdout,
		.timestamps = list->options->timestamps,
		.start_ns = pgmap_now_ns(),
	};
	char reason[WHY_LEN];

	show.real_offset_ns = pgmap_clock_ns(CLOCK_REALTIME) - show.start_ns;
	if (pgmap_symbols_open(&list->symbols, NULL))
		return pgmap_complain("cannot start: out of memory");
	inspect.symbols = list->symbols;
	naming.symbols = list->symbols;
	show.symbols = list->symbols;
	if (pgmap_naming_open(&list->naming, &naming) ||
	    list->options->view->open(&list->view, &show))
		return pgmap_complain("cannot start: out of memory");
	if (pgmap_inspector_open(&list->inspector, &inspect, reason, sizeof(reason)))
		return pgmap_complain(reason);
	if (pgmap_inspector_list(list->inspector, &list->listing, reason, sizeof(reason))) {
		fprintf(stderr, "pgmapstat: pagemaps cannot be found: %s\n", reason);
		return PGMAP_EXIT_ERROR;
	}
	name_and_filter(list);
	list->options->view->listing(list->view, &list->listing);
	return PGMAP_EXIT_GOOD;
}

static enum pgmap_exit run_list(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ NULL, 't', "TYPE", 0,
		  "Only pagemaps of TYPE: PRIVATE, COHERENT, FS_DAX, GENERIC, PCI_P2PDMA", 0 },
		{ NULL, 'D', "DRIVER", 0, "Only pagemaps of this driver", 0 },
		{ NULL, 'p', "PGMAP", 0, "Only the pagemap at this address (hexadecimal)", 0 },
		{ "json", KEY_JSON, NULL, 0, "One JSON object a line", 0 },
		{ "timestamp", 'T', NULL, 0, "Show the time of day (JSON)", 0 },
		{ "verbose", 'v', NULL, 0,
		  "Show on stderr how they were found and what the libraries say", 0 },
		{ 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.doc = "List the pagemaps that are mapped now, whoever mapped them and when.\v"
		       "refs: references left once a pagemap dies; until then they are counted on each CPU.\n"
		       "What the kernel does not tell is shown as -.\n\n"
		       "Exit code: 0 good, also when there is none; 1 error; 129 usage.",
	};
	struct list_options to = { .view = &pgmap_view_table };
	struct list list = { .options = &to };
	enum pgmap_exit code;

	argp_parse(&argp, argc, argv, 0, NULL, &to);
	code = open_and_list(&list);
	to.view->free(list.view);
	pgmap_listing_free(&list.listing);
	pgmap_inspector_free(list.inspector);
	pgmap_naming_free(list.naming);
	pgmap_symbols_free(list.symbols);
	return code;
}

const struct pgmap_verb pgmap_verb_list = {
	.name = "list", .summary = "the pagemaps there are now", .run = run_list
};
