// SPDX-License-Identifier: GPL-2.0
/*
 * hmm_devmem: a thin layer that finds a place for device memory, maps it with
 * devm_memremap_pages(), and turns the pagemap's callbacks into the driver's.
 */
#include <linux/device.h>
#include <linux/hmm_devmem.h>
#include <linux/ioport.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>

static struct hmm_devmem *page_devmem(const struct page *page)
{
	return container_of(page->pgmap, struct hmm_devmem, pagemap);
}

static void devmem_page_free(struct page *page)
{
	struct hmm_devmem *devmem = page_devmem(page);

	devmem->ops->free(devmem, page);
}

static vm_fault_t devmem_migrate_to_ram(struct vm_fault *vmf)
{
	struct hmm_devmem *devmem = page_devmem(vmf->page);

	return devmem->ops->fault(devmem, vmf);
}

static const struct dev_pagemap_ops devmem_pagemap_ops = {
	.page_free = devmem_page_free,
	.migrate_to_ram = devmem_migrate_to_ram,
};

static struct hmm_devmem *devmem_map(const struct hmm_devmem_ops *ops, struct device *device,
				     struct resource *res, enum memory_type type)
{
	struct hmm_devmem *devmem = devm_kzalloc(device, sizeof(*devmem), GFP_KERNEL);
	void *addr;

	if (!devmem)
		return ERR_PTR(-ENOMEM);
	devmem->pfn_first = PHYS_PFN(res->start);
	devmem->pfn_last = PHYS_PFN(res->end + 1);
	devmem->resource = res;
	devmem->device = device;
	devmem->ops = ops;
	devmem->pagemap.type = type;
	devmem->pagemap.range.start = res->start;
	devmem->pagemap.range.end = res->end;
	devmem->pagemap.nr_range = 1;
	devmem->pagemap.ops = &devmem_pagemap_ops;
	devmem->pagemap.owner = device;
	addr = devm_memremap_pages(device, &devmem->pagemap);
	return IS_ERR(addr) ? ERR_CAST(addr) : devmem;
}

/*
 * The kernel's own search: top-down from the highest physical address, in whole sections,
 * disjoint from every resource, claimed under the device's name. It wants a size that still
 * fits when rounded up.
 */
static struct resource *devmem_place(struct device *device, unsigned long size)
{
	if (size > mhp_get_pluggable_range(false).end)
		return ERR_PTR(-ERANGE);
	return devm_request_free_mem_region(device, &iomem_resource, size);
}

/* Memory of a device: claimed by its driver or set aside by firmware, and not by others. */
static bool is_device_memory(const struct resource *res)
{
	const unsigned long kinds = BIT(IORES_DESC_NONE) | BIT(IORES_DESC_RESERVED) |
				    BIT(IORES_DESC_SOFT_RESERVED) | BIT(IORES_DESC_CXL);

	return resource_type(res) == IORESOURCE_MEM && !(res->flags & IORESOURCE_SYSRAM) &&
	       res->desc < BITS_PER_LONG && (kinds & BIT(res->desc));
}

/* Ends the devres group of one add: kept if it succeeded, else undone at once. */
static struct hmm_devmem *devmem_close(struct device *device, void *group,
				       struct hmm_devmem *devmem)
{
	if (IS_ERR(devmem))
		devres_release_group(device, group);
	else
		devres_remove_group(device, group);
	return devmem;
}

/**
 * hmm_devmem_add - give memory that only the device can address struct pages
 * @ops: both callbacks; has to outlive the binding
 * @device: the device, being probed or bound
 * @size: bytes, rounded up to whole memory sections
 *
 * Takes the highest free window of physical address space. There is no removal call: when
 * the driver is unbound, pages, window and object go, once the last page is idle.
 *
 * Context: may sleep.
 * Return: the object, owned by @device, or ERR_PTR: -EINVAL (arguments), -ERANGE (no window
 * of that size), -ENOMEM, or an error of devm_memremap_pages(); nothing is left behind.
 */
struct hmm_devmem *hmm_devmem_add(const struct hmm_devmem_ops *ops, struct device *device,
				  unsigned long size)
{
	struct resource *res;
	void *group;

	if (!device || !ops || !ops->free || !ops->fault || !size)
		return ERR_PTR(-EINVAL);
	group = devres_open_group(device, NULL, GFP_KERNEL);
	if (!group)
		return ERR_PTR(-ENOMEM);
	res = devmem_place(device, size);
	return devmem_close(device, group, IS_ERR(res) ? ERR_CAST(res) :
			    devmem_map(ops, device, res, MEMORY_DEVICE_PRIVATE));
}
EXPORT_SYMBOL_GPL(hmm_devmem_add);

/**
 * hmm_devmem_add_resource - give coherent device memory at a known address struct pages
 * @ops: @ops->free; has to outlive the binding
 * @device: the device, being probed or bound
 * @res: the memory, addressable by CPUs; claimed by the caller, who keeps owning it
 *
 * Context: may sleep.
 * Return: the object, owned by @device until its driver is unbound, or ERR_PTR: -EINVAL
 * (arguments; @res is not device memory a CPU can address), -ENOMEM, or an error of
 * devm_memremap_pages(); nothing is left behind.
 */
struct hmm_devmem *hmm_devmem_add_resource(const struct hmm_devmem_ops *ops,
					   struct device *device, struct resource *res)
{
	void *group;

	if (!device || !ops || !ops->free || !res || !is_device_memory(res))
		return ERR_PTR(-EINVAL);
	group = devres_open_group(device, NULL, GFP_KERNEL);
	if (!group)
		return ERR_PTR(-ENOMEM);
	return devmem_close(device, group,
			    devmem_map(ops, device, res, MEMORY_DEVICE_COHERENT));
}
EXPORT_SYMBOL_GPL(hmm_devmem_add_resource);
