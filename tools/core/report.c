// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a breach to a finding: is the rule on and does it hold for this pagemap,
 * and what do pagemap and event have to tell. The one place where this is decided.
 */
#include <string.h>

#include "judge.h"

static bool is_wanted(const struct pgmap_judge_options *options, enum pgmap_rule rule)
{
	if (options->disabled & 1U << rule || (options->only && !(options->only & 1U << rule)))
		return false;
	return pgmap_rule_level(rule) != PGMAP_LEVEL_PAGES || options->pages;
}

static bool is_on(const struct pgmap_judge_options *options, enum pgmap_rule rule)
{
	return is_wanted(options, rule) && !(pgmap_rule_needs(rule) & options->unseen);
}

__u32 pgmap_model_rules_off(const struct pgmap_model *model)
{
	__u32 off = 0;
	int rule;

	for (rule = PGMAP_RULE_NONE + 1; rule < PGMAP_NR_RULES; rule++)
		if (is_wanted(&model->options, rule) && !is_on(&model->options, rule))
			off |= 1U << rule;
	return off;
}

static bool holds_for(enum pgmap_rule rule, const struct pgmap_instance *instance)
{
	if (!pgmap_rule_is_page_rule(rule))
		return true;
	return !instance->partial && pgmap_type_has_page_rules(instance->type);
}

static void fill_subject(struct pgmap_finding *finding, const struct pgmap_instance *instance,
			 __u32 unseen)
{
	finding->pgmap = instance->pgmap;
	finding->generation = instance->generation;
	finding->type = instance->type;
	finding->outstanding = pgmap_counts_outstanding(&instance->counts);
	finding->outstanding_unknown = !pgmap_instance_shows_outstanding(instance, unseen);
	finding->unseen = unseen;
	finding->nr_range = instance->nr_range;
	if (instance->nr_known)
		finding->where = instance->ranges[0];
	memcpy(finding->driver, instance->driver, sizeof(finding->driver));
	memcpy(finding->device, instance->device, sizeof(finding->device));
}

/* Of an add that breaks a rule by beginning: what it says is not learnt yet. */
static void fill_add(struct pgmap_finding *finding, const struct pgmap_event_add *add)
{
	finding->error = add->error;
	if (finding->nr_range)
		return;
	finding->nr_range = add->nr_range;
	if (add->nr_here)
		finding->where = add->ranges[0];
	memcpy(finding->driver, add->driver, sizeof(finding->driver) - 1);
	memcpy(finding->device, add->device, sizeof(finding->device) - 1);
}

static void fill_page(struct pgmap_finding *finding, const struct pgmap_event *ev)
{
	const struct pgmap_event_page *page = &ev->u.page;

	finding->pfn = page->pfn;
	if (ev->event == PGMAP_EVENT_FAULT_ENTER || ev->event == PGMAP_EVENT_FAULT_EXIT ||
	    ev->event == PGMAP_EVENT_FAULT_OPEN)
		finding->address = page->address;
	if (ev->event == PGMAP_EVENT_FAULT_EXIT)
		finding->nr_faults = page->times;
	if (ev->event == PGMAP_EVENT_FAULT_OPEN && ev->time_ns > page->since_ns)
		finding->for_ns = ev->time_ns - page->since_ns;
}

static void fill_details(struct pgmap_finding *finding, const struct pgmap_event *ev)
{
	switch (ev->event) {
	case PGMAP_EVENT_ADD:
		fill_add(finding, &ev->u.add);
		return;
	case PGMAP_EVENT_PAGE_ALLOC:
	case PGMAP_EVENT_PAGE_FREE:
	case PGMAP_EVENT_FAULT_ENTER:
	case PGMAP_EVENT_FAULT_EXIT:
	case PGMAP_EVENT_FAULT_OPEN:
	case PGMAP_EVENT_GET:
		fill_page(finding, ev);
		return;
	default:
		if (ev->flags & PGMAP_FLAG_COUNTS)
			finding->outstanding = pgmap_counts_outstanding(&ev->u.counts);
	}
}

static void fill_event(struct pgmap_finding *finding, const struct pgmap_event *ev)
{
	finding->time_ns = ev->time_ns;
	finding->pid = ev->pid;
	finding->tid = ev->tid;
	memcpy(finding->comm, ev->comm, sizeof(finding->comm));
	finding->nr_frames = ev->nr_frames < PGMAP_MAX_FRAMES ? ev->nr_frames : PGMAP_MAX_FRAMES;
	memcpy(finding->stack, ev->stack, sizeof(finding->stack));
	fill_details(finding, ev);
}

static void fill_history(struct pgmap_finding *finding, const struct pgmap_instance *instance,
			 const struct pgmap_event *ev, const struct pgmap_breach *breach)
{
	const struct pgmap_instance *past = instance;

	/* of an address added twice the older life is what led to it */
	if (breach->rule == PGMAP_RULE_ADD_ON_ACTIVE && breach->other)
		past = breach->other;
	finding->history = pgmap_instance_history(past);
	if (ev->event != PGMAP_EVENT_TICK)
		pgmap_history_add(&finding->history, ev, instance->generation);
}

void pgmap_judge_report(struct pgmap_model *model, const struct pgmap_instance *instance,
			const struct pgmap_event *ev, const struct pgmap_breach *breach)
{
	struct pgmap_finding finding = {
		.rule = breach->rule,
		.severity = breach->severity,
		.state = breach->state,
		.range = breach->range,
		.for_ns = breach->for_ns,
		.times = !breach->known,
	};

	if (!is_on(&model->options, breach->rule) || !holds_for(breach->rule, instance))
		return;
	fill_subject(&finding, instance, model->options.unseen);
	fill_event(&finding, ev);
	if (breach->other) {
		finding.other = breach->other->pgmap;
		finding.other_generation = breach->other->generation;
	}
	fill_history(&finding, instance, ev, breach);
	pgmap_findings_add(&model->findings, &finding);
}
