// SPDX-License-Identifier: GPL-2.0-only
/* A binary heap by (time, arrival). */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "perf_queue.h"

static bool is_before(const struct pgmap_perf_place *a, const struct pgmap_perf_place *b)
{
	return a->time_ns != b->time_ns ? a->time_ns < b->time_ns : a->arrival < b->arrival;
}

static int make_room(struct pgmap_perf_queue *queue)
{
	size_t room = queue->room ? 2 * queue->room : 1024;
	struct pgmap_perf_place *more;

	if (queue->nr < queue->room)
		return 0;
	more = reallocarray(queue->heap, room, sizeof(*more));
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
	struct pgmap_perf_place place, *heap;
	struct pgmap_perf_item *item;
	size_t at;
	int err = make_room(queue);

	if (err)
		return err;
	item = malloc(bytes_of(head));
	if (!item)
		return -ENOMEM;
	*item = *head;
	memcpy(item->data, data, head->size);
	queue->bytes += bytes_of(item);
	place = (struct pgmap_perf_place){ item->time_ns, queue->pushed++, item };
	heap = queue->heap;
	for (at = queue->nr++; at && is_before(&place, &heap[(at - 1) / 2]); at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = place;
	return 0;
}

/* Puts @place where there is room from the top on. */
static void sink_down(struct pgmap_perf_queue *queue, const struct pgmap_perf_place *place)
{
	struct pgmap_perf_place *heap = queue->heap, last = *place;
	size_t at = 0, child;

	while ((child = 2 * at + 1) < queue->nr) {
		if (child + 1 < queue->nr && is_before(&heap[child + 1], &heap[child]))
			child++;
		if (is_before(&last, &heap[child]))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = last;
}

struct pgmap_perf_item *pgmap_perf_queue_pop(struct pgmap_perf_queue *queue, __u64 until_ns)
{
	struct pgmap_perf_item *oldest;

	if (!queue->nr)
		return NULL;
	oldest = queue->heap[0].item;
	if (oldest->time_ns > until_ns && queue->bytes < PGMAP_PERF_QUEUE_BYTES)
		return NULL;
	queue->bytes -= bytes_of(oldest);
	queue->nr--;
	if (queue->nr)
		sink_down(queue, &queue->heap[queue->nr]);
	return oldest;
}

void pgmap_perf_queue_free(struct pgmap_perf_queue *queue)
{
	size_t i;

	for (i = 0; i < queue->nr; i++)
		free(queue->heap[i].item);
	free(queue->heap);
	memset(queue, 0, sizeof(*queue));
}
