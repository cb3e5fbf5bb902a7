// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules beyond the table: begin times, overlaps, sums, and what the source saw.
 * Each looks at one thing and hands a breach on to report.c.
 */
#include "judge.h"

bool pgmap_judge_began_too_early(const struct pgmap_instance *before,
				 const struct pgmap_event *ev)
{
	if (!before || before->state != PGMAP_STATE_RELEASED || !before->released_ns)
		return false;
	/* this very add may have been older than the observer, and what was seen its unwinding */
	if (before->partial && ev->u.add.error)
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

/* Sums that cannot have been read while somebody counted. */
static bool sums_are_exact(const struct pgmap_event *ev)
{
	return ev->event == PGMAP_EVENT_DRAINED || ev->event == PGMAP_EVENT_RELEASE;
}

/*
 * At the kill pages may come and go while the kernel sums up its CPUs. It reads the frees
 * first, so no free is in the sum whose alloc is not; more cannot be said.
 */
static bool sums_have_all_allocs(const struct pgmap_event *ev)
{
	return sums_are_exact(ev) || ev->event == PGMAP_EVENT_KILL;
}

/* A free that core has counted itself, one by one. */
static bool is_counted_here(const struct pgmap_event *ev, enum pgmap_state before)
{
	/* past the release its sums are those of a pagemap that is gone */
	return ev->event == PGMAP_EVENT_PAGE_FREE && !(ev->flags & PGMAP_FLAG_COUNTED) &&
	       before != PGMAP_STATE_RELEASED;
}

void pgmap_judge_sums(struct pgmap_model *model, const struct pgmap_instance *instance,
		      const struct pgmap_event *ev, enum pgmap_state before)
{
	struct pgmap_breach breach = { .severity = PGMAP_SEVERITY_ERROR, .state = before };
	const struct pgmap_counts *counts = &instance->counts;
	__s64 outstanding;

	if (!sums_have_all_allocs(ev) && !is_counted_here(ev, before))
		return;
	/* what the kernel summed up at that very moment goes before anything read later */
	if (ev->flags & PGMAP_FLAG_COUNTS)
		counts = &ev->u.counts;
	outstanding = pgmap_counts_outstanding(counts);
	if (outstanding > 0 && sums_are_exact(ev))
		breach.rule = PGMAP_RULE_DRAINED_OUTSTANDING;
	else if (outstanding < 0)
		breach.rule = PGMAP_RULE_REF_IMBALANCE;
	if (breach.rule != PGMAP_RULE_NONE)
		pgmap_judge_report(model, instance, ev, &breach);
}

void pgmap_judge_by_source(struct pgmap_model *model, const struct pgmap_instance *instance,
			   const struct pgmap_event *ev, enum pgmap_state before)
{
	struct pgmap_breach breach = { .rule = ev->rule, .state = before };

	/* it need not be said: such an event is about nothing else */
	if (ev->event == PGMAP_EVENT_FAULT_OPEN)
		breach.rule = PGMAP_RULE_FAULT_NO_EXIT;
	if (breach.rule == PGMAP_RULE_NONE)
		return;
	breach.severity = pgmap_rule_severity(breach.rule);
	pgmap_judge_report(model, instance, ev, &breach);
}

void pgmap_judge_left(struct pgmap_model *model, const struct pgmap_instance *instance)
{
	struct pgmap_breach breach = {
		.rule = PGMAP_RULE_LEAK,
		.severity = PGMAP_SEVERITY_REPORT,
		.state = instance->state,
	};
	/* nobody did anything: that is the point */
	struct pgmap_event ev = { .event = PGMAP_EVENT_TICK, .time_ns = model->now_ns };

	if (instance->state == PGMAP_STATE_LIVE && pgmap_counts_outstanding(&instance->counts) > 0)
		pgmap_judge_report(model, instance, &ev, &breach);
}
