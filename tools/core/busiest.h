/* SPDX-License-Identifier: GPL-2.0-only */
/* Which pagemaps a bounded table shows: a few of many, those most worth a look. */
#ifndef PGMAP_CORE_BUSIEST_H
#define PGMAP_CORE_BUSIEST_H

#include "instance.h"

/* All zero is an empty one. */
struct pgmap_busiest {
	__u64 *ranks;	/* a heap of the highest ones, the lowest of them first */
	size_t nr;
	size_t room;
	size_t ties;	/* with the lowest of them that have not been taken yet */
};

/*
 * How much it is worth one: first what is on its way out, which may hang, then what has been in
 * use most since the last mark.
 */
__u64 pgmap_busiest_rank(const struct pgmap_instance *instance);

/* Makes it empty, to keep the @nr (> 0) highest ranks. Returns 0 or -ENOMEM. */
int pgmap_busiest_begin(struct pgmap_busiest *busiest, size_t nr);

void pgmap_busiest_add(struct pgmap_busiest *busiest, __u64 rank);

/* All have been added. */
void pgmap_busiest_finish(struct pgmap_busiest *busiest);

/*
 * Asked for each of them again: is it among those with the highest ranks? Of equals those that
 * are asked for first are, so that there are never more.
 */
bool pgmap_busiest_take(struct pgmap_busiest *busiest, __u64 rank);

/* Leaves it empty. */
void pgmap_busiest_free(struct pgmap_busiest *busiest);

#endif
