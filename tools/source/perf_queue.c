// SPDX-License-Identifier: GPL-2.0-only
/* A binary heap by (time, arrival). */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "perf_queue.h"

static bool is_before(const struct pgmap_perf_item *a, const struct pgmap_perf_item *b)
{
	return a->time_ns != b->time_ns ? a->time_ns < b->time_ns : a->arrival < b->arrival;
}

static int make_room(struct pgmap_perf_queue *queue)
{
	size_t room = queue->room ? 2 * queue->room : 1024;
	struct pgmap_perf_item **more;

	if (queue->nr < queue->room)
		return 0;
	more = reallocarray(queue->heap, room, sizeof(struct pgmap_perf_item *));
	if (!more)
		return -ENOMEM;
	queue->heap = more;
	queue->room = room;
	return 0;
}

static size_t bytes_of(const struct pgmap_perf_item *item)
{
	return sizeof(*item) + item->size;
}

int pgmap_perf_queue_push(struct pgmap_perf_queue *queue, const struct pgmap_perf_item *head,
			  const void *data)
{
	struct pgmap_perf_item *item, **heap;
	size_t at;
	int err = make_room(queue);

	if (err)
		return err;
	item = malloc(bytes_of(head));
	if (!item)
		return -ENOMEM;
	*item = *head;
	item->arrival = queue->pushed++;
	memcpy(item->data, data, head->size);
	queue->bytes += bytes_of(item);
	heap = queue->heap;
	for (at = queue->nr++; at && is_before(item, heap[(at - 1) / 2]); at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = item;
	return 0;
}

/* Puts @item where there is room from the top on. */
static void sink_down(struct pgmap_perf_queue *queue, struct pgmap_perf_item *item)
{
	struct pgmap_perf_item **heap = queue->heap;
	size_t at = 0, child;

	while ((child = 2 * at + 1) < queue->nr) {
		if (child + 1 < queue->nr && is_before(heap[child + 1], heap[child]))
			child++;
		if (is_before(item, heap[child]))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = item;
}

struct pgmap_perf_item *pgmap_perf_queue_pop(struct pgmap_perf_queue *queue, __u64 until_ns)
{
	struct pgmap_perf_item *oldest;

	if (!queue->nr)
		return NULL;
	oldest = queue->heap[0];
	if (oldest->time_ns > until_ns && queue->bytes < PGMAP_PERF_QUEUE_BYTES)
		return NULL;
	queue->bytes -= bytes_of(oldest);
	queue->nr--;
	if (queue->nr)
		sink_down(queue, queue->heap[queue->nr]);
	return oldest;
}

void pgmap_perf_queue_free(struct pgmap_perf_queue *queue)
{
	size_t i;

	for (i = 0; i < queue->nr; i++)
		free(queue->heap[i]);
	free(queue->heap);
	memset(queue, 0, sizeof(*queue));
}
