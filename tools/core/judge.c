// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules beyond the table: begin times, overlaps, pages outstanding. Each looks
 * at one thing and hands a breach on; whether it is reported is decided once.
 */
#include <string.h>

#include "judge.h"

static bool holds_for(enum pgmap_rule rule, const struct pgmap_instance *instance)
{
	if (!pgmap_rule_is_page_rule(rule))
		return true;
	return !instance->partial && pgmap_type_has_page_rules(instance->type);
}

static void fill_subject(struct pgmap_finding *finding, const struct pgmap_instance *instance)
{
	finding->pgmap = instance->pgmap;
	finding->generation = instance->generation;
	finding->type = instance->type;
	finding->outstanding = pgmap_counts_outstanding(&instance->counts);
	memcpy(finding->driver, instance->driver, sizeof(finding->driver));
	memcpy(finding->device, instance->device, sizeof(finding->device));
}

static void fill_event(struct pgmap_finding *finding, const struct pgmap_event *ev)
{
	finding->time_ns = ev->time_ns;
	finding->pid = ev->pid;
	memcpy(finding->comm, ev->comm, sizeof(finding->comm));
	if (ev->event == PGMAP_EVENT_ADD)
		finding->error = ev->u.add.error;
	if (ev->event == PGMAP_EVENT_PAGE_ALLOC || ev->event == PGMAP_EVENT_PAGE_FREE ||
	    ev->event == PGMAP_EVENT_FAULT_ENTER)
		finding->pfn = ev->u.page.pfn;
	if (ev->flags & PGMAP_FLAG_COUNTS)
		finding->outstanding = pgmap_counts_outstanding(&ev->u.counts);
}

void pgmap_judge_report(struct pgmap_model *model, const struct pgmap_instance *instance,
			const struct pgmap_event *ev, const struct pgmap_breach *breach)
{
	struct pgmap_finding finding = { .rule = breach->rule, .severity = breach->severity };
	const struct pgmap_instance *past = instance;

	if (!holds_for(breach->rule, instance))
		return;
	/* of an address added twice the older life is what led to it */
	if (breach->rule == PGMAP_RULE_ADD_ON_ACTIVE && breach->other)
		past = breach->other;
	finding.state = breach->state;
	finding.range = breach->range;
	fill_subject(&finding, instance);
	fill_event(&finding, ev);
	if (breach->other) {
		finding.other = breach->other->pgmap;
		finding.other_generation = breach->other->generation;
	}
	finding.history = past->history;
	pgmap_history_add(&finding.history, ev, instance->generation);
	pgmap_findings_add(&model->findings, &finding);
}

bool pgmap_judge_began_too_early(const struct pgmap_instance *before,
				 const struct pgmap_event *ev)
{
	if (!before || before->state != PGMAP_STATE_RELEASED || !before->released_ns)
		return false;
	return ev->time_ns - ev->u.add.setup_ns < before->released_ns;
}

/* Was @other still there when @instance's add began? */
static bool was_in_the_way(const struct pgmap_instance *other,
			   const struct pgmap_instance *instance)
{
	if (other == instance)
		return false;
	return other->state != PGMAP_STATE_RELEASED || other->released_ns > instance->begin_ns;
}

void pgmap_judge_overlap(struct pgmap_model *model, const struct pgmap_instance *instance,
			 const struct pgmap_event *ev, const struct pgmap_range *range)
{
	struct pgmap_breach breach = {
		.rule = PGMAP_RULE_ADD_OVERLAP,
		.severity = PGMAP_SEVERITY_ERROR,
		.state = instance->state,
	};
	long at = model->held.nr;

	while ((at = pgmap_ranges_next(&model->held, range, at)) >= 0) {
		const struct pgmap_held_range *held = &model->held.held[at];
		const struct pgmap_instance *other = held->owner;

		if (!was_in_the_way(other, instance))
			continue;
		breach.other = other;
		breach.range.start = held->range.start > range->start ? held->range.start :
									range->start;
		breach.range.end = held->range.end < range->end ? held->range.end : range->end;
		pgmap_judge_report(model, instance, ev, &breach);
	}
}

void pgmap_judge_outstanding(struct pgmap_model *model, const struct pgmap_instance *instance,
			     const struct pgmap_event *ev, enum pgmap_state before)
{
	struct pgmap_breach breach = {
		.rule = PGMAP_RULE_DRAINED_OUTSTANDING,
		.severity = PGMAP_SEVERITY_ERROR,
		.state = before,
	};
	const struct pgmap_counts *counts = &instance->counts;

	if (ev->event != PGMAP_EVENT_DRAINED && ev->event != PGMAP_EVENT_RELEASE)
		return;
	/* what the kernel summed up at that very moment goes before anything read later */
	if (ev->flags & PGMAP_FLAG_COUNTS)
		counts = &ev->u.counts;
	if (pgmap_counts_outstanding(counts) > 0)
		pgmap_judge_report(model, instance, ev, &breach);
}
