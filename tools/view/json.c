// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON, one object a line (docs/json.md). Keys are the field names of the tracepoints, numbers
 * are in base units, addresses are strings.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pgmap/names.h>

#include "diff.h"
#include "json_value.h"
#include "latency.h"

static int json_open(struct pgmap_view **opened, const struct pgmap_view_options *options)
{
	*opened = calloc(1, sizeof(**opened));
	if (!*opened)
		return -ENOMEM;
	(*opened)->options = *options;
	return 0;
}

/* ---- rows ---- */

static json *of_delta(const struct pgmap_row *row)
{
	json *delta = json_object_new_object();
	bool no_faults = row->unseen & PGMAP_SIGHT_FAULT;

	pgmap_put_counts(delta, &row->delta, row->unseen);
	pgmap_put_s64_if(delta, "fault_p50_ns", row->interval.p50_ns, no_faults);
	pgmap_put_s64_if(delta, "fault_p99_ns", row->interval.p99_ns, no_faults);
	return delta;
}

static void put_identity(json *to, const struct pgmap_row *row)
{
	pgmap_put_address(to, "pgmap", row->pgmap);
	pgmap_put_u64(to, "generation", row->generation);
	pgmap_put_text(to, "type", pgmap_type_name(row->type));
	pgmap_put_text(to, "driver", row->driver);
	pgmap_put_text(to, "device", row->device);
	pgmap_put_text(to, "state", pgmap_state_name(row->state));
}

/* The time of its add; null when that is not known. */
static void put_since(json *to, const struct pgmap_row *row)
{
	if (row->before_start)
		pgmap_put_text(to, "since", "before start");
	else if (row->added_ns)
		pgmap_put_u64(to, "since", row->added_ns);
	else
		json_object_object_add(to, "since", NULL);
}

static json *of_row(const struct pgmap_row *row, bool with_delta)
{
	json *one = json_object_new_object();
	bool no_faults = row->unseen & PGMAP_SIGHT_FAULT;

	put_identity(one, row);
	pgmap_put_bool(one, "partial", row->partial);
	put_since(one, row);
	pgmap_put_bool(one, "replaced", row->replaced);
	pgmap_put_s64(one, "error", row->error);
	pgmap_put_s64(one, "node", row->node);
	pgmap_put_u64(one, "nr_range", row->nr_range);
	json_object_object_add(one, "ranges", pgmap_json_ranges(row->ranges, row->nr_known));
	pgmap_put_u64(one, "pages", row->pages);
	pgmap_put_s64_if(one, "outstanding", row->outstanding, row->outstanding_unknown);
	pgmap_put_counts(one, &row->sums, row->unseen);
	pgmap_put_s64_if(one, "fault_p50_ns", row->all.p50_ns, no_faults);
	pgmap_put_s64_if(one, "fault_p99_ns", row->all.p99_ns, no_faults);
	pgmap_put_s64_if(one, "fault_max_ns", row->sums.fault_max_ns, no_faults);
	pgmap_put_u64(one, "setup_ns", row->setup_ns);
	pgmap_put_u64(one, "teardown_ns", row->teardown_ns);
	pgmap_put_u64(one, "killed_for_ns", row->killed_for_ns);
	if (with_delta)
		json_object_object_add(one, "interval", of_delta(row));
	return one;
}

static json *of_losses(const struct pgmap_snapshot *snapshot)
{
	json *lost = json_object_new_object();
	int cause;

	for (cause = PGMAP_LOSS_NONE + 1; cause < PGMAP_NR_LOSSES; cause++)
		pgmap_put_s64_if(lost, pgmap_loss_name(cause), snapshot->losses[cause],
				 cause == PGMAP_LOSS_RECURSION &&
				 snapshot->unseen & PGMAP_SIGHT_SKIP);
	return lost;
}

/* Only what the kernel sent: FAULT_OPEN and TICK are made outside it. */
static json *of_records(const struct pgmap_snapshot *snapshot)
{
	json *records = json_object_new_object();
	int id;

	for (id = PGMAP_EVENT_NONE + 1; id <= PGMAP_EVENT_BEGIN; id++)
		pgmap_put_u64(records, pgmap_event_name(id), snapshot->sent[id]);
	return records;
}

