/* SPDX-License-Identifier: GPL-2.0-only */
/* The plots of a run: gathered while it lasts, written at its end. */
#ifndef PGMAP_PLOTS_H
#define PGMAP_PLOTS_H

#include "core/model.h"
#include "core/timeline.h"
#include "output.h"
#include "source/source.h"
#include "view/plot.h"

struct pgmap_plot_options {
	const char *html_path;	/* NULL: no plots at all */
	const char *trace_path;	/* for Perfetto; NULL none */
};

enum { PGMAP_NR_PLOTS = 2 };

/* All zero is none. */
struct pgmap_plots {
	struct pgmap_timeline timeline;
	struct pgmap_output files[PGMAP_NR_PLOTS];
};

/*
 * Before the first event: sees that the files can be written, has @model give what is
 * plotted. @input is a file that none of them may be. Returns 0 or a negative errno with one
 * line for the user in @why.
 */
int pgmap_plots_open(struct pgmap_plots *plots, const struct pgmap_plot_options *options,
		     const char *input, struct pgmap_model *model, char why[PGMAP_WHY_LEN]);

/*
 * The end of a run that began at @start_ns, with all of it in @snapshot; @plot has the rest.
 * Returns 0 or a negative errno with one line for the user in @why.
 */
int pgmap_plots_write(struct pgmap_plots *plots, const struct pgmap_model *model, __u64 start_ns,
		      struct pgmap_plot *plot, char why[PGMAP_WHY_LEN]);

/* What has not been written leaves nothing behind. */
void pgmap_plots_free(struct pgmap_plots *plots);

#endif
