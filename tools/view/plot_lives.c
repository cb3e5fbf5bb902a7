// SPDX-License-Identifier: GPL-2.0-only
/* Lifetimes: a row for each pagemap, what it was doing as bars, its steps and findings as marks. */
#include <string.h>

#include <pgmap/names.h>

#include "escape.h"
#include "plot_html.h"

enum { ROW = 32, TOP = 44, BAR = 12, FOOT = 44, NARROWEST = 2 };

enum span { SETUP, LIVE, DRAIN, RELEASE, NR_SPANS };
enum mark { ADDED, KILLED, DRAINED, RELEASED, NR_MARKS };

/* Each has a pattern, too, for eyes to which colours are alike. */
static const struct {
	const char *class, *text, *pattern;
} spans[NR_SPANS] = {
	[SETUP] = { "setup", "set-up", "M0 8 8 0M-2 2 2-2M6 10 10 6" },
	[LIVE] = { "live", "live", "" },
	[DRAIN] = { "drain", "draining", "M0 0 8 8M-2 6 2 10M6-2 10 2" },
	[RELEASE] = { "release", "releasing", "M3 0V8" },
};

static const struct {
	const char *text, *shape;
} marks[NR_MARKS] = {
	[ADDED] = { "add", "M0-5 5 4H-5z" },
	[KILLED] = { "kill", "M-4-4 4 4M4-4-4 4" },
	[DRAINED] = { "drained", "M0-5 5 0 0 5-5 0z" },
	[RELEASED] = { "release", "M-4-4H4V4H-4z" },
};

/* ---- pieces ---- */

static void put_patterns(FILE *out)
{
	int i;

	fputs("<defs>", out);
	for (i = 0; i < NR_SPANS; i++)
		fprintf(out, "<pattern id=\"%s\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><rect class=\"%s\" width=\"8\" height=\"8\"/><path class=\"ink\" d=\"%s\"/></pattern>",
			spans[i].class, spans[i].class, spans[i].pattern);
	fputs("</defs>\n", out);
}

static void put_bar(FILE *out, double x, double width, int y, enum span span)
{
	fprintf(out, "<rect class=\"span\" fill=\"url(#%s)\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\">",
		spans[span].class, x, y - BAR / 2, width < NARROWEST ? NARROWEST : width, BAR);
}

static void put_shape(FILE *out, double x, int y, enum mark mark)
{
	fprintf(out, "<path class=\"mark\" transform=\"translate(%.1f %d)\" d=\"%s\">", x, y,
		marks[mark].shape);
}

static void put_legend(FILE *out)
{
	double x = PGMAP_PLOT_LEFT;
	int i;

	for (i = 0; i < NR_SPANS; i++, x += 95) {
		put_bar(out, x, 24, 14, i);
		fprintf(out, "</rect><text x=\"%.0f\" y=\"18\">%s</text>", x + 30, spans[i].text);
	}
	for (i = 0; i < NR_MARKS; i++, x += 78) {
		put_shape(out, x + 6, 14, i);
		fprintf(out, "</path><text x=\"%.0f\" y=\"18\">%s</text>", x + 16, marks[i].text);
	}
	fprintf(out, "<circle class=\"ERROR\" cx=\"%.0f\" cy=\"14\" r=\"7\"/><text class=\"letter\" x=\"%.0f\" y=\"18\">E</text><text x=\"%.0f\" y=\"18\">finding</text>\n",
		x + 6, x + 6, x + 18);
}

/* ---- a row ---- */

static void put_span(FILE *out, const struct pgmap_axis *axis, int y, enum span span, __u64 from,
		     __u64 to)
{
	if (!from || to < from)
		return;
	put_bar(out, pgmap_axis_x(axis, from), pgmap_axis_x(axis, to) - pgmap_axis_x(axis, from), y,
		span);
	fprintf(out, "<title>%s for %s, from %s</title></rect>\n", spans[span].text,
		pgmap_unit_time(to - from).text, pgmap_axis_time(axis, from).text);
}

static void put_mark(FILE *out, const struct pgmap_axis *axis, int y, enum mark mark, __u64 time)
{
	if (!time)
		return;
	put_shape(out, pgmap_axis_x(axis, time), y, mark);
	fprintf(out, "<title>%s at %s</title></path>\n", marks[mark].text,
		pgmap_axis_time(axis, time).text);
}

static void put_name(FILE *out, const struct pgmap_row *row, int y)
{
	fprintf(out, "<text class=\"end\" x=\"%d\" y=\"%d\">", PGMAP_PLOT_LEFT - 12, y - 3);
	pgmap_put_html(out, *row->driver ? row->driver : "-", 24);
	fprintf(out, " %s%s</text>", row->type ? pgmap_type_name(row->type) : "failed",
		row->partial ? " *" : "");
	fprintf(out, "<text class=\"end dim\" x=\"%d\" y=\"%d\">0x%llx gen %u</text>\n",
		PGMAP_PLOT_LEFT - 12, y + 11, row->pgmap, row->generation);
}

