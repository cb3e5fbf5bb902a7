// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events in, lives and findings out. Every event takes the same way: which
 * generation, which step, the table's cell, then what the event itself brings.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "judge.h"
#include "learn.h"
#include "lives.h"
#include "model.h"
#include "page_rules.h"
#include "pages.h"
#include "record.h"

struct pgmap_judge_options pgmap_judge_defaults(void)
{
	return (struct pgmap_judge_options){
		.stall_warn_ns = 10000000000ULL,
		.stall_error_ns = 120000000000ULL,
	};
}

int pgmap_model_init(struct pgmap_model *model, const struct pgmap_judge_options *options)
{
	memset(model, 0, sizeof(*model));
	model->options = options ? *options : pgmap_judge_defaults();
	model->pages.limit = model->options.max_pages ? : PGMAP_MAX_PAGES;
	model->due_ns = ~0ULL;
	return pgmap_table_init(&model->table);
}

static enum pgmap_step step_of(const struct pgmap_event *ev)
{
	switch (ev->event) {
	case PGMAP_EVENT_ADD:
		return ev->u.add.error ? PGMAP_STEP_ADD_ERROR : PGMAP_STEP_ADD;
	case PGMAP_EVENT_KILL:
		return ev->flags & PGMAP_FLAG_ADDING ? PGMAP_STEP_KILL_ADDING : PGMAP_STEP_KILL;
	case PGMAP_EVENT_DRAINED:
		return PGMAP_STEP_DRAINED;
	case PGMAP_EVENT_RELEASE:
		return PGMAP_STEP_RELEASE;
	case PGMAP_EVENT_PAGE_ALLOC:
		return PGMAP_STEP_ALLOC;
	case PGMAP_EVENT_PAGE_FREE:
		return PGMAP_STEP_FREE;
	case PGMAP_EVENT_FAULT_ENTER:
		return PGMAP_STEP_FAULT;
	default:
		return PGMAP_STEP_NONE;
	}
}

/* ---- the life ---- */

static int note_killer(struct pgmap_instance *one, const struct pgmap_event *ev)
{
	struct pgmap_actor *killer = one->killer ? : calloc(1, sizeof(*killer));

	if (!killer)
		return -ENOMEM;
	one->killer = killer;
	killer->pid = ev->pid;
	killer->tid = ev->tid;
	memcpy(killer->comm, ev->comm, sizeof(killer->comm));
	killer->nr_frames = ev->nr_frames < PGMAP_MAX_FRAMES ? ev->nr_frames : PGMAP_MAX_FRAMES;
	memcpy(killer->stack, ev->stack, sizeof(killer->stack));
	return 0;
}

static int note_time(struct pgmap_instance *one, const struct pgmap_event *ev,
		     enum pgmap_state before)
{
	/* the first of its kind counts: a second one is a finding, not news */
	if (ev->event == PGMAP_EVENT_KILL && !one->killed_ns) {
		one->killed_ns = ev->time_ns;
		return note_killer(one, ev);
	} else if (ev->event == PGMAP_EVENT_DRAINED && !one->drained_ns) {
		one->drained_ns = ev->time_ns;
	} else if (ev->event == PGMAP_EVENT_RELEASE && before != PGMAP_STATE_RELEASED) {
		/* a failed add was over without one: none after it is its end */
		one->released_ns = ev->time_ns;
	}
	return 0;
}

static bool is_lifecycle(const struct pgmap_event *ev)
{
	return ev->event == PGMAP_EVENT_ADD || ev->event == PGMAP_EVENT_KILL ||
	       ev->event == PGMAP_EVENT_DRAINED || ev->event == PGMAP_EVENT_RELEASE;
}