static json *of_totals(const struct pgmap_totals *totals, __u32 unseen)
{
	json *all = json_object_new_object();
	json *states = json_object_new_object();
	int state;

	for (state = 0; state < PGMAP_NR_STATES; state++)
		pgmap_put_u64(states, pgmap_state_name(state), totals->states[state]);
	json_object_object_add(all, "states", states);
	pgmap_put_u64(all, "replaced", totals->replaced);
	pgmap_put_u64(all, "forgotten", totals->forgotten);
	pgmap_put_s64_if(all, "outstanding", totals->outstanding,
			 unseen & PGMAP_SIGHT_OUTSTANDING);
	pgmap_put_counts(all, &totals->sums, unseen);
	return all;
}

static void put_snapshot(json *to, const struct pgmap_snapshot *snapshot, bool with_delta)
{
	json *rows = json_object_new_array();
	size_t i;

	for (i = 0; i < snapshot->nr_rows; i++)
		json_object_array_add(rows, of_row(&snapshot->rows[i], with_delta));
	json_object_object_add(to, "pagemaps", rows);
	json_object_object_add(to, "totals", of_totals(&snapshot->totals, snapshot->unseen));
	json_object_object_add(to, "lost", of_losses(snapshot));
	json_object_object_add(to, "records", of_records(snapshot));
}

/* ---- the lines ---- */

static void json_facts(struct pgmap_view *view, const struct pgmap_view_fact *facts, size_t nr)
{
	json *line = pgmap_json_start(view, "check", 0);
	size_t i;

	for (i = 0; i < nr; i++)
		pgmap_put_text(line, facts[i].key, facts[i].value);
	pgmap_json_finish(view, line);
}

static void json_snapshot(struct pgmap_view *view, const struct pgmap_snapshot *snapshot)
{
	json *line;

	if (view->options.quiet)
		return;
	line = pgmap_json_start(view, "interval", snapshot->time_ns);
	pgmap_put_u64(line, "interval_ns", snapshot->interval_ns);
	put_snapshot(line, snapshot, true);
	pgmap_json_finish(view, line);
}

static void put_add(json *to, const struct pgmap_event *ev)
{
	const struct pgmap_event_add *add = &ev->u.add;

	pgmap_put_s64(to, "error", add->error);
	pgmap_put_s64(to, "node", add->node);
	pgmap_put_u64(to, "setup_ns", add->setup_ns);
	pgmap_put_u64(to, "nr_range", add->nr_range);
	pgmap_put_u64(to, "pages", add->pages);
	json_object_object_add(to, "ranges", pgmap_json_ranges(add->ranges, add->nr_here));
}

static void put_page(json *to, const struct pgmap_event *ev, __u32 unseen)
{
	if (unseen & PGMAP_SIGHT_PFN)
		json_object_object_add(to, "pfn", NULL);
	else
		pgmap_put_address(to, "pfn", ev->u.page.pfn);
	if (ev->event == PGMAP_EVENT_PAGE_ALLOC || ev->event == PGMAP_EVENT_PAGE_FREE)
		pgmap_put_u64(to, "pages", ev->u.page.pages);
	else
		pgmap_put_address(to, "address", ev->u.page.address);
	if (ev->event == PGMAP_EVENT_FAULT_EXIT)
		pgmap_put_u64(to, "result", ev->u.page.result);
}

static void put_step(json *to, const struct pgmap_event *ev, const struct pgmap_row *row)
{
	__u32 unseen = row ? row->unseen : PGMAP_SIGHT_ALL;

	pgmap_put_bool(to, "adding", ev->flags & PGMAP_FLAG_ADDING);
	if (ev->flags & PGMAP_FLAG_COUNTS) {
		pgmap_put_s64_if(to, "outstanding",
				 (__s64)(ev->u.counts.alloc_pages - ev->u.counts.free_pages),
				 !row || row->outstanding_unknown);
		pgmap_put_counts(to, &ev->u.counts, unseen);
	}
	if (ev->event == PGMAP_EVENT_RELEASE && row)
		pgmap_put_u64(to, "teardown_ns", row->teardown_ns);
}

