/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records of perf.data until all older ones have come: perf writes what each CPU's buffer
 * had, one after the other, and says when a round of all of them is over.
 */
#ifndef PGMAP_SOURCE_PERF_QUEUE_H
#define PGMAP_SOURCE_PERF_QUEUE_H

#include <stddef.h>

#include <linux/types.h>

/* More than any round of perf's has: memory stays bounded whatever a file says. */
#define PGMAP_PERF_QUEUE_BYTES	(256U << 20)

struct pgmap_perf_item {
	__u64 time_ns;
	__u32 attr;		/* whose sample it is: the caller's */
	__u16 type;		/* of the record */
	__u16 size;		/* of @data */
	unsigned char data[];	/* the record behind its header */
};

/* What decides is beside each other: there may be many, each somewhere else. */
struct pgmap_perf_place {
	__u64 time_ns;
	__u64 arrival;
	struct pgmap_perf_item *item;
};

/* All zero is an empty one. */
struct pgmap_perf_queue {
	struct pgmap_perf_place *heap;
	size_t nr;
	size_t room;
	size_t bytes;
	__u64 pushed;
};

/* Keeps a copy. Returns 0 or -ENOMEM. */
int pgmap_perf_queue_push(struct pgmap_perf_queue *queue, const struct pgmap_perf_item *head,
			  const void *data);

/*
 * Takes out the oldest one if it is not newer than @until_ns, or if too much is held; of two of
 * the same age the one that came first. It is the caller's to free; NULL: there is none.
 */
struct pgmap_perf_item *pgmap_perf_queue_pop(struct pgmap_perf_queue *queue, __u64 until_ns);

/* Leaves it empty. */
void pgmap_perf_queue_free(struct pgmap_perf_queue *queue);

#endif
