/* SPDX-License-Identifier: GPL-2.0-only */
/* What --check shows. */
#ifndef PGMAP_FACTS_H
#define PGMAP_FACTS_H

#include "run.h"

struct pgmap_stall;

/*
 * What @source says about itself, what is known of @older pagemaps, and which rights there
 * were and are left, on @view. Gives them up on the way, as a run would. Returns 0 or a
 * negative errno.
 */
int pgmap_facts_show(const struct pgmap_run_options *options, struct pgmap_source *source,
		     struct pgmap_stall *stall, const char *older, struct pgmap_view *view);

#endif
