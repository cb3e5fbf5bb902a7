/* SPDX-License-Identifier: GPL-2.0-only */
/* The one loop: opens source and view, runs until told to stop, judges. */
#ifndef PGMAP_RUN_H
#define PGMAP_RUN_H

#include "core/model.h"
#include "latencies.h"
#include "plots.h"
#include "react/react.h"
#include "source/source.h"
#include "view/view.h"

enum pgmap_exit {
	PGMAP_EXIT_GOOD		= 0,
	PGMAP_EXIT_ERROR	= 1,
	PGMAP_EXIT_VIOLATED	= 2,
	PGMAP_EXIT_INCOMPLETE	= 3,
	PGMAP_EXIT_USAGE	= 129,
};

/* Everything the command line decides; parsed once, then only read. */
struct pgmap_run_options {
	const struct pgmap_source_ops *source;
	const struct pgmap_view_ops *view;
	struct pgmap_source_options from;
	struct pgmap_view_options show;
	struct pgmap_judge_options judge;
	struct pgmap_reactions reactions;
	struct pgmap_symbols_options symbols;
	struct pgmap_latency_options latency;
	struct pgmap_plot_options plot;
	const char *findings_path;	/* append findings there, as JSON; NULL none */
	__u64 interval_ns;	/* a snapshot each; 0 none */
	size_t max_rows;	/* of a snapshot, but of the last one; 0 all */
	__u64 count;		/* stop after so many; 0 never */
	__u64 duration_ns;	/* stop then; 0 never */
	char **command;		/* stop when it ends; NULL none */
	bool stream;		/* show each event */
	bool inspect;		/* the source is the running kernel, which can explain a stall */
	bool keep_rights;	/* drop no capabilities */
	bool check_only;	/* open, say what is there, stop */
	bool verbose;
};

/* Runs to the end. Returns the exit code; errors have been printed. */
enum pgmap_exit pgmap_run(const struct pgmap_run_options *options);

#endif
