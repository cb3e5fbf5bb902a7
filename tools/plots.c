// SPDX-License-Identifier: GPL-2.0-only
/* The plots of a run: gathered while it lasts, written at its end. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "plots.h"

static void (*const writers[PGMAP_NR_PLOTS])(FILE *out, const struct pgmap_plot *plot) = {
	pgmap_plot_html, pgmap_plot_trace,
};

static int explain(const char *path, int err, char why[PGMAP_WHY_LEN])
{
	snprintf(why, PGMAP_WHY_LEN, "cannot write %.300s: %s", path,
		 err == -EEXIST ? "it is what is read" : strerror(-err));
	return err;
}

int pgmap_plots_open(struct pgmap_plots *plots, const struct pgmap_plot_options *options,
		     const char *input, struct pgmap_model *model, char why[PGMAP_WHY_LEN])
{
	const char *const paths[PGMAP_NR_PLOTS] = { options->html_path, options->trace_path };
	int err, i;

	if (!options->html_path)
		return 0;
	model->timeline = &plots->timeline;
	for (i = 0; i < PGMAP_NR_PLOTS; i++) {
		err = paths[i] ? pgmap_output_open(&plots->files[i], paths[i], input) : 0;
		if (err)
			return explain(paths[i], err, why);
	}
	return 0;
}

int pgmap_plots_write(struct pgmap_plots *plots, const struct pgmap_model *model, __u64 start_ns,
		      struct pgmap_plot *plot, char why[PGMAP_WHY_LEN])
{
	int i, err;

	if (!model->timeline)
		return 0;
	err = pgmap_timeline_finish(&plots->timeline, model, start_ns, plot->snapshot->time_ns);
	if (err) {
		snprintf(why, PGMAP_WHY_LEN, "cannot plot all of it: %s", strerror(-err));
		return err;
	}
	plot->timeline = &plots->timeline;
	for (i = 0; i < PGMAP_NR_PLOTS; i++) {
		if (!plots->files[i].out)
			continue;
		writers[i](plots->files[i].out, plot);
		err = pgmap_output_commit(&plots->files[i]);
		if (err)
			return explain(plots->files[i].path, err, why);
	}
	return 0;
}

void pgmap_plots_free(struct pgmap_plots *plots)
{
	int i;

	for (i = 0; i < PGMAP_NR_PLOTS; i++)
		pgmap_output_drop(&plots->files[i]);
	pgmap_timeline_free(&plots->timeline);
}
