// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a struct dev_pagemap. An address may be anybody's guess, and memory is
 * used again after a release, so everything that can be checked is.
 */
#include <errno.h>
#include <string.h>

#include <pgmap/lifetime.h>
#include <pgmap/page_size.h>

#include "pagemap.h"

/* The kernel's flags in percpu_ref's pointer, and what it adds while it switches. */
#define REF_ATOMIC	1ULL
#define REF_DEAD	2ULL
#define REF_BIAS	(1ULL << 63)

enum {
	MAX_SIZE	= 512,	/* of struct dev_pagemap, in any configuration */
	MAX_CALLBACKS	= 8,	/* in dev_pagemap_ops */
	STACK_SIZE	= 16384,
	STACK_TOP	= 4096,	/* the wait is among the innermost frames */
};

struct raw {
	unsigned char bytes[MAX_SIZE];
};

static __u64 word(const void *from, __u32 offset)
{
	__u64 value;

	memcpy(&value, (const char *)from + offset, sizeof(value));
	return value;
}

static __u32 half(const void *from, __u32 offset)
{
	__u32 value;

	memcpy(&value, (const char *)from + offset, sizeof(value));
	return value;
}

static bool is_kernel_address(__u64 address)
{
	return address >> 63 && !(address & 7);
}

static bool is_device_memory(__u16 type)
{
	return type == PGMAP_TYPE_PRIVATE || type == PGMAP_TYPE_COHERENT;
}

/* Kernels where a driver may bring its own reference: an idle page has one, till the kill. */
static bool pages_have_base_refs(const struct pgmap_memory *memory)
{
	return memory->layout->pgmap_ref_pointer != PGMAP_NO_FIELD;
}

bool pgmap_pages_hold_refs(const struct pgmap_memory *memory, const struct pgmap_facts *facts)
{
	return is_device_memory(facts->type) || pages_have_base_refs(memory);
}

__s32 pgmap_idle_refs(const struct pgmap_memory *memory, const struct pgmap_facts *facts)
{
	if (pages_have_base_refs(memory))
		return facts->state == PGMAP_STATE_LIVE;
	if (is_device_memory(facts->type))
		return !memory->free_is_zero;
	return !(memory->layout->idle_is_zero && facts->type != PGMAP_TYPE_GENERIC);
}

bool pgmap_has_pfn(const struct pgmap_facts *facts, __u64 pfn)
{
	unsigned int shift = pgmap_page_shift();
	__u32 i;

	for (i = 0; i < facts->nr_known; i++)
		if (pfn >= facts->ranges[i].start >> shift &&
		    pfn <= facts->ranges[i].end >> shift)
			return true;
	return false;
}

static __u16 type_of(const struct pgmap_layout *layout, __u32 number)
{
	__u16 type;

	for (type = PGMAP_TYPE_NONE + 1; type < PGMAP_NR_TYPES; type++)
		if (layout->types[type] == number)
			return type;
	return PGMAP_TYPE_NONE;
}

/* Base pages in @nr ranges, 0 if one of them cannot be one. */
static __u64 count_pages(const struct pgmap_range *ranges, __u32 nr)
{
	unsigned int shift = pgmap_page_shift();
	__u64 pages = 0, within = (1ULL << shift) - 1;
	__u32 i;

	for (i = 0; i < nr; i++) {
		if (ranges[i].start >= ranges[i].end || ranges[i].start & within ||
		    (ranges[i].end & within) != within || ranges[i].end >> 52)
			return 0;
		pages += (ranges[i].end - ranges[i].start + 1) >> shift;
	}
	return pages;
}

