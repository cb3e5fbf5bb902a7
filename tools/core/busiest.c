// SPDX-License-Identifier: GPL-2.0-only
/* A heap of ranks: ten thousand pagemaps are not sorted for the sake of a hundred. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "busiest.h"

enum { LEAVING = 63 };	/* the bit above all counts */

__u64 pgmap_busiest_rank(const struct pgmap_instance *instance)
{
	const struct pgmap_counts *now = &instance->counts, *then = &instance->marked;
	__u64 used = now->allocs - then->allocs + now->frees - then->frees +
		     now->fault_enters - then->fault_enters;
	bool leaving = instance->state == PGMAP_STATE_KILLED ||
		       instance->state == PGMAP_STATE_DRAINED;

	return used | (__u64)leaving << LEAVING;
}

int pgmap_busiest_begin(struct pgmap_busiest *busiest, size_t nr)
{
	__u64 *more;

	busiest->nr = 0;
	if (busiest->room == nr)
		return 0;
	more = reallocarray(busiest->ranks, nr, sizeof(*more));
	if (!more)
		return -ENOMEM;
	busiest->ranks = more;
	busiest->room = nr;
	return 0;
}

static void swap(__u64 *a, __u64 *b)
{
	__u64 kept = *a;

	*a = *b;
	*b = kept;
}

static void sift_up(__u64 *ranks, size_t at)
{
	for (; at && ranks[at] < ranks[(at - 1) / 2]; at = (at - 1) / 2)
		swap(&ranks[at], &ranks[(at - 1) / 2]);
}

static void sift_down(__u64 *ranks, size_t nr)
{
	size_t at = 0, child;

	while ((child = 2 * at + 1) < nr) {
		if (child + 1 < nr && ranks[child + 1] < ranks[child])
			child++;
		if (ranks[at] <= ranks[child])
			return;
		swap(&ranks[at], &ranks[child]);
		at = child;
	}
}

void pgmap_busiest_add(struct pgmap_busiest *busiest, __u64 rank)
{
	__u64 *ranks = busiest->ranks;

	if (busiest->nr < busiest->room) {
		ranks[busiest->nr] = rank;
		sift_up(ranks, busiest->nr++);
	} else if (rank > ranks[0]) {
		ranks[0] = rank;
		sift_down(ranks, busiest->nr);
	}
}

void pgmap_busiest_finish(struct pgmap_busiest *busiest)
{
	size_t i;

	busiest->ties = 0;
	for (i = 0; i < busiest->nr; i++)
		busiest->ties += busiest->ranks[i] == busiest->ranks[0];
}

bool pgmap_busiest_take(struct pgmap_busiest *busiest, __u64 rank)
{
	if (busiest->nr < busiest->room || rank > busiest->ranks[0])
		return true;
	if (rank < busiest->ranks[0] || !busiest->ties)
		return false;
	busiest->ties--;
	return true;
}

void pgmap_busiest_free(struct pgmap_busiest *busiest)
{
	free(busiest->ranks);
	memset(busiest, 0, sizeof(*busiest));
}
