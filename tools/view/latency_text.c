// SPDX-License-Identifier: GPL-2.0-only
/* Latencies for people: who, a line of numbers for each metric, and bars where they help. */
#include <string.h>

#include <pgmap/names.h>

#include "latency.h"
#include "prose.h"
#include "units.h"

enum {
	LEAST_FOR_BARS	= 10,	/* values: of fewer the numbers tell all */
	MOST_WITH_BARS	= 8,	/* groups: those with the most values */
};

#define NUMBERS	"  %-8s %7s %9s %8s %8s %8s %8s %8s %8s %8s %9s\n"

static const char *or_none(const char *text)
{
	return *text ? text : "-";
}

static void describe_pagemap(char text[PGMAP_WHO_LEN], const struct pgmap_group *group)
{
	if (group->rest) {
		snprintf(text, PGMAP_WHO_LEN, "pagemaps that ended long ago");
		return;
	}
	snprintf(text, PGMAP_WHO_LEN, "pgmap 0x%llx generation %u, %s, driver %s, device %s%s",
		 group->pgmap, group->generation, pgmap_type_name(group->type),
		 or_none(group->driver), or_none(group->device),
		 group->partial ? ", older than this run" : "");
}

void pgmap_prose_group(char text[PGMAP_WHO_LEN], enum pgmap_by by,
		       const struct pgmap_group *group)
{
	size_t used;

	switch (by) {
	case PGMAP_BY_PGMAP:
		describe_pagemap(text, group);
		break;
	case PGMAP_BY_DRIVER:
		snprintf(text, PGMAP_WHO_LEN, "driver %s", or_none(group->driver));
		break;
	case PGMAP_BY_TYPE:
		snprintf(text, PGMAP_WHO_LEN, "type %s", pgmap_type_name(group->type));
		break;
	case PGMAP_BY_NODE:
		snprintf(text, PGMAP_WHO_LEN, group->node < 0 ? "node -" : "node %d", group->node);
		break;
	case PGMAP_BY_COMM:
		snprintf(text, PGMAP_WHO_LEN, "comm %.*s", PGMAP_COMM_LEN, group->comm);
		break;
	case PGMAP_BY_CPU:
		snprintf(text, PGMAP_WHO_LEN, "cpu %u", group->cpu);
		break;
	case PGMAP_BY_PHASE:
		snprintf(text, PGMAP_WHO_LEN, "phase %s", pgmap_phase_name(group->phase));
		break;
	default:
		snprintf(text, PGMAP_WHO_LEN, "?");
	}
	if (!group->pagemaps || (by == PGMAP_BY_PGMAP && !group->rest))
		return;
	used = strlen(text);
	snprintf(text + used, PGMAP_WHO_LEN - used, ", %llu pagemap%s", group->pagemaps,
		 group->pagemaps == 1 ? "" : "s");
}

double pgmap_rate_of(const struct pgmap_summary *summary, __u64 count)
{
	return summary->duration_ns ? count * 1e9 / summary->duration_ns : 0;
}

/* ---- numbers ---- */

static bool has_anything(const struct pgmap_metric *metric)
{
	return metric->values.nr || metric->unended || metric->unstarted;
}

static void print_header(FILE *out)
{
	fprintf(out, NUMBERS, "metric", "count", "rate", "mean", "p50", "p90", "p99", "p99.9",
		"max", "unended", "unstarted");
}

static void print_numbers(FILE *out, const struct pgmap_summary *summary,
			  const struct pgmap_group *group, enum pgmap_metric_id id)
{
	const struct pgmap_metric *metric = &group->metrics[id];
	struct pgmap_metric_stats stats = pgmap_metric_stats(metric);
	bool has_pairs = pgmap_metric_has_pairs(summary, id);
	char rate[PGMAP_UNIT_LEN + 4];

	snprintf(rate, sizeof(rate), "%s/s",
		 pgmap_unit_rate(stats.count, summary->duration_ns).text);
	fprintf(out, NUMBERS, pgmap_metric_name(id), pgmap_unit_count(stats.count).text, rate,
		pgmap_unit_time(stats.mean_ns).text, pgmap_unit_time(stats.p50_ns).text,
		pgmap_unit_time(stats.p90_ns).text, pgmap_unit_time(stats.p99_ns).text,
		pgmap_unit_time(stats.p999_ns).text, pgmap_unit_time(stats.max_ns).text,
		has_pairs ? pgmap_unit_count(metric->unended).text : "?",
		has_pairs ? pgmap_unit_count(metric->unstarted).text : "?");
}