static int read_ranges(struct pgmap_facts *facts, const struct pgmap_memory *memory,
		       const struct raw *raw)
{
	const struct pgmap_layout *layout = memory->layout;

	facts->nr_range = half(raw, layout->pgmap_nr_range);
	if (!facts->nr_range || facts->nr_range > 1 << 16)
		return -EINVAL;
	facts->nr_known = facts->nr_range;
	if (facts->nr_known > PGMAP_MAX_RANGES)
		facts->nr_known = PGMAP_MAX_RANGES;
	if (pgmap_memory_read(memory, facts->pgmap + layout->pgmap_range, facts->ranges,
			      facts->nr_known * sizeof(facts->ranges[0])))
		return -EINVAL;
	facts->pages = count_pages(facts->ranges, facts->nr_known);
	return facts->pages ? 0 : -EINVAL;
}

static void read_driver(struct pgmap_facts *facts, const struct pgmap_memory *memory,
			const struct raw *raw)
{
	__u32 offset = memory->layout->pgmap_driver;
	__u64 name = offset == PGMAP_NO_FIELD ? 0 : word(raw, offset);
	int i;

	/* one by one: what follows a short name may not be readable */
	for (i = 0; name && i < PGMAP_NAME_LEN - 1; i++)
		if (pgmap_memory_read(memory, name + i, &facts->driver[i], 1) || !facts->driver[i])
			break;
	facts->driver[i] = 0;
}

/* Which of them there are differs by type: any names the driver. */
static void read_callback(struct pgmap_facts *facts, const struct pgmap_memory *memory,
			  const struct raw *raw)
{
	__u64 ops = word(raw, memory->layout->pgmap_ops), all[MAX_CALLBACKS];
	__u32 i, nr = memory->layout->ops_size / sizeof(all[0]);

	nr = nr < MAX_CALLBACKS ? nr : MAX_CALLBACKS;
	if (!is_kernel_address(ops) || pgmap_memory_read(memory, ops, all, nr * sizeof(all[0])))
		return;
	for (i = 0; i < nr && !facts->callback; i++)
		if (all[i] >> 63)
			facts->callback = all[i];
}

/* The percpu_ref that counts: inside the pagemap, or where the pagemap says. */
static int read_ref_words(struct pgmap_facts *facts, const struct pgmap_memory *memory,
			  const struct raw *raw, __u64 *flags, __u64 *data)
{
	const struct pgmap_layout *layout = memory->layout;
	__u64 inside = facts->pgmap + layout->pgmap_ref, used = inside;

	if (layout->pgmap_ref_pointer != PGMAP_NO_FIELD)
		used = word(raw, layout->pgmap_ref_pointer);
	/* one that is not mapped points to none; its own says then whether it ever was */
	if (!used)
		used = inside;
	facts->refs_foreign = used != inside;
	if (!is_kernel_address(used) ||
	    pgmap_memory_read(memory, used + layout->ref_word, flags, sizeof(*flags)) ||
	    pgmap_memory_read(memory, used + layout->ref_data, data, sizeof(*data)))
		return -EINVAL;
	*flags &= REF_ATOMIC | REF_DEAD;
	return 0;
}

static __u16 state_of(const struct pgmap_facts *facts, __u64 flags, __u64 count)
{
	if (!(flags & REF_DEAD))
		return PGMAP_STATE_LIVE;
	if (facts->refs_foreign)
		return PGMAP_STATE_UNKNOWN;
	return facts->refs_known && !count ? PGMAP_STATE_DRAINED : PGMAP_STATE_KILLED;
}

/* The reference tells the state. */
static int read_ref(struct pgmap_facts *facts, const struct pgmap_memory *memory,
		    const struct raw *raw)
{
	const struct pgmap_layout *layout = memory->layout;
	__u64 flags, data, count, release;

	if (read_ref_words(facts, memory, raw, &flags, &data))
		return -EINVAL;
	if (!data) {
		facts->state = PGMAP_STATE_RELEASED;
		facts->refs_known = true;
		return flags == (REF_ATOMIC | REF_DEAD) && !facts->refs_foreign ? 0 : -EINVAL;
	}
	if (!is_kernel_address(data) ||
	    pgmap_memory_read(memory, data + layout->data_count, &count, sizeof(count)) ||
	    pgmap_memory_read(memory, data + layout->data_release, &release, sizeof(release)) ||
	    !(release >> 63) ||
	    (memory->release && !facts->refs_foreign && release != memory->release))
		return -EINVAL;
	facts->refs_known = flags & REF_ATOMIC && !(count & REF_BIAS) && !facts->refs_foreign;
	facts->refs = facts->refs_known ? count : 0;
	facts->state = state_of(facts, flags, count);
	return 0;
}

