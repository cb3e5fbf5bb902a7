/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All physical ranges that pagemaps hold, for the question which of them meet
 * a given one. They may overlap: that is what is looked for.
 */
#ifndef PGMAP_CORE_RANGES_H
#define PGMAP_CORE_RANGES_H

#include <stddef.h>

#include <pgmap/event.h>

struct pgmap_held_range {
	struct pgmap_range range;
	__u64 reach;	/* largest end up to here: no need to look further left */
	void *owner;
};

/* All zero is an empty one. */
struct pgmap_ranges {
	struct pgmap_held_range *held;	/* by start, ascending */
	size_t nr;
	size_t room;
};

/* Returns 0, -ENOMEM, or -EINVAL: it ends before it starts. */
int pgmap_ranges_insert(struct pgmap_ranges *ranges, const struct pgmap_range *range, void *owner);

/* Forgets one such range of @owner; none is fine. */
void pgmap_ranges_remove(struct pgmap_ranges *ranges, const struct pgmap_range *range,
			 const void *owner);

/*
 * The next one that meets @range, going down from index @below (exclusive;
 * begin with ranges->nr). Returns its index, or -1 when there is no more.
 */
long pgmap_ranges_next(const struct pgmap_ranges *ranges, const struct pgmap_range *range,
		       size_t below);

/* Leaves it empty. */
void pgmap_ranges_free(struct pgmap_ranges *ranges);

#endif
