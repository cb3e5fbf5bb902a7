// SPDX-License-Identifier: GPL-2.0-only
/* pgmapstat diff BASE NEW, or BASE... -- NEW...: what has become slower. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pgmap/names.h>

#include "../saved/saved.h"
#include "common.h"
#include "verb.h"

enum {
	KEY_JSON = 256,
	KEY_FORCE,
	KEY_RATIO,
	KEY_FAIL_OVER,
	KEY_FLOOR,
	KEY_MIN_COUNT,
	KEY_MEAN,
};

enum { WHY_LEN = 256, DEFAULT_RATIO = 50, DEFAULT_MIN_COUNT = 20 };

#define DEFAULT_FLOOR_NS 200ULL

struct side {
	const char *paths[PGMAP_MAX_RUNS];
	struct pgmap_summary runs[PGMAP_MAX_RUNS];
	__u32 nr;
};

struct diff_options {
	const struct pgmap_view_ops *view;
	struct pgmap_compare_options compare;
	bool fail;	/* --fail-over: the exit code tells */
	bool force;
	struct side base;
	struct side fresh;
};

/* ---- the command line ---- */

/* "10%" or "10": per cent, with a fraction. Returns 0 or -EINVAL. */
static int parse_percent(const char *text, __u32 *permille)
{
	char *rest;
	double value = strtod(text, &rest);

	if (rest == text || (strcmp(rest, "%") && *rest) || !(value * 10 >= PGMAP_RATIO_MIN) ||
	    !(value <= 10000))
		return -EINVAL;
	*permille = lround(value * 10);
	return 0;
}

static void take_path(struct side *side, const char *path, struct argp_state *state)
{
	if (side->nr == PGMAP_MAX_RUNS)
		argp_error(state, "%s: more than %d runs on one side", path, PGMAP_MAX_RUNS);
	else
		side->paths[side->nr++] = path;
}

/* Without -- two files are one on each side. */
static void check_paths(struct diff_options *to, struct argp_state *state)
{
	if (!state->quoted && to->base.nr == 2) {
		take_path(&to->fresh, to->base.paths[1], state);
		to->base.nr = 1;
	}
	if (!to->base.nr || !to->fresh.nr)
		argp_error(state, "name two files, or those before and those after --");
}

