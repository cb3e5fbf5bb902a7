/* SPDX-License-Identifier: GPL-2.0-only */
/* What a struct dev_pagemap says about itself; first of all, whether it is one. */
#ifndef PGMAP_INSPECT_PAGEMAP_H
#define PGMAP_INSPECT_PAGEMAP_H

#include <stdbool.h>

#include "memory.h"

struct pgmap_facts {
	__u64 pgmap;
	__u16 type;
	__u16 state;		/* LIVE, KILLED, DRAINED, RELEASED, or UNKNOWN: see refs_foreign */
	char driver[PGMAP_NAME_LEN];
	__u32 nr_range;
	__u32 nr_known;		/* PGMAP_MAX_RANGES at most */
	struct pgmap_range ranges[PGMAP_MAX_RANGES];
	__u64 pages;
	__u64 callback;		/* the first function in its dev_pagemap_ops; 0: none */
	bool refs_foreign;	/* in a reference of the driver's, which dies also otherwise */
	bool refs_known;
	__u64 refs;
	__u64 waiter;		/* task_struct of the first task that waits for it; 0: none */
};

/*
 * Reads what is at @pgmap. Returns 0, -EFAULT: no kernel memory is there, -EINVAL: it is
 * no pagemap, or -EOPNOTSUPP: this kernel's are of another kind.
 */
int pgmap_facts_read(struct pgmap_facts *facts, const struct pgmap_memory *memory, __u64 pgmap);

/* Whether each of its pages in use holds a reference on it while it dies. */
bool pgmap_pages_hold_refs(const struct pgmap_memory *memory, const struct pgmap_facts *facts);

/* The reference count of those of its pages that are not in use. */
__s32 pgmap_idle_refs(const struct pgmap_memory *memory, const struct pgmap_facts *facts);

/* Whether a page frame is in one of its ranges, as far as these are known. */
bool pgmap_has_pfn(const struct pgmap_facts *facts, __u64 pfn);

/*
 * The pagemap for which the task @sleeper waits, found by the list entry on its kernel stack.
 * Returns 0 if it waits for none.
 */
__u64 pgmap_waited_for(const struct pgmap_memory *memory, const struct pgmap_sleeper *sleeper);

#endif
