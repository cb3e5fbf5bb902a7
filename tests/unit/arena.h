/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A made-up kernel's memory: one pagemap, its percpu_ref, a task that waits for it, its struct
 * pages, and the table from frame to pagemap.
 */
#ifndef PGMAP_TEST_ARENA_H
#define PGMAP_TEST_ARENA_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pgmap/lifetime.h>

#include "inspect/memory.h"
#include "unit.h"

#define BASE	0xffff888000000000ULL	/* address of the arena's first byte */
#define BIAS	(1ULL << 63)
#define AT(field) (BASE + offsetof(struct arena, field))

enum { PAGES = 3000, FIRST = 0x1000, PAGE = 64 };

struct fake_page {
	__u64 flags;
	__u64 pgmap;
	__u64 unused[4];
	__s32 mapcount;
	__s32 refcount;
	__u64 more;
};

struct arena {
	struct {
		__u64 word;
		__u64 data;
	} ref;
	struct {
		__u64 next;
		__u64 prev;
	} waiters;
	__u32 type;
	__u32 nr_range;
	__u64 driver;
	__u64 used;		/* pointer to the reference, where there is one */
	__u64 ops;
	struct pgmap_range ranges[2];
	__u64 count;		/* percpu_ref_data */
	__u64 release;
	__u64 task;		/* the entry on the waiter's stack */
	__u64 next;
	__u64 prev;
	char name[8];
	__u64 callbacks[3];
	struct {
		__u64 word;
		__u64 data;
	} foreign;
	__u64 head;		/* of the table: an xarray */
	struct {
		__u64 shift;
		__u64 slots[64];
	} nodes[2];
	struct fake_page pages[PAGES];
};

_Static_assert(sizeof(struct fake_page) == PAGE, "as large as the layout says");

static const struct pgmap_layout layout = {
	.page_size = PAGE,
	.page_pgmap = offsetof(struct fake_page, pgmap),
	.page_refcount = offsetof(struct fake_page, refcount),
	.page_mapcount = offsetof(struct fake_page, mapcount),
	.pgmap_size = offsetof(struct arena, count),
	.pgmap_type = offsetof(struct arena, type),
	.pgmap_nr_range = offsetof(struct arena, nr_range),
	.pgmap_range = offsetof(struct arena, ranges),
	.pgmap_driver = offsetof(struct arena, driver),
	.pgmap_ops = offsetof(struct arena, ops),
	.ops_size = 3 * sizeof(__u64),
	.pgmap_ref = offsetof(struct arena, ref),
	.pgmap_ref_pointer = PGMAP_NO_FIELD,
	.ref_word = 0,
	.ref_data = 8,
	.pgmap_waiters = offsetof(struct arena, waiters),
	.data_release = 8,
	.node_slots = 8,
	.node_slots_size = 64 * 8,
	.waiter_list = 8,
	.types = { PGMAP_NO_FIELD, 1, 2, 3, 4, 5 },
};

static inline int read_arena(void *context, __u64 address, void *to, size_t size)
{
	__u64 offset = address - BASE;

	if (offset >= sizeof(struct arena) || size > sizeof(struct arena) - offset)
		return -EFAULT;
	memcpy(to, (char *)context + offset, size);
	return 0;
}

/* A PRIVATE pagemap being unmapped, which a task waits for; two of its pages are in use. */
static inline int set_up(void **state)
{
	static struct pgmap_memory memory = { .read = read_arena };
	struct arena *arena = calloc(1, sizeof(*arena));
	int i;

	if (!arena)
		return -1;
	arena->ref.word = 3;
	arena->ref.data = AT(count);
	arena->waiters.next = AT(next);
	arena->type = 1;
	arena->nr_range = 1;
	arena->driver = AT(name);
	arena->ranges[0].start = FIRST << 12;
	arena->ranges[0].end = ((FIRST + PAGES) << 12) - 1;
	arena->count = 2;
	arena->release = 0xffffffff81000000;
	arena->task = 0xffff888100000000;
	arena->next = AT(waiters);
	strcpy(arena->name, "poke");
	arena->ops = AT(callbacks);
	arena->callbacks[1] = 0xffffffffa0000080;
	for (i = 0; i < PAGES; i++) {
		arena->pages[i].pgmap = BASE;
		arena->pages[i].mapcount = -1;
	}
	arena->pages[1].refcount = 3;
	arena->pages[1].mapcount = 1;
	arena->pages[PAGES - 1].refcount = 1;
	memory.context = arena;
	memory.layout = &layout;
	memory.free_is_zero = true;
	memory.release = 0xffffffff81000000;
	memory.lookup = 0;
	memory.vmemmap = AT(pages) - FIRST * PAGE;
	*state = &memory;
	return 0;
}

static inline int tear_down(void **state)
{
	free(((struct pgmap_memory *)*state)->context);
	return 0;
}

static inline struct arena *arena_of(void **state)
{
	return ((struct pgmap_memory *)*state)->context;
}

#define test(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
