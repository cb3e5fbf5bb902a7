/* SPDX-License-Identifier: GPL-2.0-only */
/* The latencies of a run: gathered while it lasts, saved at its end. */
#ifndef PGMAP_LATENCIES_H
#define PGMAP_LATENCIES_H

#include "core/model.h"
#include "kept.h"
#include "source/source.h"

struct pgmap_latency_options {
	enum pgmap_by by;	/* 0: nobody asks */
	const char *tool;	/* name and version of this program */
	const char *save_path;	/* save them there; NULL nowhere */
};

/* All zero is none. */
struct pgmap_latencies {
	struct pgmap_summary summary;
	struct pgmap_kept file;
};

/*
 * Before the first event: opens the file, has @model give what it forgets. Returns 0 or a
 * negative errno with one line for the user in @why.
 */
int pgmap_latencies_open(struct pgmap_latencies *latencies,
			 const struct pgmap_latency_options *options, struct pgmap_model *model,
			 const struct pgmap_view_options *show, char why[PGMAP_WHY_LEN]);

/* Where what was measured comes from, once @source is open; @tool is this program. */
struct pgmap_origin pgmap_latencies_origin(const char *tool, const struct pgmap_source_ops *ops,
					   const struct pgmap_source *source);

/* Writes the summary as it is to the file, if there is one. */
void pgmap_latencies_save(struct pgmap_latencies *latencies);

#endif
