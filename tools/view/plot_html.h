/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the page, each a section of its own; drawings are SVG in units of px. */
#ifndef PGMAP_VIEW_PLOT_HTML_H
#define PGMAP_VIEW_PLOT_HTML_H

#include "plot.h"
#include "units.h"

/* Drawings have these in common, so that what is below each other is comparable. */
enum { PGMAP_PLOT_LEFT = 250, PGMAP_PLOT_WIDTH = 780, PGMAP_PLOT_RIGHT = 30 };

/* Time from left to right. */
struct pgmap_axis {
	__u64 zero_ns;		/* what the labels count from */
	__u64 from_ns;
	__u64 to_ns;		/* larger than from_ns */
};

/* Where @time_ns is, within the drawing. */
double pgmap_axis_x(const struct pgmap_axis *axis, __u64 time_ns);

/* Lines from @top to @bottom at round times, labels in seconds below. */
void pgmap_axis_put(FILE *out, const struct pgmap_axis *axis, int top, int bottom,
		    const char *title);

/* Seconds since the zero of @axis. */
struct pgmap_text pgmap_axis_time(const struct pgmap_axis *axis, __u64 time_ns);

extern const char pgmap_plot_style[];

void pgmap_put_lives(FILE *out, const struct pgmap_plot *plot);
void pgmap_put_heat(FILE *out, const struct pgmap_plot *plot);
void pgmap_put_life_table(FILE *out, const struct pgmap_plot *plot);
void pgmap_put_slowest(FILE *out, const struct pgmap_plot *plot);

#endif
