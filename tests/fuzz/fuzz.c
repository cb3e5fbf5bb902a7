// SPDX-License-Identifier: GPL-2.0-only
/*
 * A libFuzzer target: a stream of events goes through the order of a source into core
 * and out through both views, as in a run of pgmapstat. libFuzzer and the sanitizers
 * see crashes, leaks and undefined behaviour; check.c sees the rest.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "decode.h"
#include "source/order.h"
#include "view/view.h"

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);

enum { NR_VIEWS = 2, MAX_MANY = 1500, FEW = 40, TOO_MANY = 4000 };

static const struct pgmap_view_ops *const views[NR_VIEWS] = {
	&pgmap_view_table, &pgmap_view_json,
};

struct run {
	__u8 flags;
	struct pgmap_judge_options judge;
	struct pgmap_model model;
	struct pgmap_snapshot snapshot;
	struct pgmap_order order;
	struct pgmap_view *views[NR_VIEWS];
	struct pgmap_event last;	/* for MANY */
	__u64 now_ns;
	__u64 out_ns;			/* time of the newest event that came out */
	__u64 older;			/* events that came out older than that */
	__u64 lost;			/* the source's, that make it inconclusive */
	int many_left;
	bool wild;			/* events may be refused */
	int err;			/* what ended it */
};

/* ---- memory that runs out ---- */

static long allocations_left = -1;	/* -1: for ever */

void *__real_calloc(size_t nr, size_t size);
void *__wrap_calloc(size_t nr, size_t size);
void *__real_reallocarray(void *old, size_t nr, size_t size);
void *__wrap_reallocarray(void *old, size_t nr, size_t size);

static bool is_out_of_memory(void)
{
	return allocations_left >= 0 && allocations_left-- == 0;
}

void *__wrap_calloc(size_t nr, size_t size)
{
	return is_out_of_memory() ? NULL : __real_calloc(nr, size);
}

void *__wrap_reallocarray(void *old, size_t nr, size_t size)
{
	return is_out_of_memory() ? NULL : __real_reallocarray(old, nr, size);
}

/* ---- what a run does with events ---- */

static void show_finding(struct run *run, int view, const struct pgmap_finding *finding)
{
	views[view]->finding(run->views[view], finding,
			     pgmap_model_severity(&run->model, finding));
}

static void show_event(struct run *run, const struct pgmap_event *ev, __u64 told)
{
	const struct pgmap_findings *findings = &run->model.findings;
	struct pgmap_row row;
	bool known = pgmap_snapshot_row(&row, &run->model, ev);
	size_t i;
	int v;

	for (v = 0; v < NR_VIEWS && run->views[v]; v++) {
		views[v]->event(run->views[v], ev, known ? &row : NULL);
		for (i = 0; i < findings->nr; i++)
			if (findings->all[i].change > told)
				show_finding(run, v, &findings->all[i]);
	}
}

static void deliver(struct run *run, const struct pgmap_event *ev)
{
	__u64 told = run->model.findings.changes;
	int err = pgmap_model_event(&run->model, ev);

	must(err == 0 || err == -ENOMEM || err == -EINVAL);
	must(err != -ENOMEM || allocations_left == -1);
	/* ranges without end are refused, too */
	must(err != -EINVAL || run->wild || ev->event == PGMAP_EVENT_RANGE);
	/* no source gives out what is no event, so a run would end there: this one goes on */
	if (err == -ENOMEM)
		run->err = err;
	if (!err)
		show_event(run, ev, told);
}

/* Only what came too late, and was counted as that, may be older than what went out. */
static void take_out(struct run *run, const struct pgmap_event *ev)
{
	if (ev->time_ns < run->out_ns)
		must(++run->older <= run->order.late);
	else
		run->out_ns = ev->time_ns;
	must(run->order.newest_out == run->out_ns);
	deliver(run, ev);
}

static void pop_until(struct run *run, __u64 watermark)
{
	struct pgmap_event ev;

	while (!run->err && pgmap_order_pop(&run->order, watermark, &ev)) {
		must(ev.time_ns <= watermark);
		take_out(run, &ev);
	}
	pgmap_model_lost(&run->model, PGMAP_LOSS_LATE, run->order.late);
}

