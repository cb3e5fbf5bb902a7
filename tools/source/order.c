// SPDX-License-Identifier: GPL-2.0-only
/* A binary heap by (time, arrival), bounded. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "order.h"

/* Events; after a burst of more their memory is given back. */
enum { ROOM_TO_KEEP = 256 };

struct pgmap_order_item {
	__u64 arrival;
	struct pgmap_event ev;
};

static bool is_before(const struct pgmap_order_item *a, const struct pgmap_order_item *b)
{
	if (a->ev.time_ns != b->ev.time_ns)
		return a->ev.time_ns < b->ev.time_ns;
	return a->arrival < b->arrival;
}

static void swap_items(struct pgmap_order_item *a, struct pgmap_order_item *b)
{
	struct pgmap_order_item c = *a;

	*a = *b;
	*b = c;
}

static int make_room(struct pgmap_order *order)
{
	size_t room = order->room ? order->room * 2 : 64;
	struct pgmap_order_item *more;

	if (order->nr < order->room)
		return 0;
	if (order->nr == PGMAP_ORDER_MAX)
		return -ENOSPC;
	more = reallocarray(order->heap, room, sizeof(*more));
	if (!more)
		return -ENOMEM;
	order->heap = more;
	order->room = room;
	return 0;
}

int pgmap_order_push(struct pgmap_order *order, const struct pgmap_event *ev)
{
	size_t at;
	int err = make_room(order);

	if (err)
		return err;
	if (ev->time_ns < order->newest_out)
		order->late++;
	at = order->nr++;
	order->heap[at].arrival = order->pushed++;
	order->heap[at].ev = *ev;
	while (at && is_before(&order->heap[at], &order->heap[(at - 1) / 2])) {
		swap_items(&order->heap[at], &order->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	return 0;
}

static void sink_down(struct pgmap_order *order)
{
	size_t at = 0, child;

	while ((child = 2 * at + 1) < order->nr) {
		if (child + 1 < order->nr &&
		    is_before(&order->heap[child + 1], &order->heap[child]))
			child++;
		if (!is_before(&order->heap[child], &order->heap[at]))
			return;
		swap_items(&order->heap[child], &order->heap[at]);
		at = child;
	}
}

bool pgmap_order_pop(struct pgmap_order *order, __u64 watermark_ns, struct pgmap_event *ev)
{
	if (!order->nr || order->heap[0].ev.time_ns > watermark_ns)
		return false;
	*ev = order->heap[0].ev;
	if (ev->time_ns > order->newest_out)
		order->newest_out = ev->time_ns;
	order->heap[0] = order->heap[--order->nr];
	sink_down(order);
	if (!order->nr && order->room > ROOM_TO_KEEP) {
		free(order->heap);
		order->heap = NULL;
		order->room = 0;
	}
	return true;
}

void pgmap_order_free(struct pgmap_order *order)
{
	free(order->heap);
	memset(order, 0, sizeof(*order));
}
