/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel memory as an inspection reads it; whose memory it is, is up to who fills this. */
#ifndef PGMAP_INSPECT_MEMORY_H
#define PGMAP_INSPECT_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include <pgmap/inspect.h>

struct pgmap_memory {
	/* Returns 0, or -EFAULT: not all of it is there. */
	int (*read)(void *context, __u64 address, void *to, size_t size);
	void *context;
	const struct pgmap_layout *layout;
	__u64 vmemmap;		/* struct page of frame 0; 0: not known */
	__u64 lookup;		/* the kernel's xarray from frame to pagemap; 0: not known */
	bool free_is_zero;	/* a PRIVATE or COHERENT page that is not in use has no reference */
	__u64 release;		/* what a pagemap's percpu_ref calls when it ends; 0: not known */
};

static inline int pgmap_memory_read(const struct pgmap_memory *memory, __u64 address, void *to,
				    size_t size)
{
	return memory->read(memory->context, address, to, size);
}

#endif
