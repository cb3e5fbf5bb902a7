/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Puts events into order of time: they are held back until nothing earlier
 * can come any more.
 */
#ifndef PGMAP_SOURCE_ORDER_H
#define PGMAP_SOURCE_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include <pgmap/event.h>

enum { PGMAP_ORDER_MAX = 8192 };	/* events held at once */

struct pgmap_order_item;

/* All zero is an empty one. */
struct pgmap_order {
	struct pgmap_order_item *heap;
	size_t nr;
	size_t room;
	__u64 pushed;
	__u64 newest_out;	/* time of the newest event given out */
	__u64 late;		/* came after a newer one had been given out */
};

/* Returns 0, -ENOMEM, or -ENOSPC: PGMAP_ORDER_MAX are held, take one out first. */
int pgmap_order_push(struct pgmap_order *order, const struct pgmap_event *ev);

/*
 * The oldest event with a time up to @watermark_ns; of two at the same time
 * the one pushed first. Returns false when there is none.
 */
bool pgmap_order_pop(struct pgmap_order *order, __u64 watermark_ns, struct pgmap_event *ev);

/* Leaves it empty. */
void pgmap_order_free(struct pgmap_order *order);

#endif