static void put_event(json *to, const struct pgmap_event *ev, const struct pgmap_row *row)
{
	switch (ev->event) {
	case PGMAP_EVENT_ADD:
	case PGMAP_EVENT_SEEN:
		put_add(to, ev);
		return;
	case PGMAP_EVENT_RANGE:
		pgmap_put_u64(to, "first", ev->u.range.first);
		json_object_object_add(to, "ranges", pgmap_json_ranges(ev->u.range.ranges,
								       ev->u.range.nr_here));
		return;
	case PGMAP_EVENT_KILL:
	case PGMAP_EVENT_DRAINED:
	case PGMAP_EVENT_RELEASE:
		put_step(to, ev, row);
		return;
	default:
		put_page(to, ev, row ? row->unseen : PGMAP_SIGHT_ALL);
	}
}

static void json_event(struct pgmap_view *view, const struct pgmap_event *ev,
		       const struct pgmap_row *row)
{
	json *line;

	if (view->options.quiet)
		return;
	line = pgmap_json_start(view, "event", ev->time_ns);
	pgmap_put_text(line, "event", pgmap_event_name(ev->event));
	if (row) {
		put_identity(line, row);
	} else {
		pgmap_put_address(line, "pgmap", ev->pgmap);
		pgmap_put_u64(line, "generation", ev->generation);
	}
	pgmap_put_process(line, ev->comm, ev->pid);
	put_event(line, ev, row);
	pgmap_json_finish(view, line);
}

static json *of_rules(const struct pgmap_findings *findings)
{
	json *rules = json_object_new_object();
	int rule;

	for (rule = PGMAP_RULE_NONE + 1; rule < PGMAP_NR_RULES; rule++)
		pgmap_put_u64(rules, pgmap_rule_name(rule), findings->times[rule]);
	return rules;
}

json *pgmap_json_unseen(__u32 unseen)
{
	json *all = json_object_new_array();
	int i;

	for (i = 0; i < PGMAP_NR_SIGHTS; i++)
		if (unseen & 1U << i)
			json_object_array_add(all, json_object_new_string(pgmap_sight_name(i)));
	return all;
}

static json *of_rules_off(__u32 rules)
{
	json *all = json_object_new_array();
	int rule;

	for (rule = PGMAP_RULE_NONE + 1; rule < PGMAP_NR_RULES; rule++)
		if (rules & 1U << rule)
			json_object_array_add(all, json_object_new_string(pgmap_rule_name(rule)));
	return all;
}

static void json_report(struct pgmap_view *view, const struct pgmap_snapshot *snapshot)
{
	json *line = pgmap_json_start(view, "report", snapshot->time_ns);

	pgmap_put_text(line, "verdict", pgmap_verdict_name(snapshot->verdict));
	pgmap_put_bool(line, "incomplete", snapshot->incomplete);
	json_object_object_add(line, "rules", of_rules(snapshot->findings));
	pgmap_put_u64(line, "findings_not_kept", snapshot->findings->dropped);
	if (snapshot->older_unknown)
		pgmap_put_text(line, "older_unknown", snapshot->older_unknown);
	json_object_object_add(line, "unseen", pgmap_json_unseen(snapshot->unseen));
	json_object_object_add(line, "rules_off", of_rules_off(snapshot->rules_off));
	put_snapshot(line, snapshot, false);
	pgmap_json_finish(view, line);
}

static void json_free(struct pgmap_view *view)
{
	free(view);
}

const struct pgmap_view_ops pgmap_view_json = {
	.name = "json",
	.open = json_open,
	.facts = json_facts,
	.snapshot = json_snapshot,
	.event = json_event,
	.finding = pgmap_json_finding,
	.explanation = pgmap_json_explanation,
	.listing = pgmap_json_listing,
	.latencies = pgmap_json_latencies,
	.diff = pgmap_json_diff,
	.report = json_report,
	.free = json_free,
};
