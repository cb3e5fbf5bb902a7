/* SPDX-License-Identifier: GPL-2.0-only */
/* A set of kernel addresses that only grows: which pagemaps have been heard of. */
#ifndef PGMAP_SOURCE_ADDRESSES_H
#define PGMAP_SOURCE_ADDRESSES_H

#include <stddef.h>

#include <linux/types.h>

/* All zero is an empty one. */
struct pgmap_addresses {
	__u64 *all;	/* by hash, open; 0: free */
	size_t nr;
	size_t room;	/* a power of two */
};

/* Returns 1 when @address (not 0) is new and now in it, 0 when it was there, or -ENOMEM. */
int pgmap_addresses_note(struct pgmap_addresses *addresses, __u64 address);

/* Leaves it empty. */
void pgmap_addresses_free(struct pgmap_addresses *addresses);

#endif
