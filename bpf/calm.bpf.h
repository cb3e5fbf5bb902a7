/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The short way for pages of a calm pagemap, one of which no rule looks at a page event: from
 * its address to its counters without a look-up in a hash map. All others, and those for which
 * there was no room here, go the long way (use.bpf.h), which knows everything about them.
 */
#ifndef PGMAP_CALM_BPF_H
#define PGMAP_CALM_BPF_H

#include <pgmap/event.h>
#include "knobs.bpf.h"
#include "maps.bpf.h"

enum {
	CALM_BITS	= 13,	/* of a group's number: twice PGMAP_MAX_PGMAPS cells in all */
	CALM_WAYS	= 4,	/* cells of a group, any of which an address may be in */
	CALM_FACTOR	= 0x1e3779b1,	/* fits an instruction */
};

/*
 * With the key the cell is another one's from one moment to the next, while a CPU may be between
 * key and slot. But between the release of the one and the add of the other is far more than
 * between these two instructions, and who still uses a page then is told of as breaking a rule.
 */
struct calm_cell {
	__u32 slot;	/* the look-up of its counters takes it from here */
	__u32 pad;
	__u64 key;	/* written last; 0: free */
};

static struct calm_cell calm[CALM_WAYS << CALM_BITS];
static __u32 calm_fence;

/*
 * Structs are aligned, so the lowest bits say nothing; of the product the upper ones say all.
 * The copy is one of 32 bits in any case: that makes a number of a pointer whose type the
 * verifier knows, which may be compared as it is, but not calculated with.
 */
static __always_inline __u32 calm_group(__u64 key)
{
	__u32 low;

	asm("%0 = %1" : "=w"(low) : "w"((__u32)key));
	return low * CALM_FACTOR >> (32 - CALM_BITS);
}

static __always_inline struct calm_cell *calm_first(__u64 key)
{
	return &calm[calm_group(key) * CALM_WAYS];
}

/* Its cell, or NULL. */
static __always_inline struct calm_cell *calm_find(__u64 key)
{
	struct calm_cell *cell = calm_first(key);
	__u32 way;

#pragma unroll
	for (way = 1; way < CALM_WAYS; way++) {
		if (cell->key == key)
			return cell;
		cell++;
		/* or all ways would be calculated at once, and the first one take as long as all */
		barrier_var(cell);
	}
	return cell->key == key ? cell : NULL;
}

/* From here on the events of @key go the long way. */
static __always_inline void calm_forget(__u64 key)
{
	volatile struct calm_cell *cell = calm_first(key);
	__u32 way;

#pragma unroll
	for (way = 0; way < CALM_WAYS; way++) {
		if (cell[way].key != key)
			continue;
		cell[way].key = 0;
		cell[way].slot = 0;
	}
}

/* To be called with the group held. Where there is no free cell it has to be the long way. */
static __always_inline void calm_put(__u64 key, __u32 slot)
{
	volatile struct calm_cell *cell = calm_first(key);
	__u32 way;

#pragma unroll
	for (way = 0; way < CALM_WAYS; way++) {
		if (cell[way].key)
			continue;
		cell[way].slot = slot;
		cell[way].key = key;
		return;
	}
}

/*
 * Only one CPU at a time may put something into a group; another one that comes meanwhile has
 * to do without. All kernels have this atomic, of those of BPF itself only the newer ones.
 */
static __always_inline bool calm_hold(__u32 group)
{
	__u8 held = 1;

	return !bpf_map_update_elem(&calm_held, &group, &held, BPF_NOEXIST);
}

static __always_inline void calm_let_go(__u32 group)
{
	bpf_map_delete_elem(&calm_held, &group);
}

/*
 * The verifier allows no arithmetic on a pointer that it knows the type of; what was read from
 * memory is a number to it.
 */
static __always_inline __u64 calm_key(__u64 address)
{
	__u64 key = 0;

	bpf_probe_read_kernel(&key, sizeof(key), &address);
	return key;
}

/* ---- counting ---- */

/* Where this CPU counts for @key, if that is all there is to do, else NULL. */
static __always_inline struct pgmap_counts *calm_counts(__u64 key)
{
	struct calm_cell *cell = calm_find(key);

	return cell ? bpf_map_lookup_elem(&counts, &cell->slot) : NULL;
}

static __always_inline void count_alloc(struct pgmap_counts *sums, __u64 pages)
{
	sums->allocs++;
	sums->alloc_pages += pages;
}

static __always_inline void count_free(struct pgmap_counts *sums, __u64 pages)
{
	sums->frees++;
	sums->free_pages += pages;
}

#endif
