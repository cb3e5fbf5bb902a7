// SPDX-License-Identifier: GPL-2.0-only
/* The page: what was read, the verdict, the findings, then the drawings and tables. */
#include <stdlib.h>
#include <string.h>

#include <pgmap/names.h>

#include "escape.h"
#include "plot_html.h"
#include "prose.h"

/* What the text view says, as text of the page. */
typedef void pgmap_teller(FILE *out, const struct pgmap_plot *plot, const void *about);

static void put_prose(FILE *out, const struct pgmap_plot *plot, const void *about,
		      pgmap_teller *tell)
{
	char *text = NULL, *line, *rest;
	size_t size = 0;
	FILE *prose = open_memstream(&text, &size);

	if (!prose) {
		fputs("(no memory for this text)\n", out);
		return;
	}
	tell(prose, plot, about);
	fclose(prose);
	/* by lines, since the end of one is a control character */
	for (rest = text; rest && (line = strsep(&rest, "\n")) && (rest || *line);) {
		pgmap_put_html(out, line, strlen(line));
		fputc('\n', out);
	}
	free(text);
}

static void tell_finding(FILE *out, const struct pgmap_plot *plot, const void *about)
{
	const struct pgmap_view_options options = {
		.out = out, .start_ns = plot->timeline->zero_ns
	};
	const struct pgmap_finding *finding = about;

	pgmap_prose_finding(out, finding, pgmap_snapshot_severity(plot->snapshot, finding));
	pgmap_prose_history(&options, finding);
}

static void tell_verdict(FILE *out, const struct pgmap_plot *plot, const void *about)
{
	(void)about;
	pgmap_prose_verdict(out, plot->snapshot);
}

static void tell_sums(FILE *out, const struct pgmap_plot *plot, const void *about)
{
	(void)about;
	pgmap_prose_sums(out, plot->snapshot);
	pgmap_prose_rules_off(out, plot->snapshot);
}

/* ---- sections ---- */

static void put_head(FILE *out, const struct pgmap_plot *plot)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n", out);
	fputs("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n", out);
	fputs("<title>pgmapstat report: ", out);
	pgmap_put_html(out, plot->file, strlen(plot->file));
	fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n", pgmap_plot_style);
}

static void put_summary(FILE *out, const struct pgmap_plot *plot)
{
	const struct pgmap_origin *origin = plot->origin;
	const struct pgmap_timeline *timeline = plot->timeline;

	fputs("<h1>Pagemaps in ", out);
	pgmap_put_html(out, plot->file, strlen(plot->file));
	fputs("</h1>\n<p class=\"dim\">Linux ", out);
	pgmap_put_html(out, origin->kernel, PGMAP_ORIGIN_LEN);
	fputc(' ', out);
	pgmap_put_html(out, origin->arch, PGMAP_ORIGIN_LEN);
	fprintf(out, ", %llu CPU%s, %s recorded; read by ", origin->cpus,
		origin->cpus == 1 ? "" : "s",
		pgmap_unit_time(timeline->end_ns - timeline->start_ns).text);
	pgmap_put_html(out, origin->tool, PGMAP_ORIGIN_LEN);
	fprintf(out, "</p>\n<p id=\"verdict\" class=\"verdict %s\">",
		pgmap_verdict_name(plot->snapshot->verdict));
	put_prose(out, plot, NULL, tell_verdict);
	fputs("</p>\n<pre id=\"sums\">", out);
	put_prose(out, plot, NULL, tell_sums);
	fputs("</pre>\n", out);
}

static void put_findings(FILE *out, const struct pgmap_plot *plot)
{
	const struct pgmap_findings *findings = plot->snapshot->findings;
	size_t i;

	fputs("<h2>Findings</h2>\n", out);
	if (!findings->nr)
		fputs("<p>None.</p>\n", out);
	for (i = 0; i < findings->nr; i++) {
		fputs("<pre class=\"finding\">", out);
		put_prose(out, plot, &findings->all[i], tell_finding);
		fputs("</pre>\n", out);
	}
}

void pgmap_plot_html(FILE *out, const struct pgmap_plot *plot)
{
	put_head(out, plot);
	fputs("<body>\n", out);
	put_summary(out, plot);
	pgmap_put_lives(out, plot);
	pgmap_put_heat(out, plot);
	put_findings(out, plot);
	pgmap_put_life_table(out, plot);
	pgmap_put_slowest(out, plot);
	fputs("</body>\n</html>\n", out);
}
