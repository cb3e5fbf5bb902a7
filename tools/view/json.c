// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON, one object a line (docs/json.md). Keys are the field names of the tracepoints, numbers
 * are in base units, addresses are strings.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <pgmap/names.h>

#include "view.h"

#define SCHEMA "pgmapstat/1"

typedef struct json_object json;

struct pgmap_view {
	struct pgmap_view_options options;
};

static int json_open(struct pgmap_view **opened, const struct pgmap_view_options *options)
{
	*opened = calloc(1, sizeof(**opened));
	if (!*opened)
		return -ENOMEM;
	(*opened)->options = *options;
	return 0;
}

static void put_u64(json *to, const char *key, __u64 value)
{
	json_object_object_add(to, key, json_object_new_uint64(value));
}

static void put_s64(json *to, const char *key, __s64 value)
{
	json_object_object_add(to, key, json_object_new_int64(value));
}

static void put_bool(json *to, const char *key, bool value)
{
	json_object_object_add(to, key, json_object_new_boolean(value));
}

static void put_text(json *to, const char *key, const char *value)
{
	json_object_object_add(to, key, json_object_new_string(value));
}

/* A string: doubles, which many readers use for numbers, have 53 bits. */
static void put_address(json *to, const char *key, __u64 value)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%llx", value);
	put_text(to, key, text);
}

static void put_time_of_day(const struct pgmap_view *view, json *to, __u64 time_ns)
{
	__u64 real_ns = time_ns + view->options.real_offset_ns;
	time_t seconds = real_ns / 1000000000;
	char text[40], day[24];
	struct tm utc;

	if (!view->options.timestamps || !gmtime_r(&seconds, &utc))
		return;
	strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text, sizeof(text), "%s.%06lluZ", day, real_ns % 1000000000 / 1000);
	put_text(to, "time", text);
}

static json *start(const struct pgmap_view *view, const char *kind, __u64 time_ns)
{
	json *line = json_object_new_object();

	put_text(line, "schema", SCHEMA);
	put_text(line, "kind", kind);
	if (time_ns) {
		put_u64(line, "time_ns", time_ns);
		put_time_of_day(view, line, time_ns);
	}
	return line;
}

static void finish(const struct pgmap_view *view, json *line)
{
	int flags = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;

	fprintf(view->options.out, "%s\n", json_object_to_json_string_ext(line, flags));
	fflush(view->options.out);
	json_object_put(line);
}

static void put_counts(json *to, const struct pgmap_counts *counts)
{
	put_u64(to, "allocs", counts->allocs);
	put_u64(to, "frees", counts->frees);
	put_u64(to, "fault_enters", counts->fault_enters);
	put_u64(to, "faults", counts->faults);
	put_u64(to, "fault_errors", counts->fault_errors);
}

static json *of_ranges(const struct pgmap_range *ranges, __u32 nr)
{
	json *all = json_object_new_array();
	__u32 i;

	for (i = 0; i < nr; i++) {
		json *one = json_object_new_object();

		put_address(one, "start", ranges[i].start);
		put_address(one, "end", ranges[i].end);
		json_object_array_add(all, one);
	}
	return all;
}

static void put_process(json *to, const char comm[PGMAP_COMM_LEN], __u32 pid)
{
	char text[PGMAP_COMM_LEN + 1] = "";

	memcpy(text, comm, PGMAP_COMM_LEN);
	put_text(to, "comm", text);
	put_u64(to, "pid", pid);
}

/* ---- rows ---- */

static json *of_delta(const struct pgmap_row *row)
{
	json *delta = json_object_new_object();

	put_counts(delta, &row->delta);
	put_u64(delta, "fault_p50_ns", row->interval.p50_ns);
	put_u64(delta, "fault_p99_ns", row->interval.p99_ns);
	return delta;
}

static void put_identity(json *to, const struct pgmap_row *row)
{
	put_address(to, "pgmap", row->pgmap);
	put_u64(to, "generation", row->generation);
	put_text(to, "type", pgmap_type_name(row->type));
	put_text(to, "driver", row->driver);
	put_text(to, "device", row->device);
	put_text(to, "state", pgmap_state_name(row->state));
}

