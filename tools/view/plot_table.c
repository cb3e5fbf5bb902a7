// SPDX-License-Identifier: GPL-2.0-only
/* The numbers of the page: counts and percentiles of each pagemap, and its slowest faults. */
#include <pgmap/names.h>

#include "escape.h"
#include "plot_html.h"

enum { SLOWEST_SHOWN = 20 };

static void put_cell(FILE *out, struct pgmap_text text)
{
	fprintf(out, "<td>%s</td>", text.text);
}

static void put_count(FILE *out, __u64 count, bool unknown)
{
	struct pgmap_text text;

	snprintf(text.text, sizeof(text.text), "%llu", count);
	put_cell(out, pgmap_unit_or_unknown(text, unknown));
}

static void put_name(FILE *out, const char *text, size_t limit)
{
	fputs("<td class=\"name\">", out);
	pgmap_put_html(out, *text ? text : "-", limit);
	fputs("</td>", out);
}

/* From @from to @to, if both were seen. */
static void put_time(FILE *out, __u64 from, __u64 to)
{
	put_cell(out, pgmap_unit_time(from && to > from ? to - from : 0));
}

static void put_identity(FILE *out, const struct pgmap_life *life)
{
	const struct pgmap_row *row = &life->row;

	fprintf(out, "<tr><td class=\"name\">0x%llx</td><td>%u</td>", row->pgmap, row->generation);
	put_name(out, row->type ? pgmap_type_name(row->type) : "-", 16);
	put_name(out, row->driver, PGMAP_NAME_LEN);
	put_name(out, row->device, PGMAP_NAME_LEN);
	put_name(out, row->replaced ? "REPLACED" : row->error ? "FAILED" :
		 pgmap_state_name(row->state), 16);
	fprintf(out, "<td>%llu</td><td>%llu</td>", life->findings, row->pages);
}

static void put_faults(FILE *out, const struct pgmap_metric_stats *faults, bool unknown)
{
	const __u64 values[] = { faults->mean_ns, faults->p50_ns, faults->p90_ns, faults->p99_ns,
				 faults->p999_ns, faults->max_ns };
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		put_cell(out, pgmap_unit_or_unknown(pgmap_unit_time(values[i]), unknown));
}

static void put_life(FILE *out, const struct pgmap_life *life)
{
	const struct pgmap_row *row = &life->row;
	bool no_faults = row->unseen & PGMAP_SIGHT_FAULT;

	put_identity(out, life);
	put_count(out, row->sums.allocs, row->unseen & PGMAP_SIGHT_ALLOC);
	put_count(out, row->sums.frees, row->unseen & PGMAP_SIGHT_FREE);
	put_count(out, row->sums.faults, no_faults);
	put_count(out, row->sums.fault_errors, no_faults);
	put_faults(out, &life->faults, no_faults);
	put_cell(out, pgmap_unit_time(row->setup_ns));
	put_time(out, life->killed_ns, life->drained_ns);
	put_time(out, life->drained_ns, life->released_ns);
	fputs("</tr>\n", out);
}

void pgmap_put_life_table(FILE *out, const struct pgmap_plot *plot)
{
	size_t i;

	fputs("<h2>Pagemaps</h2>\n<div class=\"scroll\"><table id=\"pagemaps\">\n<thead><tr><th class=\"name\">pgmap</th><th>generation</th>",
	      out);
	fputs("<th class=\"name\">type</th><th class=\"name\">driver</th><th class=\"name\">device</th><th class=\"name\">state</th>",
	      out);
	fputs("<th>findings</th><th>pages</th><th>allocs</th><th>frees</th><th>faults</th><th>errors</th><th>mean</th><th>p50</th>",
	      out);
	fputs("<th>p90</th><th>p99</th><th>p99.9</th><th>max</th><th>set-up</th><th>drain</th><th>release</th></tr></thead>\n<tbody>\n",
	      out);
	for (i = 0; i < plot->timeline->nr; i++)
		put_life(out, &plot->timeline->lives[i]);
	fputs("</tbody></table></div>\n<p class=\"dim\">Mean to max are of faults; percentiles are within 1.6 %. A dash: there is none; ?: this kernel does not show it.</p>\n",
	      out);
}

/* ---- slowest faults ---- */

static bool is_among_shown(const struct pgmap_slowest *slowest,
			   const struct pgmap_slow_fault *fault)
{
	size_t i, slower = 0;

	for (i = 0; i < slowest->nr; i++)
		slower += slowest->faults[i].ns > fault->ns ||
			  (slowest->faults[i].ns == fault->ns && &slowest->faults[i] < fault);
	return slower < SLOWEST_SHOWN;
}

static void put_fault(FILE *out, const struct pgmap_axis *axis,
		      const struct pgmap_slow_fault *fault)
{
	const struct pgmap_open_fault *end = &fault->end;

	fputs("<tr>", out);
	put_cell(out, pgmap_axis_time(axis, end->time_ns - fault->ns));
	put_cell(out, pgmap_unit_time(fault->ns));
	put_name(out, end->comm, PGMAP_COMM_LEN);
	fprintf(out, "<td>%u</td><td class=\"name\">0x%llx</td><td>%u</td>", end->tid, end->pgmap,
		end->generation);
	fprintf(out, "<td class=\"name\">0x%llx</td></tr>\n", end->address);
}

void pgmap_put_slowest(FILE *out, const struct pgmap_plot *plot)
{
	const struct pgmap_slowest *slowest = &plot->timeline->slowest;
	const struct pgmap_axis axis = { .zero_ns = plot->timeline->zero_ns };
	size_t i;

	if (!slowest->nr)
		return;
	fputs("<h2>Slowest faults</h2>\n<div class=\"scroll\"><table id=\"slowest\">\n<thead><tr><th>begin</th><th>took</th>",
	      out);
	fputs("<th class=\"name\">comm</th><th>tid</th><th class=\"name\">pgmap</th><th>generation</th><th class=\"name\">address</th></tr></thead>\n<tbody>\n",
	      out);
	for (i = 0; i < slowest->nr; i++)
		if (is_among_shown(slowest, &slowest->faults[i]))
			put_fault(out, &axis, &slowest->faults[i]);
	fprintf(out, "</tbody></table></div>\n<p class=\"dim\">In order of time; %llu faster ones are left out.</p>\n",
		slowest->left_out +
		(slowest->nr > SLOWEST_SHOWN ? slowest->nr - SLOWEST_SHOWN : 0));
}
