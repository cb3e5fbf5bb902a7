// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table for people: two lines for each pagemap, who it is and what it
 * does, within 120 columns; appended at each interval like iostat.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pgmap/names.h>

#include "diff.h"
#include "latency.h"
#include "prose.h"
#include "units.h"
#include "view.h"

struct pgmap_view {
	struct pgmap_view_options options;
	bool event_header_done;
};

static int table_open(struct pgmap_view **opened, const struct pgmap_view_options *options)
{
	struct pgmap_view *view = calloc(1, sizeof(*view));

	*opened = view;
	if (!view)
		return -ENOMEM;
	view->options = *options;
	/* each thing at its end, also into a pipe, and not line by line: a table is many */
	setvbuf(options->out, NULL, _IOFBF, 0);
	return 0;
}

static void table_facts(struct pgmap_view *view, const struct pgmap_view_fact *facts, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		fprintf(view->options.out, "%-18s%s\n", facts[i].key, facts[i].value);
	fflush(view->options.out);
}

/* ---- the live table ---- */

/* Columns of the first line; the second one is indented below it. */
#define WHO	"%-18s %10s %-10s %-14s %-16s %-35s %s\n"
#define WHAT	"  %7s %11s %9s %9s %9s %9s %9s %9s %9s %9s %9s\n"

static void print_who_header(FILE *out)
{
	fprintf(out, WHO, "pgmap", "generation", "type", "driver", "device", "start-end", "state");
}

static void print_who(FILE *out, const struct pgmap_row *row)
{
	char pgmap[24], generation[16], range[64] = "-";

	snprintf(pgmap, sizeof(pgmap), "0x%llx", row->pgmap);
	snprintf(generation, sizeof(generation), "%u%s", row->generation,
		 row->partial ? "*" : "");
	if (row->nr_known)
		snprintf(range, sizeof(range), "0x%llx-0x%llx", row->ranges[0].start,
			 row->ranges[0].end);
	fprintf(out, WHO, pgmap, generation, pgmap_type_name(row->type),
		*row->driver ? row->driver : "-", *row->device ? row->device : "-", range,
		row->error ? "FAILED" : row->replaced ? "REPLACED" : pgmap_state_name(row->state));
}

/* A pagemap with several ranges: the others, one line each, below the first. */
static void print_ranges(FILE *out, const struct pgmap_row *row)
{
	__u32 i;

	for (i = 1; i < row->nr_known; i++)
		fprintf(out, "%72s 0x%llx-0x%llx\n", "", row->ranges[i].start, row->ranges[i].end);
}

/* Kill to release; while that goes on, how long it has taken so far. */
static struct pgmap_text teardown_text(const struct pgmap_row *row)
{
	struct pgmap_text text = pgmap_unit_time(row->teardown_ns);

	if (!row->teardown_ns && row->killed_for_ns)
		snprintf(text.text, sizeof(text.text), ">%.*s", PGMAP_UNIT_LEN - 2,
			 pgmap_unit_time(row->killed_for_ns).text);
	return text;
}

static void print_rate_header(FILE *out)
{
	fprintf(out, WHAT, "pages", "outstanding", "allocs/s", "frees/s", "faults/s",
		"fault_p50", "fault_p99", "fault_max", "errors/s", "setup", "teardown");
}

/* What is counted of it: "?" where the source does not show it. */
static struct pgmap_text outstanding_text(const struct pgmap_row *row)
{
	return pgmap_unit_or_unknown(pgmap_unit_count(row->outstanding), row->outstanding_unknown);
}

static struct pgmap_text seen(const struct pgmap_row *row, __u32 sight, struct pgmap_text text)
{
	return pgmap_unit_or_unknown(text, row->unseen & sight);
}

static struct pgmap_text fault_time(const struct pgmap_row *row, __u64 ns)
{
	return seen(row, PGMAP_SIGHT_FAULT, pgmap_unit_time(ns));
}

