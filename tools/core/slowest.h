/* SPDX-License-Identifier: GPL-2.0-only */
/* The slowest faults of a run, a bounded number of them. */
#ifndef PGMAP_CORE_SLOWEST_H
#define PGMAP_CORE_SLOWEST_H

#include <stddef.h>

#include "faults.h"

enum { PGMAP_MAX_SLOWEST = 256 };

struct pgmap_slow_fault {
	__u64 ns;
	struct pgmap_open_fault end;	/* with the time at which it was over */
};

/* All zero is an empty one. */
struct pgmap_slowest {
	struct pgmap_slow_fault *faults;	/* a heap, the fastest of them first */
	size_t nr;
	__u64 left_out;		/* faults faster than any that is here */
};

/* One fault that took @ns and ended as @end says. Returns 0 or -ENOMEM. */
int pgmap_slowest_add(struct pgmap_slowest *slowest, const struct pgmap_open_fault *end,
		      __u64 ns);

/* The end: puts them in order of time. Nothing can be added any more. */
void pgmap_slowest_finish(struct pgmap_slowest *slowest);

/* Leaves it empty. */
void pgmap_slowest_free(struct pgmap_slowest *slowest);

#endif