/* A failed add that is unwound is killed inside of its set-up: the bars lie on it. */
static void put_life(FILE *out, const struct pgmap_axis *axis, const struct pgmap_life *life, int y)
{
	__u64 end = life->released_ns ? : life->replaced_ns ? : axis->to_ns;
	__u64 added = life->begin_ns ? life->begin_ns + life->row.setup_ns : 0;

	put_name(out, &life->row, y);
	put_span(out, axis, y, SETUP, life->begin_ns, added);
	if (!life->row.error)
		put_span(out, axis, y, LIVE, added ? : axis->from_ns, life->killed_ns ? : end);
	put_span(out, axis, y, DRAIN, life->killed_ns, life->drained_ns ? : end);
	put_span(out, axis, y, RELEASE, life->drained_ns, end);
	put_mark(out, axis, y, ADDED, life->row.error ? 0 : added);
	put_mark(out, axis, y, KILLED, life->killed_ns);
	put_mark(out, axis, y, DRAINED, life->drained_ns);
	put_mark(out, axis, y, RELEASED, life->released_ns);
}

static void put_finding(FILE *out, const struct pgmap_plot *plot, const struct pgmap_axis *axis,
			const struct pgmap_finding *finding, int y)
{
	enum pgmap_severity severity = pgmap_snapshot_severity(plot->snapshot, finding);
	const char *name = pgmap_severity_name(severity);
	double x = pgmap_axis_x(axis, finding->time_ns);

	fprintf(out, "<g class=\"flag\"><circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"7\"/>", name,
		x, y - 8);
	fprintf(out, "<text class=\"letter\" x=\"%.1f\" y=\"%d\">%c</text>", x, y - 4, *name);
	fprintf(out, "<title>%s %s at %s: %s</title></g>\n", name, pgmap_rule_name(finding->rule),
		pgmap_axis_time(axis, finding->time_ns).text, pgmap_rule_text(finding->rule));
}

static void put_findings(FILE *out, const struct pgmap_plot *plot, const struct pgmap_axis *axis,
			 const struct pgmap_row *row, int y)
{
	const struct pgmap_findings *findings = plot->snapshot->findings;
	size_t i;

	for (i = 0; i < findings->nr; i++)
		if (findings->all[i].pgmap == row->pgmap &&
		    findings->all[i].generation == row->generation)
			put_finding(out, plot, axis, &findings->all[i], y);
}

/* ---- all of it ---- */

static void put_drawing(FILE *out, const struct pgmap_plot *plot)
{
	const struct pgmap_timeline *timeline = plot->timeline;
	const struct pgmap_axis axis = {
		.zero_ns = timeline->zero_ns, .from_ns = timeline->start_ns,
		.to_ns = timeline->end_ns > timeline->start_ns ? timeline->end_ns :
								 timeline->start_ns + 1,
	};
	int bottom = TOP + ROW * timeline->nr, y = TOP + ROW / 2;
	size_t i;

	fprintf(out, "<div class=\"scroll\"><svg id=\"lives\" role=\"img\" aria-label=\"Lifetimes of pagemaps\" viewBox=\"0 0 %d %d\">\n",
		PGMAP_PLOT_LEFT + PGMAP_PLOT_WIDTH + PGMAP_PLOT_RIGHT, bottom + FOOT);
	put_patterns(out);
	put_legend(out);
	pgmap_axis_put(out, &axis, TOP - 8, bottom, "time, s");
	for (i = 0; i < timeline->nr; i++, y += ROW) {
		fputs("<g class=\"life\">", out);
		put_life(out, &axis, &timeline->lives[i], y);
		put_findings(out, plot, &axis, &timeline->lives[i].row, y);
		fputs("</g>\n", out);
	}
	fputs("</svg></div>\n", out);
}

void pgmap_put_lives(FILE *out, const struct pgmap_plot *plot)
{
	fputs("<h2>Lifetimes</h2>\n", out);
	if (!plot->timeline->nr) {
		fputs("<p>No pagemap was seen.</p>\n", out);
		return;
	}
	put_drawing(out, plot);
	if (plot->timeline->left_out)
		fprintf(out, "<p id=\"left-out\">%llu more pagemaps are left out here and in the table below: those without a finding that did the least.</p>\n",
			plot->timeline->left_out);
	fputs("<p class=\"dim\">*: older than the recording, or its beginning is missing. Point at a bar or a mark to read its times.</p>\n",
	      out);
}
