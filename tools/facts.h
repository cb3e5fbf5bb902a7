/* SPDX-License-Identifier: GPL-2.0-only */
/* What --check shows. */
#ifndef PGMAP_FACTS_H
#define PGMAP_FACTS_H

#include "run.h"

struct pgmap_older;

/*
 * What @source says about itself, which pagemaps are @older, and which rights there were and
 * are left, on @view. Gives them up on the way, as a run would. Returns 0 or a negative errno.
 */
int pgmap_facts_show(const struct pgmap_run_options *options, struct pgmap_source *source,
		     const struct pgmap_older *older, struct pgmap_view *view);

#endif
