// SPDX-License-Identifier: GPL-2.0-only
/* Opens what a run consists of, in the order in which nothing is missed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <pgmap/names.h>

#include "clock.h"
#include "run_state.h"
#include "signals.h"

enum pgmap_exit pgmap_run_complain(const char *what, int err)
{
	fprintf(stderr, "pgmapstat: %s: %s\n", what, strerror(-err));
	return PGMAP_EXIT_ERROR;
}

bool pgmap_run_is_replay(const struct run *run)
{
	return run->options->source->now;
}

__u64 pgmap_run_now(const struct run *run)
{
	return pgmap_run_is_replay(run) ? run->options->source->now(run->source) : pgmap_now_ns();
}

static int open_views(struct run *run, char why[PGMAP_WHY_LEN])
{
	struct pgmap_view_options show = run->options->show;
	int err = pgmap_symbols_open(&run->symbols, &run->options->symbols);

	if (err)
		return err;
	show.symbols = run->symbols;
	run->tell.stall.symbols = run->symbols;
	run->tell.stall.log = run->options->from.log;
	show.start_ns = pgmap_run_now(run);
	show.real_offset_ns = pgmap_clock_ns(CLOCK_REALTIME) - show.start_ns;
	err = run->options->view->open(&run->view, &show);
	run->tell.view = run->view;
	if (!err && !run->options->check_only)
		err = pgmap_latencies_open(&run->latencies, &run->options->latency, &run->model,
					   &show, why);
	if (!err)
		err = pgmap_plots_open(&run->plots, &run->options->plot, run->options->from.file,
				       &run->model, why);
	if (err || !run->options->findings_path)
		return err;
	return pgmap_kept_open(&run->tell.file, run->options->findings_path, false, &show);
}

static int open_who(struct run *run)
{
	struct pgmap_naming_options naming = { .symbols = run->symbols };

	/* what a file does not name, this machine does not know */
	return pgmap_who_open(&run->who, &run->sink, pgmap_run_is_replay(run) ? NULL : &naming,
			      run->options->from.driver);
}

static enum pgmap_exit refuse(const char *why)
{
	fprintf(stderr, "pgmapstat: %s\n", why);
	return PGMAP_EXIT_ERROR;
}

/* Views and what is between them and the source. */
static enum pgmap_exit open_sinks(struct run *run)
{
	char why[PGMAP_WHY_LEN] = "";
	int err = open_views(run, why);

	if (err && !*why)
		return pgmap_run_complain(run->tell.file.path ? : "cannot start", err);
	if (!err)
		err = open_who(run);
	if (err && !*why)
		return pgmap_run_complain("cannot start", err);
	if (err || pgmap_react_open(&run->tell.reactor, &run->options->reactions, why,
				    sizeof(why)))
		return refuse(why);
	return PGMAP_EXIT_GOOD;
}

static enum pgmap_exit open_source(struct run *run)
{
	char why[PGMAP_WHY_LEN] = "";

	if (run->options->source->open(&run->source, &run->options->from, why))
		return refuse(why);
	pgmap_model_set_sight(&run->model, run->options->source->sight(run->source));
	return PGMAP_EXIT_GOOD;
}

/* A running kernel is watched once all else is there; a file says from when on views count. */
static enum pgmap_exit open_both(struct run *run)
{
	enum pgmap_exit code = pgmap_run_is_replay(run) ? open_source(run) : open_sinks(run);

	if (code != PGMAP_EXIT_GOOD)
		return code;
	return pgmap_run_is_replay(run) ? open_sinks(run) : open_source(run);
}

static enum pgmap_exit refuse_groups(const struct run *run)
{
	const char *who = pgmap_run_is_replay(run) ? "a recording" : run->options->source->name;

	fprintf(stderr, "pgmapstat: %s does not show %ss of faults, which takes BPF\n", who,
		pgmap_by_name(run->options->from.by));
	return PGMAP_EXIT_ERROR;
}

/*
 * Names of symbols are megabytes, and where the kernel names drivers most runs ask for none again.
 * Else the callback of each pagemap that comes is looked up, and there is no time to read all the
 * names first: its device may be unbound the next moment.
 */
static void rest(struct run *run)
{
	const struct pgmap_source_ops *ops = run->options->source;

	if (!ops->attaches || !ops->attaches(run->source))
		pgmap_symbols_rest(run->symbols);
}

enum pgmap_exit pgmap_run_open(struct run *run)
{
	const struct pgmap_run_options *options = run->options;
	int err = pgmap_model_init(&run->model, &options->judge);
	enum pgmap_exit code;

	if (err)
		return pgmap_run_complain("cannot start", err);
	if (options->from.by && !(options->source->groups & 1U << options->from.by))
		return refuse_groups(run);
	code = open_both(run);
	if (code != PGMAP_EXIT_GOOD)
		return code;
	/* from the first word of output on a run ends with its last one, too */
	if (!options->check_only)
		pgmap_signals_hold();
	if (options->inspect)
		err = pgmap_older_take_over(&run->older, &run->tell.stall, options->source,
					    run->source, &run->who);
	rest(run);
	return err ? pgmap_run_complain("cannot read events", err) : PGMAP_EXIT_GOOD;
}
