// SPDX-License-Identifier: GPL-2.0-only
/* The heat map of fault latencies: time to the right, latency upwards, more faults stronger. */
#include "plot_html.h"

enum { TOP = 84, CELL = 9, FOOT = 44, LEVELS = 5, MOST_ROWS = 44, BARS = 36, BAR_TOP = 40 };

/* Rows of the heat map that are drawn: @merged of them as one. */
struct drawn {
	const struct pgmap_heat *heat;
	struct pgmap_axis axis;
	__u32 first;		/* lowest */
	__u32 nr;		/* drawn ones */
	__u32 merged;
	__u64 most;		/* faults in one cell */
	__u64 most_in_column;
	int bottom;
};

static __u64 count_in(const struct drawn *drawn, __u32 column, __u32 row)
{
	const __u32 *rows = drawn->heat->columns[column].rows;
	__u32 i, at = drawn->first + row * drawn->merged;
	__u64 count = 0;

	for (i = at; i < at + drawn->merged && i < PGMAP_HEAT_ROWS; i++)
		count += rows[i];
	return count;
}

static bool has_row(const struct pgmap_heat *heat, __u32 row)
{
	__u32 i;

	for (i = 0; i < heat->nr; i++)
		if (heat->columns[i].rows[row])
			return true;
	return false;
}

static void choose_rows(struct drawn *drawn)
{
	__u32 row, last = 0;

	drawn->first = PGMAP_HEAT_ROWS;
	for (row = 0; row < PGMAP_HEAT_ROWS; row++) {
		if (!has_row(drawn->heat, row))
			continue;
		if (row < drawn->first)
			drawn->first = row;
		last = row;
	}
	drawn->merged = 1;
	while ((last / drawn->merged - drawn->first / drawn->merged) >= MOST_ROWS)
		drawn->merged *= 2;
	drawn->first -= drawn->first % drawn->merged;
	drawn->nr = (last - drawn->first) / drawn->merged + 1;
	drawn->bottom = TOP + drawn->nr * CELL;
}

static void find_most(struct drawn *drawn)
{
	__u32 column, row;

	for (column = 0; column < drawn->heat->nr; column++) {
		if (drawn->heat->columns[column].total > drawn->most_in_column)
			drawn->most_in_column = drawn->heat->columns[column].total;
		for (row = 0; row < drawn->nr; row++)
			if (count_in(drawn, column, row) > drawn->most)
				drawn->most = count_in(drawn, column, row);
	}
}

/* 1 .. LEVELS, by the powers of two up to the most there are */
static int level_of(const struct drawn *drawn, __u64 count)
{
	return 1 + pgmap_log2(count) * LEVELS / (pgmap_log2(drawn->most) + 1);
}

static double x_of(const struct drawn *drawn, __u32 column)
{
	return PGMAP_PLOT_LEFT + (double)PGMAP_PLOT_WIDTH * column / drawn->heat->nr;
}

/* Where @ns is, within rows too. */
static double y_of(const struct drawn *drawn, __u64 ns)
{
	__u32 row = pgmap_hist_bucket(ns) / PGMAP_HEAT_MERGED;
	double low = pgmap_heat_low(row), width = pgmap_heat_low(row + 1) - low;

	return drawn->bottom - CELL * (row - drawn->first + (ns - low) / width) / drawn->merged;
}

/* ---- pieces ---- */

static void put_legend(FILE *out, const struct drawn *drawn)
{
	__u64 low = 1, power;
	int x = PGMAP_PLOT_LEFT + 60;

	fprintf(out, "<text x=\"%d\" y=\"18\">faults:</text>", PGMAP_PLOT_LEFT);
	for (power = 1; power <= drawn->most; power *= 2) {
		__u64 next = 2 * power;
		__u64 high = drawn->most < next ? drawn->most : next - 1;

		if (high != drawn->most && level_of(drawn, next) == level_of(drawn, low))
			continue;
		fprintf(out, "<rect class=\"h%d\" x=\"%d\" y=\"8\" width=\"14\" height=\"12\"/>",
			level_of(drawn, low), x);
		fprintf(out, low == high ? "<text x=\"%d\" y=\"18\">%llu</text>" :
			"<text x=\"%d\" y=\"18\">%llu-%llu</text>", x + 18, low, high);
		x += 100;
		low = high + 1;
	}
	fprintf(out, "<path class=\"p50\" d=\"M%d 14h26\"/><text x=\"%d\" y=\"18\">p50</text>", x,
		x + 30);
	x += 66;
	fprintf(out, "<path class=\"p99\" d=\"M%d 14h26\"/><text x=\"%d\" y=\"18\">p99</text>\n", x,
		x + 30);
}

