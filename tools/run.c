// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loop, and all lifetimes around it. The only place that prints errors
 * and picks exit codes.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/record.h"
#include "facts.h"
#include "intake.h"
#include "rights.h"
#include "run_state.h"
#include "signals.h"

/* Nothing waits longer than this, so that a held event is not late by more. */
#define TICK_NS		20000000ULL
#define FOREVER_NS	1000000000ULL

/* One line about what the source could not do. */
static enum pgmap_exit complain_of_source(const struct run *run, int err)
{
	const struct pgmap_source_ops *ops = run->options->source;
	const char *failure = ops->failure ? ops->failure(run->source) : NULL;

	if (!failure)
		return pgmap_run_complain("cannot read events", err);
	fprintf(stderr, "pgmapstat: %s\n", failure);
	return PGMAP_EXIT_ERROR;
}

/* ---- source -> model -> view ---- */

static void show_event(struct run *run, const struct pgmap_event *ev)
{
	struct pgmap_row row;
	bool known = pgmap_snapshot_row(&row, &run->model, ev);

	run->options->view->event(run->view, ev, known ? &row : NULL);
}

/* Of the sink, whose context is the model. Shows the event first, then the findings it led to. */
static int on_event(void *context, const struct pgmap_event *ev)
{
	struct run *run = (struct run *)((char *)context - offsetof(struct run, model));
	__u64 breaches = run->model.findings.breaches;
	int err = 0;

	/* something may have stalled: how many pages are out now, not at the last interval? */
	if (pgmap_model_is_due(&run->model, ev->time_ns))
		err = run->options->source->read_counts(run->source, &run->who.sink);
	if (!err)
		err = pgmap_model_event(&run->model, ev);
	if (err)
		return err;
	/* of single pages only what broke a rule, however many the source sends */
	if (run->options->stream && ev->event != PGMAP_EVENT_TICK &&
	    (!pgmap_record_is_to_count(ev) || run->model.findings.breaches > breaches))
		show_event(run, ev);
	pgmap_tell_findings(&run->tell, &run->model);
	return 0;
}

/* ---- intervals ---- */

static int take_snapshot(struct run *run, __u64 now, bool all)
{
	int err = run->options->source->read_counts(run->source, &run->who.sink);

	if (err)
		return err;
	run->snapshot.older_unknown = *run->older.unknown ? run->older.unknown : NULL;
	run->snapshot.max_rows = all ? 0 : run->options->max_rows;
	pgmap_model_set_sight(&run->model, run->options->source->sight(run->source));
	return pgmap_snapshot_take(&run->snapshot, &run->model, now, now - run->last_ns, all);
}

static int end_interval(struct run *run, __u64 now)
{
	int err = take_snapshot(run, now, false);

	if (err)
		return err;
	run->options->view->snapshot(run->view, &run->snapshot);
	pgmap_model_mark(&run->model);
	run->last_ns = now;
	run->done++;
	while (run->next_ns <= now)
		run->next_ns += run->options->interval_ns;
	return 0;
}

static bool is_over(struct run *run, __u64 now)
{
	const struct pgmap_run_options *options = run->options;

	if (pgmap_signals_stop_asked() || run->tell.enough)
		return true;
	if (options->command && pgmap_child_has_ended(&run->child))
		return true;
	if (pgmap_run_is_replay(run) && !options->source->is_holding(run->source))
		return true;
	if (options->count && run->done >= options->count)
		return true;
	return options->duration_ns && now - run->start_ns >= options->duration_ns;
}

static __u64 sooner(__u64 a, __u64 b)
{
	return a < b ? a : b;
}

static __u64 time_to_wait(const struct run *run, __u64 now)
{
	const struct pgmap_run_options *options = run->options;
	__u64 wait = options->source->is_holding(run->source) ? TICK_NS : FOREVER_NS;

	if (pgmap_run_is_replay(run))
		return 0;
	if (options->interval_ns)
		wait = sooner(wait, run->next_ns > now ? run->next_ns - now : 0);
	if (options->duration_ns)
		wait = sooner(wait, run->start_ns + options->duration_ns - now);
	return wait;
}

static int loop(struct run *run)
{
	const struct pgmap_run_options *options = run->options;
	int fd = options->source->fd(run->source);
	__u64 now = pgmap_run_now(run);
	int err = 0;

	while (!err && !is_over(run, now)) {
		err = pgmap_signals_wait(fd, time_to_wait(run, now));
		if (err)
			break;
		now = pgmap_run_now(run);
		err = options->source->read(run->source, now, &run->who.sink);
		if (!err && options->interval_ns && now >= run->next_ns)
			err = end_interval(run, now);
	}
	return err;
}

/* ---- the end ---- */

static int show_latencies(struct run *run, __u64 now)
{
	const struct pgmap_run_options *options = run->options;
	struct pgmap_summary *summary = &run->latencies.summary;
	int err;

	if (!options->latency.by)
		return 0;
	summary->origin = pgmap_latencies_origin(options->latency.tool, options->source,
						 run->source);
	err = pgmap_summary_finish(summary, &run->model, now, now - run->start_ns);
	if (err)
		return err;
	options->view->latencies(run->view, summary);
	pgmap_latencies_save(&run->latencies);
	return 0;
}

