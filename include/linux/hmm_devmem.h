/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device memory for drivers: struct pages for memory on a device, its CPU faults and
 * idle pages handed to the driver, everything undone when the driver is unbound.
 */
#ifndef _LINUX_HMM_DEVMEM_H
#define _LINUX_HMM_DEVMEM_H

#include <linux/memremap.h>
#include <linux/mm_types.h>

struct device;
struct hmm_devmem;
struct resource;

/**
 * struct hmm_devmem_ops - what a driver does with its device memory
 * @free: the page is idle and the driver has it alone, once for each time it was taken into
 *	use with zone_device_page_init(). Process or interrupt context, must not sleep.
 * @fault: a CPU touched a page that only the device can address; required for
 *	hmm_devmem_add(). Has to migrate @vmf->page back, and may migrate its neighbours too,
 *	the faulting address first. Holds the mmap_lock and may sleep; returns 0 or VM_FAULT_*.
 */
struct hmm_devmem_ops {
	void (*free)(struct hmm_devmem *devmem, struct page *page);
	vm_fault_t (*fault)(struct hmm_devmem *devmem, struct vm_fault *vmf);
};

/**
 * struct hmm_devmem - device memory that has struct pages; read-only for drivers
 * @pfn_first: first frame
 * @pfn_last: frame after the last one
 * @resource: the physical address range
 * @device: whose memory it is; also the owner to name in migrate_vma.pgmap_owner
 * @pagemap: the pagemap of the pages
 * @ops: the driver's callbacks
 */
struct hmm_devmem {
	unsigned long pfn_first;
	unsigned long pfn_last;
	struct resource *resource;
	struct device *device;
	struct dev_pagemap pagemap;
	const struct hmm_devmem_ops *ops;
};

struct hmm_devmem *hmm_devmem_add(const struct hmm_devmem_ops *ops, struct device *device,
				  unsigned long size);
struct hmm_devmem *hmm_devmem_add_resource(const struct hmm_devmem_ops *ops,
					   struct device *device, struct resource *res);

/**
 * hmm_devmem_page_set_drvdata - keep one word of the driver's with a page
 * @page: a page of an hmm_devmem, idle or held by the driver
 * @data: any value; it stays until set again
 */
static inline void hmm_devmem_page_set_drvdata(struct page *page, unsigned long data)
{
	page->zone_device_data = (void *)data;
}

/**
 * hmm_devmem_page_get_drvdata - the word last set, 0 if none was
 * @page: a page of an hmm_devmem
 */
static inline unsigned long hmm_devmem_page_get_drvdata(const struct page *page)
{
	return (unsigned long)page->zone_device_data;
}

#endif /* _LINUX_HMM_DEVMEM_H */