static void print_rates(FILE *out, const struct pgmap_row *row, __u64 interval_ns)
{
	const struct pgmap_counts *delta = &row->delta;
	struct pgmap_text allocs = pgmap_unit_rate(delta->allocs, interval_ns);
	struct pgmap_text frees = pgmap_unit_rate(delta->frees, interval_ns);
	struct pgmap_text faults = pgmap_unit_rate(delta->faults, interval_ns);
	struct pgmap_text errors = pgmap_unit_rate(delta->fault_errors, interval_ns);

	fprintf(out, WHAT, pgmap_unit_count(row->pages).text, outstanding_text(row).text,
		seen(row, PGMAP_SIGHT_ALLOC, allocs).text,
		seen(row, PGMAP_SIGHT_FREE, frees).text,
		seen(row, PGMAP_SIGHT_FAULT, faults).text,
		fault_time(row, row->interval.p50_ns).text,
		fault_time(row, row->interval.p99_ns).text,
		fault_time(row, row->sums.fault_max_ns).text,
		seen(row, PGMAP_SIGHT_FAULT, errors).text,
		pgmap_unit_time(row->setup_ns).text, teardown_text(row).text);
}

static void print_sum_header(FILE *out)
{
	fprintf(out, WHAT, "pages", "outstanding", "allocs", "frees", "faults", "fault_p50",
		"fault_p99", "fault_max", "errors", "setup", "teardown");
}

static void print_sums(FILE *out, const struct pgmap_row *row)
{
	const struct pgmap_counts *sums = &row->sums;

	fprintf(out, WHAT, pgmap_unit_count(row->pages).text, outstanding_text(row).text,
		seen(row, PGMAP_SIGHT_ALLOC, pgmap_unit_count(sums->allocs)).text,
		seen(row, PGMAP_SIGHT_FREE, pgmap_unit_count(sums->frees)).text,
		seen(row, PGMAP_SIGHT_FAULT, pgmap_unit_count(sums->faults)).text,
		fault_time(row, row->all.p50_ns).text, fault_time(row, row->all.p99_ns).text,
		fault_time(row, sums->fault_max_ns).text,
		seen(row, PGMAP_SIGHT_FAULT, pgmap_unit_count(sums->fault_errors)).text,
		pgmap_unit_time(row->setup_ns).text, teardown_text(row).text);
}

static void print_legend(FILE *out, const struct pgmap_snapshot *snapshot)
{
	size_t i;

	for (i = 0; i < snapshot->nr_rows && !snapshot->rows[i].partial; i++)
		;
	if (i < snapshot->nr_rows)
		fprintf(out, "* older than this run: counted from its start on\n");
}

static void print_left_out(FILE *out, const struct pgmap_snapshot *snapshot)
{
	if (snapshot->left_out)
		fprintf(out, "and %zu more that are less busy (all: --rows 0)\n",
			snapshot->left_out);
}

static void table_snapshot(struct pgmap_view *view, const struct pgmap_snapshot *snapshot)
{
	FILE *out = view->options.out;
	size_t i;

	if (view->options.quiet)
		return;
	if (view->options.timestamps)
		fprintf(out, "%s\n", pgmap_unit_clock(snapshot->time_ns +
						      view->options.real_offset_ns).text);
	if (snapshot->nr_rows) {
		print_who_header(out);
		print_rate_header(out);
	}
	for (i = 0; i < snapshot->nr_rows; i++) {
		print_who(out, &snapshot->rows[i]);
		print_ranges(out, &snapshot->rows[i]);
		print_rates(out, &snapshot->rows[i], snapshot->interval_ns);
	}
	print_left_out(out, snapshot);
	print_legend(out, snapshot);
	pgmap_prose_totals(out, snapshot);
	fputc('\n', out);
	fflush(out);
}

/* ---- the stream ---- */

/* What a pagemap says of itself is long and comes once: on a line of its own. */
#define EVENT	"%-15s %-17s %-18s %10s %-8s %-22s %s\n"
#define LONG	"%-15s %-17s %-18s %10s %-8s %s\n%15s %s\n"