static void put_scale(FILE *out, const struct drawn *drawn)
{
	/* a label each power of two, or each few of them */
	__u32 every = drawn->merged < PGMAP_HEAT_SUB ? PGMAP_HEAT_SUB : drawn->merged;
	__u32 row, step = every;

	while (drawn->nr * drawn->merged / step > 9)
		step += every;
	for (row = (drawn->first + every - 1) / every * every;
	     row <= drawn->first + drawn->nr * drawn->merged; row += step) {
		double y = drawn->bottom - (double)CELL * (row - drawn->first) / drawn->merged;

		fprintf(out, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>", PGMAP_PLOT_LEFT - 5, y,
			PGMAP_PLOT_LEFT + PGMAP_PLOT_WIDTH);
		fprintf(out, "<text class=\"end\" x=\"%d\" y=\"%.1f\">%s</text>\n",
			PGMAP_PLOT_LEFT - 10, y + 4, pgmap_unit_time(pgmap_heat_low(row)).text);
	}
	fprintf(out, "<text class=\"mid dim\" transform=\"translate(%d %d) rotate(-90)\">latency of a fault</text>\n",
		PGMAP_PLOT_LEFT - 90, (TOP + drawn->bottom) / 2);
}

static void put_cell(FILE *out, const struct drawn *drawn, __u32 column, __u32 row)
{
	__u64 count = count_in(drawn, column, row);
	__u32 at = drawn->first + row * drawn->merged;
	double x = x_of(drawn, column);

	if (!count)
		return;
	fprintf(out, "<rect class=\"cell h%d\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\">",
		level_of(drawn, count), x, drawn->bottom - (int)(row + 1) * CELL,
		x_of(drawn, column + 1) - x, CELL);
	fprintf(out, "<title>%llu of %s - %s</title></rect>\n", count,
		pgmap_unit_time(pgmap_heat_low(at)).text,
		pgmap_unit_time(pgmap_heat_low(at + drawn->merged)).text);
}

static void put_bar(FILE *out, const struct drawn *drawn, __u32 column)
{
	const struct pgmap_heat *heat = drawn->heat;
	__u64 total = heat->columns[column].total;
	double height = (double)BARS * total / drawn->most_in_column, x = x_of(drawn, column);

	if (!total)
		return;
	fprintf(out, "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">", x,
		BAR_TOP + BARS - height, x_of(drawn, column + 1) - x, height);
	fprintf(out, "<title>%llu faults within %s from %s, max %s</title></rect>\n", total,
		pgmap_unit_time(heat->width_ns).text,
		pgmap_axis_time(&drawn->axis, heat->start_ns + column * heat->width_ns).text,
		pgmap_unit_time(heat->columns[column].max_ns).text);
}

/* A step for each column; where there was no fault, there is no line. */
static void put_line(FILE *out, const struct drawn *drawn, const char *class, __u32 permille)
{
	__u32 i;

	fprintf(out, "<path class=\"%s\" d=\"", class);
	for (i = 0; i < drawn->heat->nr; i++) {
		const struct pgmap_heat_column *column = &drawn->heat->columns[i];
		bool begins = !i || !column[-1].total;

		if (column->total)
			fprintf(out, "%c%.1f %.1fH%.1f", begins ? 'M' : 'L', x_of(drawn, i),
				y_of(drawn, pgmap_heat_percentile(column, permille)),
				x_of(drawn, i + 1));
	}
	fputs("\"/>\n", out);
}

static void put_drawing(FILE *out, const struct drawn *drawn)
{
	__u32 column, row;

	fprintf(out, "<div class=\"scroll\"><svg id=\"heat\" role=\"img\" aria-label=\"Latency of faults over time\" viewBox=\"0 0 %d %d\">\n",
		PGMAP_PLOT_LEFT + PGMAP_PLOT_WIDTH + PGMAP_PLOT_RIGHT, drawn->bottom + FOOT);
	put_legend(out, drawn);
	fprintf(out, "<text class=\"end\" x=\"%d\" y=\"%d\">%llu</text><text class=\"end dim\" x=\"%d\" y=\"%d\">faults</text>\n",
		PGMAP_PLOT_LEFT - 10, BAR_TOP + 8, drawn->most_in_column, PGMAP_PLOT_LEFT - 10,
		BAR_TOP + 26);
	pgmap_axis_put(out, &drawn->axis, BAR_TOP, drawn->bottom, "time, s");
	put_scale(out, drawn);
	for (column = 0; column < drawn->heat->nr; column++) {
		put_bar(out, drawn, column);
		for (row = 0; row < drawn->nr; row++)
			put_cell(out, drawn, column, row);
	}
	put_line(out, drawn, "p50", 500);
	put_line(out, drawn, "p99", 990);
	fputs("</svg></div>\n", out);
}

void pgmap_put_heat(FILE *out, const struct pgmap_plot *plot)
{
	const struct pgmap_heat *heat = &plot->timeline->heat;
	struct drawn drawn = {
		.heat = heat,
		.axis = {
			.zero_ns = plot->timeline->zero_ns,
			.from_ns = heat->start_ns,
			.to_ns = heat->start_ns + heat->nr * heat->width_ns,
		},
	};

	fputs("<h2>Latency of faults over time</h2>\n", out);
	if (!heat->nr) {
		fputs("<p>No fault was seen to begin and end.</p>\n", out);
		return;
	}
	choose_rows(&drawn);
	find_most(&drawn);
	put_drawing(out, &drawn);
	fprintf(out, "<p class=\"dim\">All pagemaps; a column is %s; time counts as above, but begins with the first fault.</p>\n",
		pgmap_unit_time(heat->width_ns).text);
}
