/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Reads what a struct dev_pagemap says about itself: type, driver, ranges; and
 * tells by that whether a filter hides it. All of it by probe reads, for not every
 * program gets a pointer that the verifier trusts.
 */
#ifndef PGMAP_DESCRIBE_BPF_H
#define PGMAP_DESCRIBE_BPF_H

#include <pgmap/pages.h>
#include "kernel_types.bpf.h"
#include "knobs.bpf.h"
#include "submit.bpf.h"

/* What an add says beyond the pagemap itself. */
struct add_info {
	__u32 id;		/* ADD or SEEN */
	const char *device;
	int node;
	int error;
	__u64 setup_ns;
};

static __always_inline __u32 describe_type(const struct dev_pagemap *pgmap)
{
	__u32 type = BPF_CORE_READ(pgmap, type);

#define X(id) \
	(bpf_core_enum_value_exists(enum memory_type, MEMORY_DEVICE_##id) && \
	 type == bpf_core_enum_value(enum memory_type, MEMORY_DEVICE_##id)) ? PGMAP_TYPE_##id :
	return PGMAP_TYPES(X) PGMAP_TYPE_NONE;
#undef X
}

static __always_inline void describe_driver(const struct dev_pagemap *pgmap,
					    char name[PGMAP_NAME_LEN])
{
	const char *driver;

	name[0] = 0;
	if (!bpf_core_field_exists(pgmap->driver))
		return;
	driver = BPF_CORE_READ(pgmap, driver);
	if (driver)
		bpf_probe_read_kernel_str(name, PGMAP_NAME_LEN, driver);
}

/* Which of the driver's functions there are differs by type: any of them names the driver. */
static __always_inline __u64 describe_callback(const struct dev_pagemap *pgmap)
{
	const struct dev_pagemap_ops *ops = BPF_CORE_READ(pgmap, ops);
	void *callback;

	if (!ops)
		return 0;
	callback = BPF_CORE_READ(ops, migrate_to_ram);
	if (!callback && bpf_core_field_exists(ops->page_free))
		callback = BPF_CORE_READ(ops, page_free);
	if (!callback && bpf_core_field_exists(ops->folio_free))
		callback = BPF_CORE_READ(ops, folio_free);
	return (__u64)callback;
}

static __always_inline bool driver_differs(const struct dev_pagemap *pgmap)
{
	char name[PGMAP_NAME_LEN];
	int i;

	describe_driver(pgmap, name);
	for (i = 0; i < PGMAP_NAME_LEN; i++) {
		if (name[i] != knob_driver[i])
			return true;
		if (!name[i])
			return false;
	}
	return false;
}

/* Does a filter hide it? Asked once for each generation. */
static __noinline bool filter_hides(const struct dev_pagemap *pgmap)
{
	if (knob_pgmap && knob_pgmap != (__u64)pgmap)
		return true;
	if (knob_type && knob_type != describe_type(pgmap))
		return true;
	return knob_driver[0] && driver_differs(pgmap);
}

static __always_inline __u32 describe_nr_range(const struct dev_pagemap *pgmap)
{
	int nr = BPF_CORE_READ(pgmap, nr_range);

	if (nr < 0)
		return 0;
	return nr > PGMAP_MAX_RANGES ? PGMAP_MAX_RANGES : nr;
}

/* Copies what there is from range @first (< @nr) on, at most @max. Returns the number. */
static __always_inline __u32 read_ranges(struct pgmap_range *to, const struct dev_pagemap *pgmap,
					 __u32 first, __u32 nr, __u32 max)
{
	const struct range *from = &pgmap->range;
	__u64 here = nr - first;

	if (here > max)
		here = max;
	if (bpf_probe_read_kernel(to, here * sizeof(*to), &from[first]))
		return 0;
	return here;
}

/* For bpf_loop(), so that the verifier looks at one round only. */
struct range_walk {
	const struct dev_pagemap *pgmap;
	const struct subject *who;
	__u64 bytes;
	__u32 nr;
};

static long add_bytes(__u32 i, void *context)
{
	struct range_walk *walk = context;
	const struct range *from = &walk->pgmap->range;
	struct pgmap_range range;

	if (bpf_probe_read_kernel(&range, sizeof(range), &from[i]))
		return 1;
	walk->bytes += range.end - range.start + 1;
	return 0;
}

static long submit_ranges(__u32 round, void *context)
{
	__u32 first = PGMAP_ADD_RANGES + round * PGMAP_MORE_RANGES;
	struct range_walk *walk = context;
	struct pgmap_event *ev;

	if (first >= walk->nr)
		return 1;
	ev = event_reserve(PGMAP_EVENT_RANGE, walk->who);
	if (!ev)
		return 1;
	ev->u.range.first = first;
	ev->u.range.nr_here = read_ranges(ev->u.range.ranges, walk->pgmap, first, walk->nr,
					  PGMAP_MORE_RANGES);
	event_submit(ev);
	return 0;
}

/*
 * One ADD or SEEN record and as many RANGE records as it takes. Only an ADD has a
 * stack: who touched an older pagemap first says nothing.
 */
static __noinline void submit_add(void *ctx, const struct dev_pagemap *pgmap,
				  const struct subject *who, const struct add_info *info)
{
	struct range_walk walk = { .pgmap = pgmap, .who = who, .nr = describe_nr_range(pgmap) };
	struct pgmap_event_add *add;
	struct pgmap_event *ev;

	bpf_loop(walk.nr, add_bytes, &walk, 0);
	ev = event_reserve(info->id, who);
	if (!ev)
		return;
	add = &ev->u.add;
	add->setup_ns = info->setup_ns;
	add->error = info->error;
	add->node = info->node;
	add->nr_range = BPF_CORE_READ(pgmap, nr_range);
	add->pages = walk.bytes >> PGMAP_PFN_SHIFT;
	add->callback = describe_callback(pgmap);
	describe_driver(pgmap, add->driver);
	if (info->device)
		bpf_probe_read_kernel_str(add->device, sizeof(add->device), info->device);
	add->nr_here = read_ranges(add->ranges, pgmap, 0, walk.nr, PGMAP_ADD_RANGES);
	if (info->id == PGMAP_EVENT_ADD)
		event_add_stack(ctx, ev);
	event_submit(ev);
	bpf_loop(PGMAP_MAX_RANGES / PGMAP_MORE_RANGES + 1, submit_ranges, &walk, 0);
	if (BPF_CORE_READ(pgmap, nr_range) > PGMAP_MAX_RANGES)
		loss_count(PGMAP_LOSS_RANGES);
}

#endif