/* Says itself what failed. */
static bool plots_fail(struct run *run)
{
	const struct pgmap_run_options *options = run->options;
	const struct pgmap_origin origin = pgmap_latencies_origin(options->latency.tool,
								  options->source, run->source);
	struct pgmap_plot plot = {
		.snapshot = &run->snapshot, .origin = &origin, .file = options->from.file
	};
	char why[PGMAP_WHY_LEN];

	if (!pgmap_plots_write(&run->plots, &run->model, run->start_ns, &plot, why))
		return false;
	fprintf(stderr, "pgmapstat: %s\n", why);
	return true;
}

static int report(struct run *run)
{
	const struct pgmap_run_options *options = run->options;
	int err = options->source->read(run->source, ~0ULL, &run->who.sink);
	__u64 now = pgmap_run_now(run);
	/* with a count the last interval is complete already */
	bool rest = options->interval_ns && !(options->count && run->done >= options->count);

	if (!err)
		err = options->source->read_counts(run->source, &run->who.sink);
	pgmap_model_end(&run->model, now, run->complete);
	pgmap_tell_findings(&run->tell, &run->model);
	if (!err && rest)
		err = end_interval(run, now);
	if (!err)
		err = take_snapshot(run, now, true);
	if (!err)
		err = show_latencies(run, now);
	if (!err)
		options->view->report(run->view, &run->snapshot);
	if (!err && run->tell.file.view)
		pgmap_view_json.report(run->tell.file.view, &run->snapshot);
	return err;
}

static enum pgmap_exit exit_code(const struct run *run)
{
	char failure[128];
	bool failed = pgmap_child_failure(&run->child, failure, sizeof(failure));

	if (failed)
		fprintf(stderr, "pgmapstat: command %s %s\n", run->options->command[0], failure);
	switch (run->snapshot.verdict) {
	case PGMAP_VERDICT_VIOLATED:
		return PGMAP_EXIT_VIOLATED;
	case PGMAP_VERDICT_INCONCLUSIVE:
		return PGMAP_EXIT_INCOMPLETE;
	default:
		return failed ? PGMAP_EXIT_ERROR : PGMAP_EXIT_GOOD;
	}
}

static enum pgmap_exit watch(struct run *run)
{
	const struct pgmap_run_options *options = run->options;
	char kept[PGMAP_RIGHTS_LEN];
	int err;

	run->start_ns = pgmap_run_now(run);
	run->last_ns = run->start_ns;
	run->next_ns = run->start_ns + options->interval_ns;
	if (options->command) {
		err = pgmap_child_start(&run->child, options->command);
		if (err)
			return pgmap_run_complain(options->command[0], err);
	}
	/* the command is the user's own, and has the rights that it would have without us */
	err = pgmap_rights_drop(options, run->source, &run->tell.stall, kept);
	if (err)
		return pgmap_run_complain("cannot give up capabilities", err);
	err = loop(run);
	/* what a command leaves behind that was not cut short, it leaves for good */
	run->complete = options->command && pgmap_child_has_ended(&run->child);
	if (pgmap_run_is_replay(run))
		run->complete = options->source->is_complete(run->source);
	pgmap_signals_release();
	pgmap_child_stop(&run->child);
	if (!err)
		err = report(run);
	if (err)
		return complain_of_source(run, err);
	return plots_fail(run) ? PGMAP_EXIT_ERROR : exit_code(run);
}

static enum pgmap_exit open_and_watch(struct run *run)
{
	enum pgmap_exit code = pgmap_run_open(run);
	int err;

	if (code != PGMAP_EXIT_GOOD)
		return code;
	if (!run->options->check_only)
		return watch(run);
	err = pgmap_facts_show(run->options, run->source, &run->tell.stall, run->older.text,
			       run->view);
	return err ? pgmap_run_complain("cannot give up capabilities", err) : PGMAP_EXIT_GOOD;
}

/* Whoever reads the file is to know when the disk was full. */
static enum pgmap_exit close_file(struct pgmap_kept *kept, enum pgmap_exit code)
{
	if (!pgmap_kept_close(kept))
		return code;
	fprintf(stderr, "pgmapstat: cannot write all of %s: is the disk full?\n", kept->path);
	return code == PGMAP_EXIT_GOOD ? PGMAP_EXIT_ERROR : code;
}

enum pgmap_exit pgmap_run(const struct pgmap_run_options *options)
{
	struct run run = { .options = options, .tell.options = options };
	enum pgmap_exit code;

	run.sink = pgmap_intake(&run.model);
	run.sink.event = on_event;
	code = open_and_watch(&run);
	options->source->free(run.source);
	pgmap_react_free(run.tell.reactor);
	code = close_file(&run.tell.file, code);
	code = close_file(&run.latencies.file, code);
	pgmap_plots_free(&run.plots);
	pgmap_summary_free(&run.latencies.summary);
	options->view->free(run.view);
	pgmap_stall_free(&run.tell.stall);
	pgmap_who_free(&run.who);
	pgmap_symbols_free(run.symbols);
	pgmap_snapshot_free(&run.snapshot);
	pgmap_model_free(&run.model);
	return code;
}
