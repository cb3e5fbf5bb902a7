/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The few kernel types the programs read, by hand instead of a dumped header:
 * CO-RE finds the fields by name, so only names and types matter here.
 */
#ifndef PGMAP_KERNEL_TYPES_BPF_H
#define PGMAP_KERNEL_TYPES_BPF_H

#include <linux/types.h>
#include <stdbool.h>

enum memory_type {
	MEMORY_DEVICE_PRIVATE = 1,
	MEMORY_DEVICE_COHERENT,
	MEMORY_DEVICE_FS_DAX,
	MEMORY_DEVICE_GENERIC,
	MEMORY_DEVICE_PCI_P2PDMA,
};

typedef unsigned int vm_fault_t;

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct range {
	__u64 start;
	__u64 end;
};

struct dev_pagemap_ops {
	void *migrate_to_ram;
	void *page_free;	/* until it became folio_free */
	void *folio_free;
};

struct dev_pagemap {
	enum memory_type type;
	int nr_range;
	struct range range;
	const struct dev_pagemap_ops *ops;
	const char *driver;	/* this project's kernel only */
	const char *device;	/* so is this */
};

#pragma clang attribute pop

#endif