static json *of_row(const struct pgmap_row *row, bool with_delta)
{
	json *one = json_object_new_object();

	put_identity(one, row);
	put_bool(one, "partial", row->partial);
	put_bool(one, "replaced", row->replaced);
	put_s64(one, "error", row->error);
	put_s64(one, "node", row->node);
	put_u64(one, "nr_range", row->nr_range);
	json_object_object_add(one, "ranges", of_ranges(row->ranges, row->nr_known));
	put_u64(one, "pages", row->pages);
	put_s64(one, "outstanding", row->outstanding);
	put_counts(one, &row->sums);
	put_u64(one, "fault_p50_ns", row->all.p50_ns);
	put_u64(one, "fault_p99_ns", row->all.p99_ns);
	put_u64(one, "fault_max_ns", row->sums.fault_max_ns);
	put_u64(one, "setup_ns", row->setup_ns);
	put_u64(one, "teardown_ns", row->teardown_ns);
	put_u64(one, "killed_for_ns", row->killed_for_ns);
	if (with_delta)
		json_object_object_add(one, "interval", of_delta(row));
	return one;
}

static json *of_losses(const struct pgmap_snapshot *snapshot)
{
	json *lost = json_object_new_object();
	int cause;

	for (cause = PGMAP_LOSS_NONE + 1; cause < PGMAP_NR_LOSSES; cause++)
		put_u64(lost, pgmap_loss_name(cause), snapshot->losses[cause]);
	return lost;
}

static json *of_totals(const struct pgmap_totals *totals)
{
	json *all = json_object_new_object();
	json *states = json_object_new_object();
	int state;

	for (state = 0; state < PGMAP_NR_STATES; state++)
		put_u64(states, pgmap_state_name(state), totals->states[state]);
	json_object_object_add(all, "states", states);
	put_u64(all, "replaced", totals->replaced);
	put_u64(all, "forgotten", totals->forgotten);
	put_s64(all, "outstanding", totals->outstanding);
	put_counts(all, &totals->sums);
	return all;
}

static void put_snapshot(json *to, const struct pgmap_snapshot *snapshot, bool with_delta)
{
	json *rows = json_object_new_array();
	size_t i;

	for (i = 0; i < snapshot->nr_rows; i++)
		json_object_array_add(rows, of_row(&snapshot->rows[i], with_delta));
	json_object_object_add(to, "pagemaps", rows);
	json_object_object_add(to, "totals", of_totals(&snapshot->totals));
	json_object_object_add(to, "lost", of_losses(snapshot));
}

/* ---- the lines ---- */

static void json_facts(struct pgmap_view *view, const struct pgmap_view_fact *facts, size_t nr)
{
	json *line = start(view, "check", 0);
	size_t i;

	for (i = 0; i < nr; i++)
		put_text(line, facts[i].key, facts[i].value);
	finish(view, line);
}

static void json_snapshot(struct pgmap_view *view, const struct pgmap_snapshot *snapshot)
{
	json *line;

	if (view->options.quiet)
		return;
	line = start(view, "interval", snapshot->time_ns);
	put_u64(line, "interval_ns", snapshot->interval_ns);
	put_snapshot(line, snapshot, true);
	finish(view, line);
}

static void put_add(json *to, const struct pgmap_event *ev)
{
	const struct pgmap_event_add *add = &ev->u.add;

	put_s64(to, "error", add->error);
	put_s64(to, "node", add->node);
	put_u64(to, "setup_ns", add->setup_ns);
	put_u64(to, "nr_range", add->nr_range);
	put_u64(to, "pages", add->pages);
	json_object_object_add(to, "ranges", of_ranges(add->ranges, add->nr_here));
}

static void put_page(json *to, const struct pgmap_event *ev)
{
	put_address(to, "pfn", ev->u.page.pfn);
	if (ev->event == PGMAP_EVENT_PAGE_ALLOC || ev->event == PGMAP_EVENT_PAGE_FREE)
		put_u64(to, "pages", ev->u.page.pages);
	else
		put_address(to, "address", ev->u.page.address);
	if (ev->event == PGMAP_EVENT_FAULT_EXIT)
		put_u64(to, "result", ev->u.page.result);
}

static void put_step(json *to, const struct pgmap_event *ev, const struct pgmap_row *row)
{
	put_bool(to, "adding", ev->flags & PGMAP_FLAG_ADDING);
	if (ev->flags & PGMAP_FLAG_COUNTS) {
		put_s64(to, "outstanding",
			(__s64)(ev->u.counts.alloc_pages - ev->u.counts.free_pages));
		put_counts(to, &ev->u.counts);
	}
	if (ev->event == PGMAP_EVENT_RELEASE && row)
		put_u64(to, "teardown_ns", row->teardown_ns);
}

