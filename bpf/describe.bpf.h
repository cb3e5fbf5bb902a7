/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Reads what a struct dev_pagemap says about itself: type, driver, ranges; and
 * tells by that whether a filter hides it. All of it by probe reads, for not every
 * program gets a pointer that the verifier trusts.
 */
#ifndef PGMAP_DESCRIBE_BPF_H
#define PGMAP_DESCRIBE_BPF_H

#include <pgmap/pages.h>
#include "kernel_drift.bpf.h"
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

/* NULL where the kernel does not say, or has none. */
static __always_inline const char *describe_device(const struct dev_pagemap *pgmap)
{
	return bpf_core_field_exists(pgmap->device) ? BPF_CORE_READ(pgmap, device) : NULL;
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

/*
 * What is called so may have been added through a trampoline by anybody: user space finds out,
 * and hides it, but where sums of several pagemaps are kept.
 */
static __always_inline bool is_open_name(const char name[PGMAP_NAME_LEN])
{
	return !knob_by && name[0] == 'k' && name[1] == 'e' && name[2] == 'r' &&
	       name[3] == 'n' && name[4] == 'e' && name[5] == 'l' && !name[6];
}

static __always_inline bool driver_differs(const struct dev_pagemap *pgmap)
{
	char name[PGMAP_NAME_LEN];
	int i;

	describe_driver(pgmap, name);
	if (is_open_name(name))
		return false;
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
	/* where the kernel does not name the driver, user space finds a name, and hides by it */
	return knob_driver[0] && bpf_core_field_exists(pgmap->driver) && driver_differs(pgmap);
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

	/* what is compared is what is used: before 5.15 the verifier forgets bounds in copies */
	asm volatile("" : "+r"(here));
	if (here > max)
		here = max;
	if (bpf_probe_read_kernel(to, here * sizeof(*to), &from[first]))
		return 0;
	return here;
}

enum { RANGES_AT_ONCE = PGMAP_MAX_FRAMES * sizeof(__u64) / sizeof(struct pgmap_range) };

/*
 * @room is zero and has room for RANGES_AT_ONCE. Loops read the number of ranges anew in
 * each round: a number kept would be known better to the verifier with each round, and what
 * follows the loop would be verified for each of them.
 */
static __always_inline __u64 bytes_of_ranges(const struct dev_pagemap *pgmap,
					     struct pgmap_range *room)
{
	__u32 first, i, nr;
	__u64 bytes = 0;

#pragma clang loop unroll(disable)
	for (first = 0; first < PGMAP_MAX_RANGES; first += RANGES_AT_ONCE) {
		nr = describe_nr_range(pgmap);
		if (first >= nr)
			break;
		/* those that are not there are zero and add nothing */
		bytes += read_ranges(room, pgmap, first, nr, RANGES_AT_ONCE);
		for (i = 0; i < RANGES_AT_ONCE; i++)
			bytes += room[i].end - room[i].start;
		__builtin_memset(room, 0, RANGES_AT_ONCE * sizeof(*room));
	}
	return bytes;
}

/*
 * Ranges from @first on, in a record of their own. Not static, so that it is verified once
 * and not for each round of the loop that calls it: before 5.17 that is too much.
 */
__noinline int submit_range(__u64 pgmap, __u32 generation, __u32 slot, __u32 type, __u32 first)
{
	const struct dev_pagemap *from = (const void *)pgmap;
	struct subject who = {
		.pgmap = pgmap, .generation = generation, .slot = slot, .type = type
	};
	__u32 nr = describe_nr_range(from);
	struct pgmap_event *ev;

	if (first >= nr)
		return 0;
	ev = event_reserve(PGMAP_EVENT_RANGE, &who);
	if (!ev)
		return 0;
	ev->u.range.first = first;
	ev->u.range.nr_here = read_ranges(ev->u.range.ranges, from, first, nr, PGMAP_MORE_RANGES);
	event_submit(ev);
	return 1;
}

static __always_inline void submit_ranges(const struct subject *who)
{
	__u64 address = 0;
	__u32 first;

	/* a pointer that the verifier knows is no number to it; what was read from memory is */
	bpf_probe_read_kernel(&address, sizeof(address), &who->pgmap);
#pragma clang loop unroll(disable)
	for (first = PGMAP_ADD_RANGES; first < PGMAP_MAX_RANGES; first += PGMAP_MORE_RANGES)
		if (!submit_range(address, who->generation, who->slot, who->type, first))
			break;
}

/*
 * One ADD or SEEN record and as many RANGE records as it takes. Only an ADD has a
 * stack: who touched an older pagemap first says nothing.
 */
static __noinline bool submit_add_alone(void *ctx, const struct dev_pagemap *pgmap,
					const struct subject *who, const struct add_info *info)
{
	struct pgmap_event_add *add;
	struct pgmap_event *ev;

	ev = event_reserve(info->id, who);
	if (!ev)
		return false;
	add = &ev->u.add;
	add->setup_ns = info->setup_ns;
	add->error = info->error;
	add->node = info->node;
	add->nr_range = BPF_CORE_READ(pgmap, nr_range);
	add->pages = bytes_of_ranges(pgmap, (struct pgmap_range *)ev->stack) >> knob_page_shift;
	add->callback = describe_callback(pgmap);
	describe_driver(pgmap, add->driver);
	if (info->device)
		bpf_probe_read_kernel_str(add->device, sizeof(add->device), info->device);
	add->nr_here = read_ranges(add->ranges, pgmap, 0, describe_nr_range(pgmap),
				   PGMAP_ADD_RANGES);
	if (info->id == PGMAP_EVENT_ADD)
		event_add_stack(ctx, ev, who);
	event_submit(ev);
	return true;
}

/* With the rest of its ranges. Inlined: what it calls has no room on one more function's stack. */
static __always_inline void submit_add(void *ctx, const struct dev_pagemap *pgmap,
				       const struct subject *who, const struct add_info *info)
{
	if (!submit_add_alone(ctx, pgmap, who, info))
		return;
	submit_ranges(who);
	if (BPF_CORE_READ(pgmap, nr_range) > PGMAP_MAX_RANGES)
		loss_count(PGMAP_LOSS_RANGES);
}

#endif