static void parse_ratio(const char *name, const char *arg, struct argp_state *state)
{
	struct diff_options *to = state->input;

	if (parse_percent(arg, &to->compare.ratio_permille))
		argp_error(state, "%s %s: not a percentage of at least %d: buckets are no finer",
			   name, arg, PGMAP_RATIO_MIN / 10);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct diff_options *to = state->input;

	switch (key) {
	case KEY_JSON:
		to->view = &pgmap_view_json;
		return 0;
	case KEY_FORCE:
		to->force = true;
		return 0;
	case KEY_RATIO:
		parse_ratio("--ratio", arg, state);
		return 0;
	case KEY_FAIL_OVER:
		parse_ratio("--fail-over", arg, state);
		to->fail = true;
		return 0;
	case KEY_FLOOR:
		if (pgmap_parse_time(arg, &to->compare.floor_ns))
			argp_error(state, "--floor %s: not a time", arg);
		return 0;
	case KEY_MIN_COUNT:
		if (pgmap_parse_count(arg, &to->compare.min_count))
			argp_error(state, "--min-count %s: not a count", arg);
		return 0;
	case KEY_MEAN:
		to->compare.mean = true;
		return 0;
	case ARGP_KEY_ARG:
		take_path(state->quoted ? &to->fresh : &to->base, arg, state);
		return 0;
	case ARGP_KEY_END:
		check_paths(to, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* ---- the files ---- */

static bool read_side(struct side *side)
{
	char why[PGMAP_SAVED_WHY_LEN];
	__u32 i;

	for (i = 0; i < side->nr; i++) {
		if (!pgmap_saved_read(side->paths[i], &side->runs[i], why))
			continue;
		fprintf(stderr, "pgmapstat: %s: %s\n", side->paths[i], why);
		return false;
	}
	return true;
}

/* All are held against the first of base. Returns false when they cannot be compared. */
static bool check_run(const struct diff_options *options, const struct side *side, __u32 which)
{
	const struct pgmap_summary *first = &options->base.runs[0], *run = &side->runs[which];
	const char *path = side->paths[which];
	char why[WHY_LEN];

	if (first->by != run->by) {
		fprintf(stderr, "pgmapstat: %s is by %s and %s by %s: they have nothing in common\n",
			options->base.paths[0], pgmap_by_name(first->by), path,
			pgmap_by_name(run->by));
		return false;
	}
	if (options->force)
		return true;
	if (pgmap_summaries_differ(first, run, why, sizeof(why))) {
		fprintf(stderr, "pgmapstat: %s and %s differ in %s; --force compares them all the same\n",
			options->base.paths[0], path, why);
		return false;
	}
	if (run->incomplete)
		fprintf(stderr, "pgmapstat: %s: events were lost in that run; --force compares it all the same\n",
			path);
	return !run->incomplete;
}

static bool check_side(const struct diff_options *options, const struct side *side)
{
	__u32 i;

	for (i = 0; i < side->nr; i++)
		if (!check_run(options, side, i))
			return false;
	return true;
}

/* ---- the verdict ---- */

static enum pgmap_exit show(const struct diff_options *options, const struct pgmap_diff *diff)
{
	struct pgmap_view_options to_stdout = { .out = stdout };
	struct pgmap_view *view;

	if (options->view->open(&view, &to_stdout)) {
		fprintf(stderr, "pgmapstat: out of memory\n");
		return PGMAP_EXIT_ERROR;
	}
	options->view->diff(view, diff);
	options->view->free(view);
	if (options->fail && diff->comparisons->changes[PGMAP_CHANGE_SLOWER])
		return PGMAP_EXIT_VIOLATED;
	if (!options->fail || diff->conclusive)
		return PGMAP_EXIT_GOOD;
	fprintf(stderr, "pgmapstat: inconclusive: values are missing or too few to say that nothing is slower\n");
	return PGMAP_EXIT_INCOMPLETE;
}

static enum pgmap_exit compare(const struct diff_options *options)
{
	const struct pgmap_runs base = { .all = options->base.runs, .nr = options->base.nr };
	const struct pgmap_runs fresh = { .all = options->fresh.runs, .nr = options->fresh.nr };
	struct pgmap_comparisons comparisons = { 0 };
	struct pgmap_diff diff = {
		.base = &base,
		.fresh = &fresh,
		.options = &options->compare,
		.comparisons = &comparisons,
	};
	enum pgmap_exit code = PGMAP_EXIT_ERROR;

	if (pgmap_compare(&comparisons, &base, &fresh, &options->compare)) {
		fprintf(stderr, "pgmapstat: out of memory\n");
	} else {
		diff.conclusive = pgmap_comparisons_are_conclusive(&comparisons, &options->compare);
		code = show(options, &diff);
	}
	pgmap_comparisons_free(&comparisons);
	return code;
}

static void free_side(struct side *side)
{
	__u32 i;

	for (i = 0; i < side->nr; i++)
		pgmap_summary_free(&side->runs[i]);
}

static enum pgmap_exit run_diff(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "json", KEY_JSON, NULL, 0, "One JSON object", 0 },
		{ "fail-over", KEY_FAIL_OVER, "PERCENT", 0,
		  "Exit with 2 when something is slower by PERCENT, with 3 when that cannot be said",
		  0 },
		{ "ratio", KEY_RATIO, "PERCENT", 0, "Least difference that is one (5%)", 0 },
		{ "floor", KEY_FLOOR, "TIME", 0, "Least difference in time (200ns)", 0 },
		{ "min-count", KEY_MIN_COUNT, "N", 0,
		  "Least number of values on each side (20)", 0 },
		{ "mean", KEY_MEAN, NULL, 0,
		  "Compare means, too: exact, where percentiles are within 1.6 %, but one outlier moves them",
		  0 },
		{ "force", KEY_FORCE, NULL, 0,
		  "Compare also what is of another architecture, backend or number of CPUs, or lost events",
		  0 },
		{ 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "BASE NEW\nBASE... -- NEW...",
		.doc = "Compare latencies that pgmapstat latency --save has kept; several files are runs of the same work.\v"
		       "Pagemaps are matched by type, driver, device and, of those alike, their order. p50 and p99 count as changed when all of it holds: the ratio, the difference in time, values enough, 99 % confidence intervals that do not meet and, with several runs, runs that are apart.\n\n"
		       "Exit code: 0 good; 1 error, as for files that are not alike; 129 usage; with --fail-over also 2 slower, 3 inconclusive.",
	};
	static struct diff_options to;	/* large */
	enum pgmap_exit code = PGMAP_EXIT_ERROR;

	to.view = &pgmap_view_table;
	to.compare = (struct pgmap_compare_options){
		.ratio_permille = DEFAULT_RATIO,
		.floor_ns = DEFAULT_FLOOR_NS,
		.min_count = DEFAULT_MIN_COUNT,
	};
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &to);
	if (read_side(&to.base) && read_side(&to.fresh) && check_side(&to, &to.base) &&
	    check_side(&to, &to.fresh))
		code = compare(&to);
	free_side(&to.base);
	free_side(&to.fresh);
	return code;
}

const struct pgmap_verb pgmap_verb_diff = {
	.name = "diff", .summary = "compare saved latencies", .run = run_diff
};
