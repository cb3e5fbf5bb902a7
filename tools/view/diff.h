/* SPDX-License-Identifier: GPL-2.0-only */
/* Two sides of saved runs compared, as the views show them. */
#ifndef PGMAP_VIEW_DIFF_H
#define PGMAP_VIEW_DIFF_H

#include "units.h"
#include "view.h"

/* "p50", "p99", "mean": which number of a metric @permille of a comparison stands for. */
struct pgmap_text pgmap_diff_number(__u32 permille);

/* Which side a run is on, and what came out: what pgmap_view_ops.diff() gets. */
void pgmap_text_diff(const struct pgmap_view_options *options, const struct pgmap_diff *diff);

/* A line of kind "diff". */
void pgmap_json_diff(struct pgmap_view *view, const struct pgmap_diff *diff);

#endif