/* ---- bars ---- */

static __u64 values_of(const struct pgmap_group *group)
{
	__u64 values = 0;
	int id;

	for (id = 0; id < PGMAP_NR_METRICS; id++)
		values += pgmap_latency_total(&group->metrics[id].values, PGMAP_LATENCY_ALL);
	return values;
}

static bool is_among_largest(const struct pgmap_summary *summary, size_t which)
{
	__u64 mine = values_of(&summary->groups[which]);
	size_t i, larger = 0;

	for (i = 0; i < summary->nr && larger < MOST_WITH_BARS; i++) {
		__u64 values = values_of(&summary->groups[i]);

		larger += values > mine || (values == mine && i < which);
	}
	return larger < MOST_WITH_BARS;
}

static void print_bars(FILE *out, const struct pgmap_group *group)
{
	int id;

	for (id = 0; id < PGMAP_NR_METRICS; id++) {
		const struct pgmap_metric *metric = &group->metrics[id];

		if (pgmap_latency_total(&metric->values, PGMAP_LATENCY_ALL) < LEAST_FOR_BARS)
			continue;
		fprintf(out, "  %s:\n", pgmap_metric_name(id));
		pgmap_bars(out, metric);
	}
}

/* ---- all ---- */

static void print_group(FILE *out, const struct pgmap_summary *summary, size_t which)
{
	const struct pgmap_group *group = &summary->groups[which];
	char who[PGMAP_WHO_LEN];
	bool some = false;
	int id;

	pgmap_prose_group(who, summary->by, group);
	fprintf(out, "%s\n", who);
	for (id = 0; id < PGMAP_NR_METRICS; id++) {
		if (!pgmap_metric_is_known(summary, id) || !has_anything(&group->metrics[id]))
			continue;
		if (!some)
			print_header(out);
		some = true;
		print_numbers(out, summary, group, id);
	}
	if (!some)
		fprintf(out, "  nothing was measured\n");
	if (group->failed_adds)
		fprintf(out, "  %llu add%s failed: not in these numbers\n", group->failed_adds,
			group->failed_adds == 1 ? "" : "s");
	if (group->fault_errors)
		fprintf(out, "  %llu fault%s ended with an error: among these numbers\n",
			group->fault_errors, group->fault_errors == 1 ? "" : "s");
	if (is_among_largest(summary, which))
		print_bars(out, group);
	fputc('\n', out);
}

void pgmap_text_latencies(const struct pgmap_view_options *options,
			  const struct pgmap_summary *summary)
{
	FILE *out = options->out;
	size_t i;
	int id;

	fprintf(out, "Latencies by %s in %s, kernel %s, %s, %llu CPUs\n",
		pgmap_by_name(summary->by), pgmap_unit_time(summary->duration_ns).text,
		summary->origin.kernel, summary->origin.backend, summary->origin.cpus);
	for (i = 0; i < summary->nr; i++)
		print_group(out, summary, i);
	if (!summary->nr)
		fprintf(out, "nothing was measured\n");
	if (summary->nr > MOST_WITH_BARS)
		fprintf(out, "bars: of the %d with the most values\n", MOST_WITH_BARS);
	for (id = 0; id < PGMAP_NR_METRICS; id++)
		if (!pgmap_metric_is_known(summary, id) && !pgmap_by_needs_groups(summary->by))
			fprintf(out, "%s: unknown, this kernel does not show it by %s\n",
				pgmap_metric_name(id), summary->origin.backend);
	pgmap_prose_losses(out, summary->losses, summary->unseen);
}
