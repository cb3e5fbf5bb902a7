/* SPDX-License-Identifier: GPL-2.0-only */
/* Latencies of a run, as each view shows them; and what they share. */
#ifndef PGMAP_VIEW_LATENCY_H
#define PGMAP_VIEW_LATENCY_H

#include "view.h"

enum { PGMAP_WHO_LEN = 160 };

/* "driver test_hmm, 2 pagemaps": which group this is, for people. */
void pgmap_prose_group(char text[PGMAP_WHO_LEN], enum pgmap_by by,
		       const struct pgmap_group *group);

/* Values a second; 0 when no time has passed. */
double pgmap_rate_of(const struct pgmap_summary *summary, __u64 count);

/* Rows of bars, a percentile marked where it lies. */
void pgmap_bars(FILE *out, const struct pgmap_metric *metric);

/* All groups: a line of numbers for each metric, and bars. */
void pgmap_text_latencies(const struct pgmap_view_options *options,
			  const struct pgmap_summary *summary);

/* A line of kind "latency", which is also what a saved file has. */
void pgmap_json_latencies(struct pgmap_view *view, const struct pgmap_summary *summary);

#endif
