// SPDX-License-Identifier: GPL-2.0-only
/*
 * Latencies as CSV, a line for each metric of each group. All else that a view is told,
 * such as findings and the verdict, are no rows of it: the table says that on stderr.
 */
#include <errno.h>
#include <stdlib.h>

#include <pgmap/names.h>

#include "latency.h"

struct pgmap_view {
	FILE *out;
	struct pgmap_view *words;	/* of pgmap_view_table */
};

static int csv_open(struct pgmap_view **opened, const struct pgmap_view_options *options)
{
	struct pgmap_view_options to_stderr = *options;
	struct pgmap_view *view = calloc(1, sizeof(*view));
	int err;

	*opened = NULL;
	if (!view)
		return -ENOMEM;
	view->out = options->out;
	to_stderr.out = stderr;
	err = pgmap_view_table.open(&view->words, &to_stderr);
	if (err)
		free(view);
	else
		*opened = view;
	return err;
}

/* ---- rows ---- */

/* In quotes, since a thread may call itself anything. */
static void put_text(FILE *out, const char *text, size_t limit)
{
	fputc('"', out);
	for (; limit && *text; text++, limit--) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputs("\",", out);
}

/* Each kind of group has its columns; those of the others are empty. */
static void put_group(FILE *out, enum pgmap_by by, const struct pgmap_group *group)
{
	bool by_pgmap = by == PGMAP_BY_PGMAP;

	if (by_pgmap)
		fprintf(out, "0x%llx,%u,", group->pgmap, group->generation);
	else
		fputs(",,", out);
	put_text(out, by_pgmap || by == PGMAP_BY_TYPE ? pgmap_type_name(group->type) : "", 32);
	put_text(out, by_pgmap || by == PGMAP_BY_DRIVER ? group->driver : "", PGMAP_NAME_LEN);
	put_text(out, by_pgmap ? group->device : "", PGMAP_NAME_LEN);
	if (by == PGMAP_BY_NODE)
		fprintf(out, "%d", group->node);
	fputc(',', out);
	put_text(out, by == PGMAP_BY_COMM ? group->comm : "", PGMAP_COMM_LEN);
	if (by == PGMAP_BY_CPU)
		fprintf(out, "%u", group->cpu);
	fputc(',', out);
	put_text(out, by == PGMAP_BY_PHASE ? pgmap_phase_name(group->phase) : "", 32);
}

static void put_metric(FILE *out, const struct pgmap_summary *summary,
		       const struct pgmap_group *group, enum pgmap_metric_id id)
{
	const struct pgmap_metric *metric = &group->metrics[id];
	struct pgmap_metric_stats stats = pgmap_metric_stats(metric);

	fprintf(out, "%llu,%.3f,%llu,%llu,%llu,%llu,%llu,%llu,", stats.count,
		pgmap_rate_of(summary, stats.count), stats.mean_ns, stats.p50_ns, stats.p90_ns,
		stats.p99_ns, stats.p999_ns, stats.max_ns);
	if (pgmap_metric_has_pairs(summary, id))
		fprintf(out, "%llu,%llu\n", metric->unended, metric->unstarted);
	else
		fputs(",\n", out);
}

static void csv_latencies(struct pgmap_view *view, const struct pgmap_summary *summary)
{
	FILE *out = view->out;
	size_t i;
	int id;

	fputs("pgmap,generation,type,driver,device,node,comm,cpu,phase,metric,count,rate,mean_ns,p50_ns,",
	      out);
	fputs("p90_ns,p99_ns,p999_ns,max_ns,unended,unstarted\n", out);
	for (i = 0; i < summary->nr; i++) {
		for (id = 0; id < PGMAP_NR_METRICS; id++) {
			if (!pgmap_metric_is_known(summary, id))
				continue;
			put_group(out, summary->by, &summary->groups[i]);
			fprintf(out, "%s,", pgmap_metric_name(id));
			put_metric(out, summary, &summary->groups[i], id);
		}
	}
	fflush(out);
}

/* ---- what are no rows ---- */

static void csv_facts(struct pgmap_view *view, const struct pgmap_view_fact *facts, size_t nr)
{
	pgmap_view_table.facts(view->words, facts, nr);
}

static void csv_snapshot(struct pgmap_view *view, const struct pgmap_snapshot *snapshot)
{
	pgmap_view_table.snapshot(view->words, snapshot);
}

static void csv_event(struct pgmap_view *view, const struct pgmap_event *ev,
		      const struct pgmap_row *row)
{
	pgmap_view_table.event(view->words, ev, row);
}

static void csv_finding(struct pgmap_view *view, const struct pgmap_finding *finding,
			enum pgmap_severity severity)
{
	pgmap_view_table.finding(view->words, finding, severity);
}

static void csv_explanation(struct pgmap_view *view, const struct pgmap_explanation *why)
{
	pgmap_view_table.explanation(view->words, why);
}

static void csv_report(struct pgmap_view *view, const struct pgmap_snapshot *snapshot)
{
	pgmap_view_table.report(view->words, snapshot);
}

static void csv_free(struct pgmap_view *view)
{
	if (!view)
		return;
	pgmap_view_table.free(view->words);
	free(view);
}

const struct pgmap_view_ops pgmap_view_csv = {
	.name = "csv",
	.open = csv_open,
	.facts = csv_facts,
	.snapshot = csv_snapshot,
	.event = csv_event,
	.finding = csv_finding,
	.explanation = csv_explanation,
	.latencies = csv_latencies,
	.report = csv_report,
	.free = csv_free,
};
