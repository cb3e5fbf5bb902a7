// SPDX-License-Identifier: GPL-2.0-only
/* The axis of time below drawings. */
#include "plot_html.h"

enum { MOST_LABELS = 9 };

double pgmap_axis_x(const struct pgmap_axis *axis, __u64 time_ns)
{
	if (time_ns < axis->from_ns)
		time_ns = axis->from_ns;
	if (time_ns > axis->to_ns)
		time_ns = axis->to_ns;
	return PGMAP_PLOT_LEFT + (double)PGMAP_PLOT_WIDTH * (time_ns - axis->from_ns) /
				 (axis->to_ns - axis->from_ns);
}

/* 1, 2 or 5 of a power of ten */
static __u64 step_of(const struct pgmap_axis *axis)
{
	static const int factors[] = { 2, 5, 10 };
	__u64 power = 1, step = 1;
	int i = 0;

	while ((axis->to_ns - axis->from_ns) / step >= MOST_LABELS) {
		step = power * factors[i++ % 3];
		if (i % 3 == 0)
			power *= 10;
	}
	return step;
}

static int decimals_of(__u64 step_ns)
{
	int decimals = 0;

	for (; decimals < 9 && step_ns % 1000000000; step_ns *= 10)
		decimals++;
	return decimals;
}

void pgmap_axis_put(FILE *out, const struct pgmap_axis *axis, int top, int bottom,
		    const char *title)
{
	__s64 step = step_of(axis), since = axis->from_ns - axis->zero_ns;
	__s64 at = since / step * step;

	for (; at <= (__s64)(axis->to_ns - axis->zero_ns); at += step) {
		double x = pgmap_axis_x(axis, axis->zero_ns + at);

		if (at < since)
			continue;
		fprintf(out, "<path class=\"grid\" d=\"M%.1f %dV%d\"/>", x, top, bottom);
		fprintf(out, "<text class=\"mid\" x=\"%.1f\" y=\"%d\">%.*f</text>\n", x,
			bottom + 16, decimals_of(step), at / 1e9);
	}
	fprintf(out, "<text class=\"mid dim\" x=\"%d\" y=\"%d\">%s</text>\n",
		PGMAP_PLOT_LEFT + PGMAP_PLOT_WIDTH / 2, bottom + 34, title);
}

struct pgmap_text pgmap_axis_time(const struct pgmap_axis *axis, __u64 time_ns)
{
	struct pgmap_text text;

	snprintf(text.text, sizeof(text.text), "%.6f s",
		 (__s64)(time_ns - axis->zero_ns) / 1e9);
	return text;
}