static void table_event(struct pgmap_view *view, const struct pgmap_event *ev,
			const struct pgmap_row *row)
{
	char pgmap[24], generation[16], process[40], detail[PGMAP_PROSE_LEN];
	bool long_detail = ev->event == PGMAP_EVENT_ADD || ev->event == PGMAP_EVENT_SEEN;
	const char *state = row ? pgmap_state_name(row->state) : "-";
	FILE *out = view->options.out;
	struct pgmap_text time;

	if (view->options.quiet || ev->event == PGMAP_EVENT_RANGE)
		return;
	if (!view->event_header_done)
		fprintf(out, EVENT, view->options.timestamps ? "time" : "seconds", "event", "pgmap",
			"generation", "state", "process", "detail");
	view->event_header_done = true;
	time = pgmap_prose_time(&view->options, ev->time_ns);
	snprintf(pgmap, sizeof(pgmap), "0x%llx", ev->pgmap);
	snprintf(generation, sizeof(generation), "%u", row ? row->generation : ev->generation);
	snprintf(process, sizeof(process), "%.16s/%u", ev->comm, ev->pid);
	pgmap_prose_event(detail, ev, row);
	if (long_detail)
		fprintf(out, LONG, time.text, pgmap_event_name(ev->event), pgmap, generation,
			state, process, "", detail);
	else
		fprintf(out, EVENT, time.text, pgmap_event_name(ev->event), pgmap, generation,
			state, process, detail);
	fflush(out);
}

static void table_finding(struct pgmap_view *view, const struct pgmap_finding *finding,
			  enum pgmap_severity severity)
{
	struct pgmap_frame frame;
	__u32 i;

	if (view->options.announce) {
		pgmap_prose_finding(view->options.out, finding, severity);
		fflush(view->options.out);
	}
	/* shown in the report: ask for the names while they are there */
	for (i = 0; i < finding->nr_frames; i++)
		pgmap_symbols_frame(view->options.symbols, finding->stack[i], &frame);
}

/* ---- the end ---- */

static void print_all(FILE *out, const struct pgmap_snapshot *snapshot)
{
	size_t i;

	if (snapshot->nr_rows) {
		fprintf(out, "All pagemaps, sums from first to last event:\n");
		print_who_header(out);
		print_sum_header(out);
	}
	for (i = 0; i < snapshot->nr_rows; i++) {
		print_who(out, &snapshot->rows[i]);
		print_ranges(out, &snapshot->rows[i]);
		print_sums(out, &snapshot->rows[i]);
	}
	print_legend(out, snapshot);
	pgmap_prose_sums(out, snapshot);
}

static void table_report(struct pgmap_view *view, const struct pgmap_snapshot *snapshot)
{
	FILE *out = view->options.out;
	size_t i;

	if (!view->options.quiet)
		print_all(out, snapshot);
	for (i = 0; i < snapshot->findings->nr; i++) {
		const struct pgmap_finding *finding = &snapshot->findings->all[i];

		pgmap_prose_finding(out, finding, pgmap_snapshot_severity(snapshot, finding));
		pgmap_prose_history(&view->options, finding);
		pgmap_prose_stack(&view->options, finding->stack, finding->nr_frames);
	}
	if (!view->options.quiet)
		pgmap_prose_rules_off(out, snapshot);
	pgmap_prose_verdict(out, snapshot);
	fflush(out);
}

static void table_explanation(struct pgmap_view *view, const struct pgmap_explanation *why)
{
	pgmap_prose_explanation(&view->options, why);
	fflush(view->options.out);
}

static void table_listing(struct pgmap_view *view, const struct pgmap_listing *listing)
{
	pgmap_prose_listing(&view->options, listing);
	fflush(view->options.out);
}

static void table_latencies(struct pgmap_view *view, const struct pgmap_summary *summary)
{
	pgmap_text_latencies(&view->options, summary);
	fflush(view->options.out);
}

static void table_diff(struct pgmap_view *view, const struct pgmap_diff *diff)
{
	pgmap_text_diff(&view->options, diff);
	fflush(view->options.out);
}

static void table_free(struct pgmap_view *view)
{
	free(view);
}

const struct pgmap_view_ops pgmap_view_table = {
	.name = "table",
	.open = table_open,
	.facts = table_facts,
	.snapshot = table_snapshot,
	.event = table_event,
	.finding = table_finding,
	.explanation = table_explanation,
	.listing = table_listing,
	.latencies = table_latencies,
	.diff = table_diff,
	.report = table_report,
	.free = table_free,
};