static void push(struct run *run, const struct pgmap_event *ev)
{
	struct pgmap_event oldest;
	__u64 late;
	int err;

	/* as the live source does it: the oldest goes early */
	if (run->order.nr == PGMAP_ORDER_MAX) {
		must(pgmap_order_push(&run->order, ev) == -ENOSPC);
		must(pgmap_order_pop(&run->order, ~0ULL, &oldest));
		take_out(run, &oldest);
	}
	late = run->order.late + (ev->time_ns < run->out_ns);
	err = pgmap_order_push(&run->order, ev);
	must(!err || (err == -ENOMEM && allocations_left == -1));
	must(err || run->order.late == late);
	if (err)
		run->err = err;
}

/* ---- actions ---- */

static void act_event(struct run *run, struct bytes *from, enum action action)
{
	struct pgmap_event ev = { };
	__u8 when = take_byte(from);

	run->now_ns += (__u64)(when >> 6) << UNIT_SHIFT;
	ev.time_ns = run->now_ns - ((__u64)(when & 0x3f) << UNIT_SHIFT);
	if (action == PLAIN) {
		decode_plain(&ev, from);
	} else {
		decode_wild(&ev, from);
		run->wild = true;
	}
	run->last = ev;
	push(run, &ev);
}

/* As another pagemap next to it would have it: with all ranges in one place, time is squared. */
static void move_on(struct pgmap_event *ev)
{
	struct pgmap_range *range = NULL;

	ev->pgmap += 0x80;
	if (ev->event == PGMAP_EVENT_ADD || ev->event == PGMAP_EVENT_SEEN) {
		range = &ev->u.add.ranges[0];
		ev->u.add.nr_here &= 1;
	} else if (ev->event == PGMAP_EVENT_RANGE) {
		range = &ev->u.range.ranges[0];
		ev->u.range.nr_here &= 1;
	}
	if (!range)
		return;
	range->start += 1ULL << 32;
	range->end += 1ULL << 32;
}

static void act_many(struct run *run, struct bytes *from)
{
	struct pgmap_event ev = run->last;
	int nr = take_number(from, 2) % MAX_MANY;

	/* an input is to take milliseconds */
	if (nr > run->many_left)
		nr = run->many_left;
	run->many_left -= nr;
	ev.time_ns = run->now_ns;
	for (; nr && ev.event && !run->err; nr--) {
		move_on(&ev);
		push(run, &ev);
	}
}

static void act_pop(struct run *run, struct bytes *from)
{
	run->now_ns += (__u64)take_byte(from) << UNIT_SHIFT;
	pop_until(run, run->now_ns - ((__u64)WINDOW_UNITS << UNIT_SHIFT));
	check_model(&run->model, run->lost);
}

static void act_lost(struct run *run, struct bytes *from)
{
	enum pgmap_loss cause = 1 + take_byte(from) % (PGMAP_NR_LOSSES - 1);
	__u64 count = take_byte(from);

	if (cause == PGMAP_LOSS_LATE)
		return;		/* it is told by what comes out of order */
	/* counts only grow */
	count += run->model.losses[cause];
	pgmap_model_lost(&run->model, cause, count);
	/* these two are shown, but no event is missing for them */
	if (cause != PGMAP_LOSS_STRAY_EXIT && cause != PGMAP_LOSS_STACKS)
		run->lost += count;
}

static void act_counts(struct run *run, struct bytes *from)
{
	struct pgmap_counts counts;
	__u64 pgmap = address_of(take_byte(from));
	__u32 generation = take_byte(from);

	decode_counts(&counts, from);
	must(!pgmap_model_counts(&run->model, pgmap, generation, &counts));
}

static void act_latency(struct run *run, struct bytes *from)
{
	__u64 pgmap = address_of(take_byte(from));
	__u32 generation = take_byte(from);
	__u32 bucket = take_number(from, 2);
	struct pgmap_hist_sum sum = { .count = take_byte(from) };
	int err;

	sum.sum_ns = sum.count * bucket;
	err = pgmap_model_latency(&run->model, pgmap, generation, bucket, &sum);

	must(!err || (err == -EINVAL && bucket >= PGMAP_HIST_BUCKETS) || err == -ENOMEM);
	if (err == -ENOMEM)
		run->err = err;
}

