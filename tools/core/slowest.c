// SPDX-License-Identifier: GPL-2.0-only
/* A heap whose first fault is the one that the next slower one takes the place of. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "slowest.h"

static void swap(struct pgmap_slow_fault *a, struct pgmap_slow_fault *b)
{
	struct pgmap_slow_fault kept = *a;

	*a = *b;
	*b = kept;
}

static void sift_up(struct pgmap_slowest *slowest, size_t at)
{
	struct pgmap_slow_fault *all = slowest->faults;

	for (; at && all[at].ns < all[(at - 1) / 2].ns; at = (at - 1) / 2)
		swap(&all[at], &all[(at - 1) / 2]);
}

static void sift_down(struct pgmap_slowest *slowest)
{
	struct pgmap_slow_fault *all = slowest->faults;
	size_t at = 0, child;

	while ((child = 2 * at + 1) < slowest->nr) {
		if (child + 1 < slowest->nr && all[child + 1].ns < all[child].ns)
			child++;
		if (all[at].ns <= all[child].ns)
			return;
		swap(&all[at], &all[child]);
		at = child;
	}
}

int pgmap_slowest_add(struct pgmap_slowest *slowest, const struct pgmap_open_fault *end, __u64 ns)
{
	const struct pgmap_slow_fault one = { .ns = ns, .end = *end };

	if (!slowest->faults) {
		slowest->faults = calloc(PGMAP_MAX_SLOWEST, sizeof(*slowest->faults));
		if (!slowest->faults)
			return -ENOMEM;
	}
	if (slowest->nr < PGMAP_MAX_SLOWEST) {
		slowest->faults[slowest->nr] = one;
		sift_up(slowest, slowest->nr++);
		return 0;
	}
	slowest->left_out++;
	if (ns > slowest->faults[0].ns) {
		slowest->faults[0] = one;
		sift_down(slowest);
	}
	return 0;
}

static int compare(const void *one, const void *other)
{
	const struct pgmap_slow_fault *a = one, *b = other;
	__u64 begin_a = a->end.time_ns - a->ns, begin_b = b->end.time_ns - b->ns;

	return begin_a < begin_b ? -1 : begin_a > begin_b;
}

void pgmap_slowest_finish(struct pgmap_slowest *slowest)
{
	if (slowest->nr)
		qsort(slowest->faults, slowest->nr, sizeof(*slowest->faults), compare);
}

void pgmap_slowest_free(struct pgmap_slowest *slowest)
{
	free(slowest->faults);
	memset(slowest, 0, sizeof(*slowest));
}
