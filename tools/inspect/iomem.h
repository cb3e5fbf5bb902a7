/* SPDX-License-Identifier: GPL-2.0-only */
/* /proc/iomem: which physical ranges are claimed, by whom, inside of what. */
#ifndef PGMAP_INSPECT_IOMEM_H
#define PGMAP_INSPECT_IOMEM_H

#include <stddef.h>
#include <stdio.h>

#include <linux/types.h>

enum { PGMAP_RESOURCE_LEN = 64 };

struct pgmap_resource {
	__u64 start;
	__u64 end;		/* inclusive */
	__u32 depth;		/* 0: inside of nothing */
	char name[PGMAP_RESOURCE_LEN];	/* cut if longer */
};

/* All zero is an empty one. */
struct pgmap_iomem {
	struct pgmap_resource *all;	/* each followed by those inside of it */
	size_t nr;
	size_t room;
};

/* One line. Returns 0 or -EINVAL. */
int pgmap_iomem_line(const char *line, struct pgmap_resource *resource);

/*
 * Reads all of @file anew from its beginning: who opened it had the right to see addresses, or
 * had not. Returns 0, -ENOMEM, -EIO, or -EPERM: the addresses are hidden.
 */
int pgmap_iomem_read(struct pgmap_iomem *iomem, FILE *file);

/* The innermost resource that contains all of start..end; NULL: none. */
const struct pgmap_resource *pgmap_iomem_innermost(const struct pgmap_iomem *iomem, __u64 start,
						   __u64 end);

/* The one that @resource is inside of; NULL: none. */
const struct pgmap_resource *pgmap_iomem_parent(const struct pgmap_iomem *iomem,
						const struct pgmap_resource *resource);

/* Leaves it empty. */
void pgmap_iomem_free(struct pgmap_iomem *iomem);

#endif
