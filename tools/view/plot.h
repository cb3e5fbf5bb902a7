/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run as files for the eye: a page of HTML, and a trace for Perfetto. Each is a function
 * from values to text; whoever calls it sees whether the file has taken all of it.
 */
#ifndef PGMAP_VIEW_PLOT_H
#define PGMAP_VIEW_PLOT_H

#include <stdio.h>

#include "../core/timeline.h"

struct pgmap_plot {
	const struct pgmap_timeline *timeline;
	const struct pgmap_snapshot *snapshot;	/* the end of the run, for findings and verdict */
	const struct pgmap_origin *origin;
	const char *file;	/* what was read */
};

/* One page that needs nothing else: no script, no other file, no network. */
void pgmap_plot_html(FILE *out, const struct pgmap_plot *plot);

/* JSON in trace-event format, of which times are in us. */
void pgmap_plot_trace(FILE *out, const struct pgmap_plot *plot);

#endif
