// SPDX-License-Identifier: GPL-2.0-only
/*
 * One deadline for all that stands still: the next one. When it has passed,
 * everything that is dying or open is looked at and the next one is found.
 */
#include <string.h>

#include "clock.h"
#include "judge.h"

static const __u64 NEVER = ~0ULL;

static __u64 sooner(__u64 a, __u64 b)
{
	return a < b ? a : b;
}

static __u64 deadline(__u64 since_ns, __u64 after_ns)
{
	return after_ns && since_ns < NEVER - after_ns ? since_ns + after_ns : NEVER;
}

/* ---- stalls ---- */

static bool may_stall(const struct pgmap_instance *one)
{
	return one->state == PGMAP_STATE_KILLED || one->state == PGMAP_STATE_DRAINED;
}

static __u64 since(const struct pgmap_instance *one)
{
	return one->state == PGMAP_STATE_KILLED ? one->killed_ns : one->drained_ns;
}

static __u64 warn_at(const struct pgmap_model *model, const struct pgmap_instance *one)
{
	return deadline(since(one), model->options.stall_warn_ns);
}

static __u64 error_at(const struct pgmap_model *model, const struct pgmap_instance *one)
{
	/* a release that takes long is slow, not wrong */
	if (one->state == PGMAP_STATE_DRAINED)
		return NEVER;
	return deadline(since(one), model->options.stall_error_ns);
}

static enum pgmap_severity stall_by_now(const struct pgmap_model *model,
					const struct pgmap_instance *one)
{
	if (model->now_ns >= error_at(model, one))
		return PGMAP_SEVERITY_ERROR;
	if (model->now_ns >= warn_at(model, one))
		return PGMAP_SEVERITY_WARNING;
	return PGMAP_SEVERITY_NONE;
}

/* The next stage that has not been told of. */
static __u64 stall_due(const struct pgmap_model *model, const struct pgmap_instance *one)
{
	__u64 due = NEVER;

	if (one->stall < PGMAP_SEVERITY_ERROR)
		due = error_at(model, one);
	if (one->stall < PGMAP_SEVERITY_WARNING)
		due = sooner(due, warn_at(model, one));
	return due;
}

/* Nobody did anything: what there is to tell is who killed it. */
static struct pgmap_event by_killer(const struct pgmap_model *model,
				    const struct pgmap_instance *one)
{
	const struct pgmap_actor *killer = one->killer;
	struct pgmap_event ev = { .event = PGMAP_EVENT_TICK, .time_ns = model->now_ns };

	if (!killer)
		return ev;
	ev.pid = killer->pid;
	ev.tid = killer->tid;
	ev.nr_frames = killer->nr_frames;
	memcpy(ev.comm, killer->comm, sizeof(ev.comm));
	memcpy(ev.stack, killer->stack, sizeof(ev.stack));
	return ev;
}

static void judge_stall(struct pgmap_model *model, struct pgmap_instance *one)
{
	struct pgmap_breach breach = {
		.rule = one->state == PGMAP_STATE_KILLED ? PGMAP_RULE_KILL_STALL :
							   PGMAP_RULE_RELEASE_STALL,
		.severity = stall_by_now(model, one),
		.state = one->state,
		.for_ns = model->now_ns - since(one),
		.known = one->stall != PGMAP_SEVERITY_NONE,
	};
	struct pgmap_event ev;

	if (breach.severity <= one->stall)
		return;
	ev = by_killer(model, one);
	pgmap_judge_report(model, one, &ev, &breach);
	one->stall = breach.severity;
}

void pgmap_clock_watch_instance(struct pgmap_model *model, const struct pgmap_instance *instance)
{
	if (may_stall(instance))
		model->due_ns = sooner(model->due_ns, stall_due(model, instance));
}

/* ---- faults ---- */

static __u64 fault_due(const struct pgmap_model *model, const struct pgmap_open_fault *fault)
{
	/* only the rules on pages ask for it */
	if (fault->told || !model->options.pages)
		return NEVER;
	return deadline(fault->time_ns, model->options.stall_warn_ns);
}

/* Says what a source says that keeps the faults itself. */
static void judge_fault(struct pgmap_model *model, struct pgmap_open_fault *fault)
{
	const struct pgmap_instance *one = pgmap_table_find(&model->table, fault->pgmap,
							    fault->generation);
	struct pgmap_event ev = {
		.event = PGMAP_EVENT_FAULT_OPEN,
		.time_ns = model->now_ns,
		.pgmap = fault->pgmap,
		.generation = fault->generation,
		.pid = fault->pid,
		.tid = fault->tid,
		.u.page = {
			.pfn = fault->pfn,
			.address = fault->address,
			.since_ns = fault->time_ns,
		},
	};

	if (model->now_ns < fault_due(model, fault))
		return;
	fault->told = true;
	memcpy(ev.comm, fault->comm, sizeof(ev.comm));
	if (one)
		pgmap_judge_by_source(model, one, &ev, one->state);
}

void pgmap_clock_watch_fault(struct pgmap_model *model, const struct pgmap_open_fault *fault)
{
	model->due_ns = sooner(model->due_ns, fault_due(model, fault));
}

/* ---- time ---- */

static void look_at_all(struct pgmap_model *model)
{
	struct pgmap_instance *one;
	__u64 due = NEVER;
	size_t i;

	TAILQ_FOREACH(one, &model->table.active, order) {
		if (!may_stall(one))
			continue;
		judge_stall(model, one);
		due = sooner(due, stall_due(model, one));
	}
	for (i = 0; i < model->faults.nr; i++) {
		judge_fault(model, &model->faults.open[i]);
		due = sooner(due, fault_due(model, &model->faults.open[i]));
	}
	model->due_ns = due;
}

void pgmap_clock_advance(struct pgmap_model *model, __u64 time_ns)
{
	if (time_ns > model->now_ns && time_ns != NEVER)
		model->now_ns = time_ns;
	if (model->now_ns >= model->due_ns)
		look_at_all(model);
}