static void act_snapshot(struct run *run, struct bytes *from)
{
	__u8 how = take_byte(from);
	int v, err = pgmap_snapshot_take(&run->snapshot, &run->model, run->now_ns,
					 (__u64)(how >> 4) << UNIT_SHIFT, how & 1);

	if (err) {
		run->err = err;
		return;
	}
	check_snapshot(&run->snapshot, &run->model, how & 1);
	for (v = 0; v < NR_VIEWS && run->views[v] && how & 4; v++)
		views[v]->snapshot(run->views[v], &run->snapshot);
	if (how & 2)
		pgmap_model_mark(&run->model);
}

/* Half of all bytes are plain events: what is rare is also what takes time. */
static enum action action_of(__u8 byte)
{
	return byte & 0x80 ? PLAIN : byte % NR_ACTIONS;
}

static void act(struct run *run, struct bytes *from)
{
	enum action action = action_of(take_byte(from));

	switch (action) {
	case PLAIN:
	case WILD:
		act_event(run, from, action);
		break;
	case MANY:
		act_many(run, from);
		break;
	case POP:
		act_pop(run, from);
		break;
	case LOST:
		act_lost(run, from);
		break;
	case COUNTS:
		act_counts(run, from);
		break;
	case LATENCY:
		act_latency(run, from);
		break;
	default:
		act_snapshot(run, from);
	}
}

/* ---- from beginning to end ---- */

static ssize_t swallow(void *cookie, const char *text, size_t size)
{
	(void)cookie;
	(void)text;
	return size;
}

static void open_views(struct run *run, __u8 how)
{
	static FILE *nowhere;
	struct pgmap_view_options options = {
		.timestamps = how & WITH_DAYTIME,
		.announce = how & WITH_ANNOUNCING,
	};
	int v;

	if (!nowhere)
		nowhere = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = swallow });
	must(nowhere);
	options.out = nowhere;
	for (v = 0; v < NR_VIEWS && !run->err; v++)
		run->err = views[v]->open(&run->views[v], &options);
}

static void begin(struct run *run, struct bytes *from)
{
	long allocations = -1;
	__u8 how;

	run->flags = take_byte(from);
	how = take_byte(from);
	run->judge = pgmap_judge_defaults();
	run->judge.pages = run->flags & WITH_PAGES;
	run->now_ns = 1ULL << 40;
	run->many_left = (how & IS_HUGE) == IS_HUGE && !(run->flags & WITH_VIEWS) ? TOO_MANY : FEW;
	if (run->flags & QUICK_STALLS) {
		run->judge.stall_warn_ns = 16ULL << UNIT_SHIFT;
		run->judge.stall_error_ns = 128ULL << UNIT_SHIFT;
	}
	if (run->flags & FEW_RULES) {
		run->judge.only = take_number(from, 4);
		run->judge.disabled = take_number(from, 4);
	}
	if (run->flags & OUT_OF_MEMORY)
		allocations = take_number(from, 2);
	allocations_left = allocations;
	run->err = pgmap_model_init(&run->model, &run->judge);
	if (!run->err && run->flags & WITH_VIEWS)
		open_views(run, how);
}

static void finish(struct run *run)
{
	bool complete = run->flags & IS_COMPLETE;
	int v;

	pop_until(run, ~0ULL);
	must(run->err || run->order.nr == 0);
	pgmap_model_end(&run->model, run->now_ns, complete);
	check_model(&run->model, run->lost);
	run->err = pgmap_snapshot_take(&run->snapshot, &run->model, run->now_ns, 0, true);
	if (run->err)
		return;
	check_snapshot(&run->snapshot, &run->model, true);
	for (v = 0; v < NR_VIEWS && run->views[v]; v++)
		views[v]->report(run->views[v], &run->snapshot);
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	struct run run = { };
	struct bytes from = { data, size };
	int v;

	begin(&run, &from);
	while (!run.err && from.left)
		act(&run, &from);
	if (run.model.table.buckets)
		finish(&run);
	allocations_left = -1;
	for (v = 0; v < NR_VIEWS; v++)
		views[v]->free(run.views[v]);
	pgmap_order_free(&run.order);
	pgmap_snapshot_free(&run.snapshot);
	/* so that the test can see that a leak is found */
	if (!getenv("PGMAP_FUZZ_LEAK"))
		pgmap_model_free(&run.model);
	return 0;
}