static void report_step(struct pgmap_model *model, const struct pgmap_instance *one,
			const struct pgmap_event *ev, const struct pgmap_instance *last,
			const struct pgmap_transition *cell)
{
	struct pgmap_breach breach = { .rule = cell->rule, .severity = cell->severity };

	breach.state = last ? last->state : PGMAP_STATE_UNKNOWN;
	if (breach.rule == PGMAP_RULE_ADD_ON_ACTIVE)
		breach.other = last;
	/* with a reference that is the driver's nothing tells of its end */
	if (breach.rule == PGMAP_RULE_RELEASE_BEFORE_DRAINED && ev->flags & PGMAP_FLAG_LENT_REF)
		return;
	if (breach.rule != PGMAP_RULE_NONE)
		pgmap_judge_report(model, one, ev, &breach);
}

static void report_add(struct pgmap_model *model, const struct pgmap_instance *one,
		       const struct pgmap_event *ev, const struct pgmap_instance *last,
		       const struct pgmap_transition *cell)
{
	struct pgmap_breach early = {
		.rule = PGMAP_RULE_ADD_ON_ACTIVE,
		.severity = PGMAP_SEVERITY_ERROR,
		.state = PGMAP_STATE_RELEASED,
		.other = last,
	};
	struct pgmap_breach failed = {
		.rule = PGMAP_RULE_ADD_FAILED,
		.severity = PGMAP_SEVERITY_REPORT,
		.state = last ? last->state : PGMAP_STATE_UNKNOWN,
	};

	if (cell->birth && pgmap_judge_began_too_early(last, ev))
		pgmap_judge_report(model, one, ev, &early);
	/* an add that fails on an active pagemap breaks two rules, the cell names one */
	if (ev->u.add.error && cell->rule != PGMAP_RULE_ADD_FAILED)
		pgmap_judge_report(model, one, ev, &failed);
}

/* The end of an add that was killed, drained and released by its own thread before. */
static int end_unwinding(struct pgmap_model *model, struct pgmap_instance *one,
			 const struct pgmap_event *ev)
{
	struct pgmap_breach failed = {
		.rule = PGMAP_RULE_ADD_FAILED,
		.severity = PGMAP_SEVERITY_REPORT,
		.state = one->state,
	};
	int err = pgmap_learn_add(model, one, ev);

	one->adding_tid = 0;
	pgmap_judge_report(model, one, ev, &failed);
	return err ? err : pgmap_instance_remember(one, ev);
}

/* What comes with the event once it is known whose it is; @before is the state it met. */
static int take_in(struct pgmap_model *model, struct pgmap_instance *one,
		   const struct pgmap_event *ev, enum pgmap_state before)
{
	int err = pgmap_pages_count(model, one, ev);

	if (!err)
		err = note_time(one, ev, before);
	if (err)
		return err;
	if (ev->flags & PGMAP_FLAG_COUNTS)
		pgmap_counts_raise(&one->counts, &ev->u.counts);
	if (ev->flags & PGMAP_FLAG_ADDING)
		one->adding_tid = ev->tid;
	pgmap_judge_sums(model, one, ev, before);
	pgmap_page_rules_judge(model, one, ev, before);
	if (is_lifecycle(ev)) {
		pgmap_clock_watch_instance(model, one);
		err = pgmap_instance_remember(one, ev);
	}
	if (one->state == PGMAP_STATE_RELEASED)
		pgmap_lives_end(model, one);
	return err;
}

