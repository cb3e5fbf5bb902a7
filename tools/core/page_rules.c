// SPDX-License-Identifier: GPL-2.0-only
/* From a page event to its page's state and the rule it breaks. */
#include <string.h>

#include <pgmap/pages.h>

#include "judge.h"
#include "page_rules.h"

static bool judges_pages(const struct pgmap_model *model, const struct pgmap_instance *one)
{
	return model->options.pages && !one->partial && pgmap_type_has_page_rules(one->type);
}

/* The state of @ev's page if it is this pagemap's, or NULL. */
static struct pgmap_page_state *page_of(const struct pgmap_model *model,
					const struct pgmap_instance *one,
					const struct pgmap_event *ev)
{
	struct pgmap_page_state *page = pgmap_page_table_find(&model->pages, ev->u.page.pfn);

	return pgmap_page_is_of(page, one->pgmap, one->generation) ? page : NULL;
}

static void report(struct pgmap_model *model, const struct pgmap_instance *one,
		   const struct pgmap_event *ev, enum pgmap_rule rule, enum pgmap_state before)
{
	struct pgmap_breach breach = {
		.rule = rule,
		.severity = pgmap_rule_severity(rule),
		.state = before,
	};

	if (rule != PGMAP_RULE_NONE)
		pgmap_judge_report(model, one, ev, &breach);
}

/*
 * A recording does not tell the size of pages where it was made; how many there are in the
 * ranges does. Nothing else than 4 KiB is believed without.
 */
static unsigned int page_shift_of(const struct pgmap_instance *one)
{
	unsigned int shift = PGMAP_PFN_SHIFT_MAX;
	__u64 bytes = 0;
	__u32 i;

	for (i = 0; i < one->nr_known; i++)
		bytes += one->ranges[i].end - one->ranges[i].start + 1;
	while (shift > PGMAP_PFN_SHIFT && one->pages << shift != bytes)
		shift -= 2;
	return shift;
}

/* Is it sure that none of its ranges has these pages? Not while ranges are missing. */
static bool is_outside(const struct pgmap_instance *one, const struct pgmap_event_page *pages)
{
	unsigned int shift;
	__u32 i;

	if (!one->nr_range || one->nr_known < one->nr_range)
		return false;
	shift = page_shift_of(one);
	for (i = 0; i < one->nr_known; i++)
		if (pgmap_range_has_pages(&one->ranges[i], pages->pfn, pages->pages, shift))
			return false;
	return true;
}

static void page_alloc(struct pgmap_model *model, struct pgmap_instance *one,
		       const struct pgmap_event *ev, enum pgmap_state before)
{
	struct pgmap_page_state page = {
		.pgmap = one->pgmap,
		.generation = one->generation,
		.time_ns = ev->time_ns,
		.pages = ev->u.page.pages,
		.pid = ev->pid,
		.tid = ev->tid,
		.stack = -1,
	};

	if (is_outside(one, &ev->u.page))
		report(model, one, ev, PGMAP_RULE_ALLOC_PGMAP_MISMATCH, before);
	memcpy(page.comm, ev->comm, sizeof(page.comm));
	if (pgmap_page_table_set(&model->pages, ev->u.page.pfn, &page)) {
		model->own_losses[PGMAP_LOSS_PAGES]++;
		one->pages_missed = true;
	}
}

static void page_free(struct pgmap_model *model, struct pgmap_instance *one,
		      const struct pgmap_event *ev, enum pgmap_state before)
{
	const struct pgmap_page_state *page = page_of(model, one, ev);

	report(model, one, ev, pgmap_page_judge_free(page, !one->pages_missed), before);
	if (page)
		pgmap_page_table_drop(&model->pages, ev->u.page.pfn);
}

static void fault_exit(struct pgmap_model *model, struct pgmap_instance *one,
		       const struct pgmap_event *ev, enum pgmap_state before)
{
	struct pgmap_page_state *page = page_of(model, one, ev);
	struct pgmap_event told = *ev;

	if (!page)
		return;
	told.u.page.times = pgmap_page_fault_ends(page, ev->pid, ev->u.page.address,
						  ev->u.page.result, ev->time_ns);
	if (told.u.page.times)
		report(model, one, &told, PGMAP_RULE_FAULT_NO_PROGRESS, before);
}

void pgmap_page_rules_judge(struct pgmap_model *model, struct pgmap_instance *instance,
			    const struct pgmap_event *ev, enum pgmap_state before)
{
	struct pgmap_page_state *page;

	/* past the release each page event breaks a rule already, and its pages are forgotten */
	if (ev->flags & PGMAP_FLAG_COUNTED || before == PGMAP_STATE_RELEASED ||
	    !judges_pages(model, instance))
		return;
	switch (ev->event) {
	case PGMAP_EVENT_PAGE_ALLOC:
		page_alloc(model, instance, ev, before);
		return;
	case PGMAP_EVENT_PAGE_FREE:
		page_free(model, instance, ev, before);
		return;
	case PGMAP_EVENT_FAULT_ENTER:
		page = page_of(model, instance, ev);
		if (page)
			pgmap_page_fault_begins(page);
		return;
	case PGMAP_EVENT_FAULT_EXIT:
		fault_exit(model, instance, ev, before);
		return;
	default:
		return;
	}
}

void pgmap_page_rules_end(struct pgmap_model *model, const struct pgmap_instance *instance)
{
	/* as a rule none is left, and then none need be looked for */
	if (judges_pages(model, instance) && model->pages.nr &&
	    pgmap_counts_outstanding(&instance->counts))
		pgmap_page_table_drop_all(&model->pages, instance->pgmap, instance->generation);
}