static void put_event(json *to, const struct pgmap_event *ev, const struct pgmap_row *row)
{
	switch (ev->event) {
	case PGMAP_EVENT_ADD:
	case PGMAP_EVENT_SEEN:
		put_add(to, ev);
		return;
	case PGMAP_EVENT_RANGE:
		put_u64(to, "first", ev->u.range.first);
		json_object_object_add(to, "ranges",
				       of_ranges(ev->u.range.ranges, ev->u.range.nr_here));
		return;
	case PGMAP_EVENT_KILL:
	case PGMAP_EVENT_DRAINED:
	case PGMAP_EVENT_RELEASE:
		put_step(to, ev, row);
		return;
	default:
		put_page(to, ev);
	}
}

static void json_event(struct pgmap_view *view, const struct pgmap_event *ev,
		       const struct pgmap_row *row)
{
	json *line;

	if (view->options.quiet)
		return;
	line = start(view, "event", ev->time_ns);
	put_text(line, "event", pgmap_event_name(ev->event));
	if (row) {
		put_identity(line, row);
	} else {
		put_address(line, "pgmap", ev->pgmap);
		put_u64(line, "generation", ev->generation);
	}
	put_process(line, ev->comm, ev->pid);
	put_event(line, ev, row);
	finish(view, line);
}

static json *of_history(const struct pgmap_history *history)
{
	json *all = json_object_new_array();
	__u32 i;

	for (i = 0; i < history->nr; i++) {
		const struct pgmap_moment *moment = &history->moments[i];
		json *one = json_object_new_object();

		put_text(one, "event", pgmap_event_name(moment->event));
		put_u64(one, "time_ns", moment->time_ns);
		put_u64(one, "generation", moment->generation);
		put_bool(one, "adding", moment->flags & PGMAP_FLAG_ADDING);
		put_s64(one, "error", moment->error);
		put_process(one, moment->comm, moment->pid);
		json_object_array_add(all, one);
	}
	return all;
}

static void json_finding(struct pgmap_view *view, const struct pgmap_finding *finding,
			 enum pgmap_severity severity)
{
	json *line = start(view, "finding", finding->time_ns);

	put_text(line, "rule", pgmap_rule_name(finding->rule));
	put_text(line, "severity", pgmap_severity_name(severity));
	put_text(line, "text", pgmap_rule_text(finding->rule));
	put_address(line, "pgmap", finding->pgmap);
	put_u64(line, "generation", finding->generation);
	put_text(line, "type", pgmap_type_name(finding->type));
	put_text(line, "driver", finding->driver);
	put_text(line, "device", finding->device);
	put_text(line, "state", pgmap_state_name(finding->state));
	put_process(line, finding->comm, finding->pid);
	put_s64(line, "error", finding->error);
	put_s64(line, "outstanding", finding->outstanding);
	put_address(line, "pfn", finding->pfn);
	put_address(line, "other", finding->other);
	put_u64(line, "other_generation", finding->other_generation);
	put_address(line, "start", finding->range.start);
	put_address(line, "end", finding->range.end);
	json_object_object_add(line, "events", of_history(&finding->history));
	finish(view, line);
}

static json *of_rules(const struct pgmap_findings *findings)
{
	json *rules = json_object_new_object();
	int rule;

	for (rule = PGMAP_RULE_NONE + 1; rule < PGMAP_NR_RULES; rule++)
		put_u64(rules, pgmap_rule_name(rule), findings->times[rule]);
	return rules;
}

static void json_report(struct pgmap_view *view, const struct pgmap_snapshot *snapshot)
{
	json *line = start(view, "report", snapshot->time_ns);

	put_text(line, "verdict", pgmap_verdict_name(snapshot->verdict));
	put_bool(line, "incomplete", snapshot->incomplete);
	json_object_object_add(line, "rules", of_rules(snapshot->findings));
	put_u64(line, "findings_not_kept", snapshot->findings->dropped);
	put_snapshot(line, snapshot, false);
	finish(view, line);
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
	.finding = json_finding,
	.report = json_report,
	.free = json_free,
};
