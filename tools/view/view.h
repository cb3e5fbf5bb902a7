/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How things are shown. A view gets values and writes text; it knows neither
 * sources nor the model. One row in pgmap_views[] and one file is a new view.
 */
#ifndef PGMAP_VIEW_H
#define PGMAP_VIEW_H

#include <stdio.h>

#include "../core/compare.h"
#include "../core/explanation.h"
#include "../core/listing.h"
#include "../core/snapshot.h"
#include "../symbols/symbols.h"

/* "schema" of every JSON object: keys may be added to it, none changes its meaning. */
#define PGMAP_JSON_SCHEMA "pgmapstat/1"

struct pgmap_view_options {
	FILE *out;
	struct pgmap_symbols *symbols;	/* for stacks; NULL: addresses only */
	__u64 real_offset_ns;	/* CLOCK_REALTIME - CLOCK_MONOTONIC */
	__u64 start_ns;		/* when the run began, CLOCK_MONOTONIC */
	bool timestamps;	/* -T: the time of day */
	bool quiet;		/* findings and verdict only */
	bool announce;		/* tell of a finding at once, not only at the end */
};

struct pgmap_view_fact {
	const char *key;
	const char *value;
};

struct pgmap_view;

struct pgmap_view_ops {
	const char *name;
	/* Returns 0 or -ENOMEM; @view is NULL then. @options is copied. */
	int (*open)(struct pgmap_view **view, const struct pgmap_view_options *options);
	/* what a source is and can do, for --check */
	void (*facts)(struct pgmap_view *view, const struct pgmap_view_fact *facts, size_t nr);
	/* the end of an interval */
	void (*snapshot)(struct pgmap_view *view, const struct pgmap_snapshot *snapshot);
	/* one event and the pagemap after it; NULL if it has been forgotten */
	void (*event)(struct pgmap_view *view, const struct pgmap_event *ev,
		      const struct pgmap_row *row);
	/* a rule was broken just now */
	void (*finding)(struct pgmap_view *view, const struct pgmap_finding *finding,
			enum pgmap_severity severity);
	/* why a pagemap does not drain */
	void (*explanation)(struct pgmap_view *view, const struct pgmap_explanation *explanation);
	/* the pagemaps there are now */
	void (*listing)(struct pgmap_view *view, const struct pgmap_listing *listing);
	/* the end of a run that was asked for latencies, before its report */
	void (*latencies)(struct pgmap_view *view, const struct pgmap_summary *summary);
	/* saved runs compared; no run of its own. NULL in a view that cannot show it */
	void (*diff)(struct pgmap_view *view, const struct pgmap_diff *diff);
	/* the end: all pagemaps, findings, what was lost, the verdict */
	void (*report)(struct pgmap_view *view, const struct pgmap_snapshot *snapshot);
	/* takes NULL */
	void (*free)(struct pgmap_view *view);
};

extern const struct pgmap_view_ops pgmap_view_table;
extern const struct pgmap_view_ops pgmap_view_json;
extern const struct pgmap_view_ops pgmap_view_csv;

#endif
