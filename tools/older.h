/* SPDX-License-Identifier: GPL-2.0-only */
/* Pagemaps that were mapped before the run: found once everything is attached, and taken over. */
#ifndef PGMAP_OLDER_H
#define PGMAP_OLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "source/source.h"

struct pgmap_stall;

struct pgmap_older {
	size_t nr;			/* taken over */
	char unknown[PGMAP_WHY_LEN];	/* why they could not all be found; empty: they were */
};

/*
 * With the inspector of @stall, which is opened for that, has @source take over each pagemap that
 * it has not heard of, and puts the records of that into @sink as they come. Returns 0 also when
 * they could not be found, or a negative errno of @sink.
 */
int pgmap_older_take_over(struct pgmap_older *older, struct pgmap_stall *stall,
			  const struct pgmap_source_ops *ops, struct pgmap_source *source,
			  const struct pgmap_sink *sink);

enum { PGMAP_OLDER_LEN = PGMAP_WHY_LEN + 16 };	/* of the text below, at most */

/* What came of it, for --check. */
void pgmap_older_text(const struct pgmap_older *older, char *text, size_t size);

#endif