static int step(struct pgmap_model *model, const struct pgmap_event *ev, enum pgmap_step step)
{
	struct pgmap_instance *one = pgmap_lives_find(model, ev);
	struct pgmap_instance *last = one ? one : pgmap_table_latest(&model->table, ev->pgmap);
	const struct pgmap_transition *cell;
	enum pgmap_state before;
	int err = 0;

	if (one && step == PGMAP_STEP_ADD_ERROR && one->adding_tid == ev->tid)
		return end_unwinding(model, one, ev);
	if (pgmap_lives_forget_half_added(model, last, ev)) {
		last = NULL;
		one = NULL;
	}
	cell = pgmap_transition(last ? last->state : PGMAP_STATE_UNKNOWN, step);
	if (!cell->birth && !one) {
		/* its beginning was lost or is older than the observer */
		one = pgmap_lives_take_over(model, ev);
		last = one;
		cell = pgmap_transition(PGMAP_STATE_UNKNOWN, step);
	} else if (cell->birth) {
		one = pgmap_lives_begin(model, ev, last);
	}
	if (!one)
		return -ENOMEM;
	before = last ? last->state : PGMAP_STATE_UNKNOWN;
	report_step(model, one, ev, last, cell);
	if (ev->rule != cell->rule)
		pgmap_judge_by_source(model, one, ev, before);
	if (ev->event == PGMAP_EVENT_ADD)
		report_add(model, one, ev, last, cell);
	if (one->state != cell->next)
		one->stall = PGMAP_SEVERITY_NONE;
	one->state = cell->next;
	if (cell->birth && ev->event == PGMAP_EVENT_ADD)
		err = pgmap_learn_add(model, one, ev);
	return err ? err : take_in(model, one, ev, before);
}

static int without_step(struct pgmap_model *model, const struct pgmap_event *ev)
{
	struct pgmap_instance *one = pgmap_lives_find(model, ev);
	int err;

	if (!one)
		one = pgmap_lives_take_over(model, ev);
	if (!one)
		return -ENOMEM;
	if (ev->event == PGMAP_EVENT_SEEN)
		return pgmap_learn_add(model, one, ev);
	if (ev->event == PGMAP_EVENT_RANGE)
		return pgmap_learn_ranges(model, one, ev);
	err = pgmap_pages_count(model, one, ev);
	pgmap_judge_by_source(model, one, ev, one->state);
	pgmap_page_rules_judge(model, one, ev, one->state);
	return err;
}

int pgmap_model_event(struct pgmap_model *model, const struct pgmap_event *ev)
{
	enum pgmap_step next = step_of(ev);

	if (!pgmap_record_is_valid(ev))
		return -EINVAL;
	/* before the event: a pagemap that drains too late has stalled */
	pgmap_clock_advance(model, ev->time_ns);
	/* nor does a pagemap live that has only begun to be added */
	if (ev->event == PGMAP_EVENT_TICK || ev->event == PGMAP_EVENT_BEGIN)
		return 0;
	model->events++;
	return next == PGMAP_STEP_NONE ? without_step(model, ev) : step(model, ev, next);
}

int pgmap_model_counts(struct pgmap_model *model, __u64 pgmap, __u32 generation,
		       const struct pgmap_counts *counts)
{
	struct pgmap_instance *one = pgmap_table_find(&model->table, pgmap, generation);

	if (one)
		pgmap_counts_raise(&one->counts, counts);
	return 0;
}

int pgmap_model_latency(struct pgmap_model *model, __u64 pgmap, __u32 generation,
			__u32 bucket, const struct pgmap_hist_sum *sum)
{
	struct pgmap_instance *one = pgmap_table_find(&model->table, pgmap, generation);

	return one ? pgmap_latency_add_sum(&one->latency, bucket, sum) : 0;
}

bool pgmap_model_is_due(const struct pgmap_model *model, __u64 time_ns)
{
	return time_ns >= model->due_ns;
}

void pgmap_model_end(struct pgmap_model *model, __u64 time_ns, bool complete)
{
	const struct pgmap_instance *one;

	pgmap_clock_advance(model, time_ns);
	if (!complete)
		return;
	TAILQ_FOREACH(one, &model->table.active, order)
		pgmap_judge_left(model, one);
}

void pgmap_model_free(struct pgmap_model *model)
{
	pgmap_table_free(&model->table);
	pgmap_ranges_free(&model->held);
	pgmap_faults_free(&model->faults);
	pgmap_page_table_free(&model->pages);
	pgmap_findings_free(&model->findings);
}
