// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events in, lives and findings out. Every event takes the same way: which
 * generation, which step, the table's cell, then what the event itself brings.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "model.h"
#include "pages.h"

int pgmap_model_init(struct pgmap_model *model)
{
	memset(model, 0, sizeof(*model));
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

/* ---- what a pagemap says about itself ---- */

static int learn_ranges(struct pgmap_model *model, struct pgmap_instance *one,
			const struct pgmap_event *ev, const struct pgmap_range *ranges, __u32 nr)
{
	struct pgmap_range *all;
	__u32 i;
	int err;

	if (!nr)
		return 0;
	all = reallocarray(one->ranges, one->nr_known + nr, sizeof(*all));
	if (!all)
		return -ENOMEM;
	one->ranges = all;
	for (i = 0; i < nr; i++) {
		all[one->nr_known++] = ranges[i];
		if (one->error)
			continue;	/* it holds nothing */
		if (!one->partial)
			pgmap_judge_overlap(model, one, ev, &ranges[i]);
		err = pgmap_ranges_insert(&model->held, &ranges[i], one);
		if (err == -ENOMEM)
			return err;
	}
	return 0;
}

static int learn(struct pgmap_model *model, struct pgmap_instance *one,
		 const struct pgmap_event *ev)
{
	const struct pgmap_event_add *add = &ev->u.add;

	if (one->nr_known)
		return 0;
	one->type = ev->type;
	one->node = add->node;
	one->error = add->error;
	one->nr_range = add->nr_range;
	one->pages = add->pages;
	one->setup_ns = add->setup_ns;
	if (ev->event == PGMAP_EVENT_ADD)
		one->begin_ns = ev->time_ns - add->setup_ns;
	memcpy(one->driver, add->driver, sizeof(one->driver) - 1);
	memcpy(one->device, add->device, sizeof(one->device) - 1);
	return learn_ranges(model, one, ev, add->ranges,
			    add->nr_here < PGMAP_ADD_RANGES ? add->nr_here : PGMAP_ADD_RANGES);
}

static int learn_more(struct pgmap_model *model, struct pgmap_instance *one,
		      const struct pgmap_event *ev)
{
	const struct pgmap_event_range *range = &ev->u.range;

	return learn_ranges(model, one, ev, range->ranges,
			    range->nr_here < PGMAP_MORE_RANGES ? range->nr_here :
								 PGMAP_MORE_RANGES);
}

/* ---- the life ---- */

static void note_time(struct pgmap_instance *one, const struct pgmap_event *ev)
{
	/* the first of its kind counts: a second one is a finding, not news */
	if (ev->event == PGMAP_EVENT_KILL && !one->killed_ns)
		one->killed_ns = ev->time_ns;
	else if (ev->event == PGMAP_EVENT_DRAINED && !one->drained_ns)
		one->drained_ns = ev->time_ns;
	else if (ev->event == PGMAP_EVENT_RELEASE && !one->released_ns)
		one->released_ns = ev->time_ns;
}

static bool is_lifecycle(const struct pgmap_event *ev)
{
	return ev->event == PGMAP_EVENT_ADD || ev->event == PGMAP_EVENT_KILL ||
	       ev->event == PGMAP_EVENT_DRAINED || ev->event == PGMAP_EVENT_RELEASE;
}

/* ---- whose event it is ---- */

static void forget_oldest(struct pgmap_model *model)
{
	struct pgmap_instance *one = pgmap_table_take_oldest_ended(&model->table);
	__u32 i;

	for (i = 0; i < one->nr_known; i++)
		pgmap_ranges_remove(&model->held, &one->ranges[i], one);
	pgmap_counts_add(&model->forgotten_counts, &one->counts);
	model->forgotten++;
	pgmap_instance_free(one);
}

/* Its life is over; too many of those and the first of them is forgotten. */
static void end(struct pgmap_model *model, struct pgmap_instance *one)
{
	pgmap_table_end(&model->table, one);
	if (model->table.nr_ended > PGMAP_MAX_ENDED)
		forget_oldest(model);
}

/* A later @generation begins at the address of @last, which nobody released. */
static void replace(struct pgmap_model *model, struct pgmap_instance *last, __u32 generation)
{
	if (!last || last->ended || last->generation >= generation)
		return;
	last->replaced = true;
	end(model, last);
}

static struct pgmap_instance *take_over(struct pgmap_model *model, const struct pgmap_event *ev)
{
	struct pgmap_instance *last = pgmap_table_latest(&model->table, ev->pgmap);
	__u32 generation = ev->generation ? ev->generation : last ? last->generation + 1 : 1;
	struct pgmap_instance *one = pgmap_table_add(&model->table, ev->pgmap, generation);

	if (!one)
		return NULL;
	one->partial = true;
	one->type = ev->type;
	replace(model, last, generation);
	return one;
}

static struct pgmap_instance *find(struct pgmap_model *model, const struct pgmap_event *ev)
{
	if (!ev->generation)
		return pgmap_table_latest(&model->table, ev->pgmap);
	return pgmap_table_find(&model->table, ev->pgmap, ev->generation);
}

static struct pgmap_instance *give_birth(struct pgmap_model *model, const struct pgmap_event *ev,
					 struct pgmap_instance *last)
{
	__u32 generation = ev->generation ? ev->generation : last ? last->generation + 1 : 1;
	struct pgmap_instance *one = pgmap_table_add(&model->table, ev->pgmap, generation);

	if (!one)
		return NULL;
	one->type = ev->type;
	replace(model, last, generation);
	if (ev->event == PGMAP_EVENT_ADD && !ev->u.add.error)
		model->adds++;
	return one;
}

static void report_step(struct pgmap_model *model, const struct pgmap_instance *one,
			const struct pgmap_event *ev, const struct pgmap_instance *last,
			const struct pgmap_transition *cell)
{
	struct pgmap_breach breach = { .rule = cell->rule, .severity = cell->severity };

	breach.state = last ? last->state : PGMAP_STATE_UNKNOWN;
	if (breach.rule == PGMAP_RULE_ADD_ON_ACTIVE)
		breach.other = last;
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
	int err = learn(model, one, ev);

	one->adding_tid = 0;
	pgmap_judge_report(model, one, ev, &failed);
	pgmap_history_add(&one->history, ev, one->generation);
	return err;
}

/* What comes with the event once it is known whose it is; @before is the state it met. */
static int take_in(struct pgmap_model *model, struct pgmap_instance *one,
		   const struct pgmap_event *ev, enum pgmap_state before)
{
	int err = pgmap_pages_count(model, one, ev);

	if (err)
		return err;
	if (ev->flags & PGMAP_FLAG_COUNTS)
		pgmap_counts_raise(&one->counts, &ev->u.counts);
	note_time(one, ev);
	if (ev->flags & PGMAP_FLAG_ADDING)
		one->adding_tid = ev->tid;
	pgmap_judge_outstanding(model, one, ev, before);
	if (is_lifecycle(ev))
		pgmap_history_add(&one->history, ev, one->generation);
	if (one->state == PGMAP_STATE_RELEASED)
		end(model, one);
	return 0;
}

static int step(struct pgmap_model *model, const struct pgmap_event *ev, enum pgmap_step step)
{
	struct pgmap_instance *one = find(model, ev);
	struct pgmap_instance *last = one ? one : pgmap_table_latest(&model->table, ev->pgmap);
	const struct pgmap_transition *cell;
	enum pgmap_state before;
	int err = 0;

	if (one && step == PGMAP_STEP_ADD_ERROR && one->adding_tid == ev->tid)
		return end_unwinding(model, one, ev);
	cell = pgmap_transition(last ? last->state : PGMAP_STATE_UNKNOWN, step);
	if (!cell->birth && !one) {
		/* its beginning was lost or is older than the observer */
		one = take_over(model, ev);
		last = one;
		cell = pgmap_transition(PGMAP_STATE_UNKNOWN, step);
	} else if (cell->birth) {
		one = give_birth(model, ev, last);
	}
	if (!one)
		return -ENOMEM;
	before = last ? last->state : PGMAP_STATE_UNKNOWN;
	report_step(model, one, ev, last, cell);
	if (ev->event == PGMAP_EVENT_ADD)
		report_add(model, one, ev, last, cell);
	one->state = cell->next;
	if (cell->birth && ev->event == PGMAP_EVENT_ADD)
		err = learn(model, one, ev);
	return err ? err : take_in(model, one, ev, before);
}

static int without_step(struct pgmap_model *model, const struct pgmap_event *ev)
{
	struct pgmap_instance *one = find(model, ev);

	if (!one)
		one = take_over(model, ev);
	if (!one)
		return -ENOMEM;
	if (ev->event == PGMAP_EVENT_SEEN)
		return learn(model, one, ev);
	if (ev->event == PGMAP_EVENT_RANGE)
		return learn_more(model, one, ev);
	return pgmap_pages_count(model, one, ev);
}

int pgmap_model_event(struct pgmap_model *model, const struct pgmap_event *ev)
{
	enum pgmap_step next = step_of(ev);

	if (ev->event == PGMAP_EVENT_NONE || ev->event >= PGMAP_NR_EVENTS)
		return -EINVAL;
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
			__u32 bucket, __u64 count)
{
	struct pgmap_instance *one = pgmap_table_find(&model->table, pgmap, generation);

	return one ? pgmap_latency_set(&one->latency, bucket, count) : 0;
}

void pgmap_model_free(struct pgmap_model *model)
{
	pgmap_table_free(&model->table);
	pgmap_ranges_free(&model->held);
	pgmap_faults_free(&model->faults);
	pgmap_findings_free(&model->findings);
}
