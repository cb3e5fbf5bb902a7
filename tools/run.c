// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loop, and all lifetimes around it. The only place that prints errors
 * and picks exit codes.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "child.h"
#include "clock.h"
#include "core/model.h"
#include "core/record.h"
#include "facts.h"
#include "intake.h"
#include "older.h"
#include "rights.h"
#include "run.h"
#include "signals.h"
#include "tell.h"
#include "who.h"

/* Nothing waits longer than this, so that a held event is not late by more. */
#define TICK_NS		20000000ULL
#define FOREVER_NS	1000000000ULL

struct run {
	const struct pgmap_run_options *options;
	struct pgmap_source *source;
	struct pgmap_view *view;
	struct pgmap_tell tell;
	struct pgmap_latencies latencies;
	struct pgmap_symbols *symbols;
	struct pgmap_model model;
	struct pgmap_snapshot snapshot;
	struct pgmap_sink sink;		/* the end of the way, behind @who */
	struct pgmap_who who;
	struct pgmap_older older;
	struct pgmap_child child;
	__u64 start_ns;
	__u64 last_ns;		/* end of the last interval */
	__u64 next_ns;		/* end of this one */
	__u64 done;		/* intervals */
	bool complete;		/* the command ended by itself */
};

static enum pgmap_exit complain(const char *what, int err)
{
	fprintf(stderr, "pgmapstat: %s: %s\n", what, strerror(-err));
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
	__u64 now = pgmap_now_ns();
	int err = 0;

	while (!err && !is_over(run, now)) {
		err = pgmap_signals_wait(fd, time_to_wait(run, now));
		if (err)
			break;
		now = pgmap_now_ns();
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

static int report(struct run *run)
{
	const struct pgmap_run_options *options = run->options;
	int err = options->source->read(run->source, ~0ULL, &run->who.sink);
	__u64 now = pgmap_now_ns();
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

	pgmap_signals_hold();
	run->start_ns = pgmap_now_ns();
	run->last_ns = run->start_ns;
	run->next_ns = run->start_ns + options->interval_ns;
	if (options->command) {
		err = pgmap_child_start(&run->child, options->command);
		if (err)
			return complain(options->command[0], err);
	}
	/* the command is the user's own, and has the rights that it would have without us */
	err = pgmap_rights_drop(options, run->source, &run->tell.stall, kept);
	if (err)
		return complain("cannot give up capabilities", err);
	err = loop(run);
	/* what a command leaves behind that was not cut short, it leaves for good */
	run->complete = options->command && pgmap_child_has_ended(&run->child);
	pgmap_signals_release();
	pgmap_child_stop(&run->child);
	if (!err)
		err = report(run);
	return err ? complain("cannot read events", err) : exit_code(run);
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
	show.start_ns = pgmap_now_ns();
	show.real_offset_ns = pgmap_clock_ns(CLOCK_REALTIME) - show.start_ns;
	err = run->options->view->open(&run->view, &show);
	run->tell.view = run->view;
	if (!err && !run->options->check_only)
		err = pgmap_latencies_open(&run->latencies, &run->options->latency, &run->model,
					   &show, why);
	if (err || !run->options->findings_path)
		return err;
	return pgmap_kept_open(&run->tell.file, run->options->findings_path, false, &show);
}

static int open_who(struct run *run)
{
	struct pgmap_naming_options naming = { .symbols = run->symbols };

	return pgmap_who_open(&run->who, &run->sink, &naming, run->options->from.driver);
}

/* Everything that has to be there before the first event. */
static enum pgmap_exit open_all(struct run *run)
{
	const struct pgmap_run_options *options = run->options;
	char why[PGMAP_WHY_LEN] = "";
	int err = pgmap_model_init(&run->model, &options->judge);

	if (err)
		return complain("cannot start", err);
	if (options->from.by && !options->source->can_group) {
		fprintf(stderr, "pgmapstat: the backend %s cannot tell faults apart by comm, cpu or phase\n",
			options->source->name);
		return PGMAP_EXIT_ERROR;
	}
	err = open_views(run, why);
	if (err && !*why)
		return complain(run->tell.file.path ? run->tell.file.path : "cannot start", err);
	if (!err)
		err = open_who(run);
	if (err && !*why)
		return complain("cannot start", err);
	if (err || pgmap_react_open(&run->tell.reactor, &options->reactions, why, sizeof(why)) ||
	    options->source->open(&run->source, &options->from, why)) {
		fprintf(stderr, "pgmapstat: %s\n", why);
		return PGMAP_EXIT_ERROR;
	}
	pgmap_model_set_sight(&run->model, options->source->sight(run->source));
	if (options->inspect)
		err = pgmap_older_take_over(&run->older, &run->tell.stall, options->source,
					    run->source, &run->who);
	return err ? complain("cannot read events", err) : PGMAP_EXIT_GOOD;
}

static enum pgmap_exit open_and_watch(struct run *run)
{
	enum pgmap_exit code = open_all(run);
	int err;

	if (code != PGMAP_EXIT_GOOD)
		return code;
	if (!run->options->check_only)
		return watch(run);
	err = pgmap_facts_show(run->options, run->source, &run->tell.stall, run->older.text,
			       run->view);
	return err ? complain("cannot give up capabilities", err) : PGMAP_EXIT_GOOD;
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
	pgmap_summary_free(&run.latencies.summary);
	options->view->free(run.view);
	pgmap_stall_free(&run.tell.stall);
	pgmap_who_free(&run.who);
	pgmap_symbols_free(run.symbols);
	pgmap_snapshot_free(&run.snapshot);
	pgmap_model_free(&run.model);
	return code;
}