static void read_waiter(struct pgmap_facts *facts, const struct pgmap_memory *memory,
			const struct raw *raw)
{
	const struct pgmap_layout *layout = memory->layout;
	__u64 next = word(raw, layout->pgmap_waiters);

	if (next == facts->pgmap + layout->pgmap_waiters || !is_kernel_address(next) ||
	    pgmap_memory_read(memory, next - layout->waiter_list + layout->waiter_task,
			      &facts->waiter, sizeof(facts->waiter)))
		facts->waiter = 0;
}

/* All that is read of a pagemap is where the kernel's type information says. */
static bool is_known_layout(const struct pgmap_layout *layout)
{
	const __u32 offsets[] = {
		layout->pgmap_type, layout->pgmap_nr_range, layout->pgmap_range,
		layout->pgmap_ops, layout->pgmap_ref, layout->ref_word, layout->ref_data,
		layout->pgmap_waiters, layout->data_count, layout->data_release,
		layout->waiter_task, layout->waiter_list,
	};
	size_t i;

	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++)
		if (offsets[i] == PGMAP_NO_FIELD)
			return false;
	return layout->pgmap_size <= MAX_SIZE;
}

int pgmap_facts_read(struct pgmap_facts *facts, const struct pgmap_memory *memory, __u64 pgmap)
{
	const struct pgmap_layout *layout = memory->layout;
	struct raw raw = { { 0 } };
	int err;

	memset(facts, 0, sizeof(*facts));
	facts->pgmap = pgmap;
	if (!is_known_layout(layout))
		return -EOPNOTSUPP;
	if (!is_kernel_address(pgmap) ||
	    pgmap_memory_read(memory, pgmap, &raw, layout->pgmap_size))
		return -EFAULT;
	facts->type = type_of(layout, half(&raw, layout->pgmap_type));
	if (!facts->type)
		return -EINVAL;
	err = read_ranges(facts, memory, &raw);
	if (!err)
		err = read_ref(facts, memory, &raw);
	if (err)
		return err;
	read_driver(facts, memory, &raw);
	read_callback(facts, memory, &raw);
	if (facts->state != PGMAP_STATE_RELEASED)
		read_waiter(facts, memory, &raw);
	return 0;
}

__u64 pgmap_waited_for(const struct pgmap_memory *memory, const struct pgmap_sleeper *sleeper)
{
	const struct pgmap_layout *layout = memory->layout;
	__u32 list = layout->waiter_list - layout->waiter_task;
	__u64 sp = sleeper->stack_pointer;
	unsigned char stack[STACK_TOP];
	struct pgmap_facts facts;
	__u64 size, at, next;

	/* no further than the stack may reach */
	size = STACK_SIZE - (sp & (STACK_SIZE - 1));
	size = size < sizeof(stack) ? size : sizeof(stack);
	if (!is_kernel_address(sp) || pgmap_memory_read(memory, sp, stack, size))
		return 0;
	for (at = 0; at + list + sizeof(next) <= size; at += sizeof(next)) {
		if (word(stack, at) != sleeper->task)
			continue;
		next = word(stack, at + list);
		if (!is_kernel_address(next) ||
		    pgmap_facts_read(&facts, memory, next - layout->pgmap_waiters) ||
		    !facts.waiter || facts.state == PGMAP_STATE_LIVE)
			continue;
		return facts.pgmap;
	}
	return 0;
}
