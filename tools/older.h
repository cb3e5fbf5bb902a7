/* SPDX-License-Identifier: GPL-2.0-only */
/* Pagemaps that were mapped before the run: found once everything is attached, and taken over. */
#ifndef PGMAP_OLDER_H
#define PGMAP_OLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "source/source.h"

struct pgmap_listed;
struct pgmap_stall;
struct pgmap_who;

struct pgmap_older {
	size_t nr;			/* taken over */
	char unknown[PGMAP_WHY_LEN];	/* why they could not all be found; empty: they were */
	char text[PGMAP_WHY_LEN + 16];	/* what came of it, for --check */
};

/*
 * With the inspector of @stall, which is opened for that, has @source take over each pagemap that
 * it has not heard of; @who names them, and its sink takes their records. Returns 0 also when
 * they could not be found, or a negative errno.
 */
int pgmap_older_take_over(struct pgmap_older *older, struct pgmap_stall *stall,
			  const struct pgmap_source_ops *ops, struct pgmap_source *source,
			  struct pgmap_who *who);

/* What an inspection found, as sources and recordings take it. */
struct pgmap_source_older pgmap_older_of(const struct pgmap_listed *listed);

#endif
