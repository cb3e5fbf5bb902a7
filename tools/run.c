// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loop, and all lifetimes around it. The only place that prints errors
 * and picks exit codes.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "child.h"
#include "clock.h"
#include "core/model.h"
#include "findings_file.h"
#include "older.h"
#include "run.h"
#include "signals.h"
#include "stall.h"
#include "who.h"

/* Nothing waits longer than this, so that a held event is not late by more. */
#define TICK_NS		20000000ULL
#define FOREVER_NS	1000000000ULL

struct run {
	const struct pgmap_run_options *options;
	struct pgmap_source *source;
	struct pgmap_view *view;
	struct pgmap_findings_file findings;
	struct pgmap_reactor *reactor;
	struct pgmap_symbols *symbols;
	struct pgmap_stall stall;
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
	bool found;		/* a finding that ends the run has been made */
	bool complete;		/* the command ended by itself */
	__u64 told;		/* changes of findings */
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

static void tell_reason(struct run *run, const struct pgmap_finding *finding)
{
	struct pgmap_explanation explanation;

	if (!run->options->inspect || !pgmap_stall_explain(&run->stall, finding, &explanation))
		return;
	run->options->view->explanation(run->view, &explanation);
	if (run->findings.view)
		pgmap_view_json.explanation(run->findings.view, &explanation);
}

/* Shown, kept in the file, reacted to. */
static void tell_finding(struct run *run, const struct pgmap_finding *finding)
{
	const struct pgmap_run_options *options = run->options;
	enum pgmap_severity severity = pgmap_model_severity(&run->model, finding);

	options->view->finding(run->view, finding, severity);
	if (run->findings.view)
		pgmap_view_json.finding(run->findings.view, finding, severity);
	tell_reason(run, finding);
	pgmap_react(run->reactor, finding, severity);
	run->found |= options->reactions.stop;
}

/* Tells of what is new, or more severe than when it was told of last. */
static void announce(struct run *run)
{
	const struct pgmap_findings *findings = &run->model.findings;
	__u64 told = run->told;
	size_t i;

	if (findings->changes == told)
		return;
	run->told = findings->changes;
	for (i = 0; i < findings->nr; i++) {
		const struct pgmap_finding *finding = &findings->all[i];

		if (finding->change > told)
			tell_finding(run, finding);
	}
}

/* Shows the event first, then the findings it led to. */
static int on_event(void *context, const struct pgmap_event *ev)
{
	struct run *run = context;
	int err = 0;

	/* something may have stalled: how many pages are out now, not at the last interval? */
	if (pgmap_model_is_due(&run->model, ev->time_ns))
		err = run->options->source->read_counts(run->source, &run->who.sink);
	if (!err)
		err = pgmap_model_event(&run->model, ev);
	if (err)
		return err;
	if (run->options->stream && ev->event != PGMAP_EVENT_TICK)
		show_event(run, ev);
	announce(run);
	return 0;
}

static int on_counts(void *context, __u64 pgmap, __u32 generation,
		     const struct pgmap_counts *counts)
{
	struct run *run = context;

	return pgmap_model_counts(&run->model, pgmap, generation, counts);
}

static int on_latency(void *context, __u64 pgmap, __u32 generation, __u32 bucket, __u64 count)
{
	struct run *run = context;

	return pgmap_model_latency(&run->model, pgmap, generation, bucket, count);
}

static void on_lost(void *context, enum pgmap_loss cause, __u64 count)
{
	struct run *run = context;

	pgmap_model_lost(&run->model, cause, count);
}

static void on_sent(void *context, enum pgmap_event_id event, __u64 count)
{
	struct run *run = context;

	pgmap_model_sent(&run->model, event, count);
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

	if (pgmap_signals_stop_asked() || run->found)
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
	announce(run);
	if (!err && rest)
		err = end_interval(run, now);
	if (!err)
		err = take_snapshot(run, now, true);
	if (!err)
		options->view->report(run->view, &run->snapshot);
	if (!err && run->findings.view)
		pgmap_view_json.report(run->findings.view, &run->snapshot);
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
	int err;

	pgmap_model_set_sight(&run->model, options->source->sight(run->source));
	pgmap_signals_hold();
	run->start_ns = pgmap_now_ns();
	run->last_ns = run->start_ns;
	run->next_ns = run->start_ns + options->interval_ns;
	if (options->command) {
		err = pgmap_child_start(&run->child, options->command);
		if (err)
			return complain(options->command[0], err);
	}
	err = loop(run);
	/* what a command leaves behind that was not cut short, it leaves for good */
	run->complete = options->command && pgmap_child_has_ended(&run->child);
	pgmap_signals_release();
	pgmap_child_stop(&run->child);
	if (!err)
		err = report(run);
	return err ? complain("cannot read events", err) : exit_code(run);
}

static void show_facts(struct run *run)
{
	struct pgmap_fact facts[PGMAP_MAX_FACTS];
	struct pgmap_view_fact shown[PGMAP_MAX_FACTS + 1];
	size_t i, nr = run->options->source->facts(run->source, facts);

	for (i = 0; i < nr; i++)
		shown[i] = (struct pgmap_view_fact){ facts[i].key, facts[i].value };
	shown[nr++] = (struct pgmap_view_fact){ "older_pagemaps", run->older.text };
	run->options->view->facts(run->view, shown, nr);
}

static int open_views(struct run *run)
{
	struct pgmap_view_options show = run->options->show;
	int err = pgmap_symbols_open(&run->symbols, &run->options->symbols);

	if (err)
		return err;
	show.symbols = run->symbols;
	run->stall.symbols = run->symbols;
	run->stall.log = run->options->from.log;
	show.start_ns = pgmap_now_ns();
	show.real_offset_ns = pgmap_clock_ns(CLOCK_REALTIME) - show.start_ns;
	err = run->options->view->open(&run->view, &show);
	return err ? err : pgmap_findings_file_open(&run->findings, run->options->findings_path,
						    &show);
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
	err = open_views(run);
	if (err)
		return complain(run->findings.path && !run->findings.out ?
				run->findings.path : "cannot start", err);
	err = open_who(run);
	if (err)
		return complain("cannot start", err);
	if (pgmap_react_open(&run->reactor, &options->reactions, why, sizeof(why)) ||
	    options->source->open(&run->source, &options->from, why)) {
		fprintf(stderr, "pgmapstat: %s\n", why);
		return PGMAP_EXIT_ERROR;
	}
	if (options->inspect)
		err = pgmap_older_take_over(&run->older, &run->stall, options->source, run->source,
					    &run->who);
	return err ? complain("cannot read events", err) : PGMAP_EXIT_GOOD;
}

static enum pgmap_exit open_and_watch(struct run *run)
{
	enum pgmap_exit code = open_all(run);

	if (code != PGMAP_EXIT_GOOD)
		return code;
	if (!run->options->check_only)
		return watch(run);
	show_facts(run);
	return PGMAP_EXIT_GOOD;
}

enum pgmap_exit pgmap_run(const struct pgmap_run_options *options)
{
	struct run run = { .options = options };
	enum pgmap_exit code;

	run.sink = (struct pgmap_sink){
		.event = on_event,
		.counts = on_counts,
		.latency = on_latency,
		.lost = on_lost,
		.sent = on_sent,
		.context = &run,
	};
	code = open_and_watch(&run);
	options->source->free(run.source);
	pgmap_react_free(run.reactor);
	if (!pgmap_findings_file_close(&run.findings) && code == PGMAP_EXIT_GOOD)
		code = PGMAP_EXIT_ERROR;
	options->view->free(run.view);
	pgmap_stall_free(&run.stall);
	pgmap_who_free(&run.who);
	pgmap_symbols_free(run.symbols);
	pgmap_snapshot_free(&run.snapshot);
	pgmap_model_free(&run.model);
	return code;
}
