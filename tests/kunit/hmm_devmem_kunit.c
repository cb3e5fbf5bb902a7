// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of mm/hmm.c: where memory is placed, what is refused, what the driver's
 * callbacks see, and that nothing is left when the device goes.
 */
#include <kunit/device.h>
#include <kunit/test.h>
#include <linux/device.h>
#include <linux/hmm_devmem.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>

#define SECTION	BIT(PA_SECTION_SHIFT)

static struct hmm_devmem *freed_devmem;
static struct page *freed_page;
static int freed;

static void note_free(struct hmm_devmem *devmem, struct page *page)
{
	freed_devmem = devmem;
	freed_page = page;
	freed++;
}

static vm_fault_t no_fault(struct hmm_devmem *devmem, struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}

static const struct hmm_devmem_ops full_ops = { .free = note_free, .fault = no_fault };
static const struct hmm_devmem_ops free_only = { .free = note_free };
static const struct hmm_devmem_ops fault_only = { .fault = no_fault };

static struct device *new_device(struct kunit *test)
{
	struct device *device = kunit_device_register(test, "hmm_devmem_kunit");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, device);
	return device;
}

static bool is_free(u64 start, u64 size)
{
	return region_intersects(start, size, 0, IORES_DESC_NONE) == REGION_DISJOINT;
}

static void arguments_are_checked(struct kunit *test)
{
	struct device *device = new_device(test);
	struct resource res = DEFINE_RES_MEM(SECTION, SECTION);
	const struct {
		const struct hmm_devmem_ops *ops;
		struct device *device;
		unsigned long size;
		long error;
	} rows[] = {
		{ NULL, device, SECTION, -EINVAL },
		{ &fault_only, device, SECTION, -EINVAL },
		{ &free_only, device, SECTION, -EINVAL },
		{ &full_ops, NULL, SECTION, -EINVAL },
		{ &full_ops, device, 0, -EINVAL },
		{ &full_ops, device, mhp_get_pluggable_range(false).end, -ERANGE },
		{ &full_ops, device, ULONG_MAX, -ERANGE },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ_MSG(test, rows[i].error,
				    PTR_ERR(hmm_devmem_add(rows[i].ops, rows[i].device,
							   rows[i].size)), "row %d", i);
	KUNIT_EXPECT_EQ(test, PTR_ERR(hmm_devmem_add_resource(NULL, device, &res)), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(hmm_devmem_add_resource(&fault_only, device, &res)), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(hmm_devmem_add_resource(&full_ops, NULL, &res)), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(hmm_devmem_add_resource(&full_ops, device, NULL)), -EINVAL);
}

static void other_memory_is_refused(struct kunit *test)
{
	static const struct {
		unsigned long flags, desc;
	} rows[] = {
		{ IORESOURCE_IO, IORES_DESC_NONE },
		{ IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE },
		{ IORESOURCE_MEM, IORES_DESC_DEVICE_PRIVATE_MEMORY },
		{ IORESOURCE_MEM, IORES_DESC_PERSISTENT_MEMORY },
		{ IORESOURCE_MEM, IORES_DESC_ACPI_TABLES },
		{ IORESOURCE_MEM, IORES_DESC_CRASH_KERNEL },
	};
	struct device *device = new_device(test);
	struct resource res = DEFINE_RES_MEM(SECTION, SECTION);
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		res.flags = rows[i].flags;
		res.desc = rows[i].desc;
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    PTR_ERR(hmm_devmem_add_resource(&full_ops, device, &res)),
				    "row %d", i);
	}
}

static void highest_free_window_is_taken(struct kunit *test)
{
	struct device *device = new_device(test);
	u64 limit = min_t(u64, iomem_resource.end, mhp_get_pluggable_range(false).end);
	struct hmm_devmem *devmem = hmm_devmem_add(&full_ops, device, 1);
	u64 addr;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, devmem);
	KUNIT_EXPECT_EQ(test, resource_size(devmem->resource), SECTION);
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(devmem->resource->start, SECTION));
	KUNIT_EXPECT_STREQ(test, devmem->resource->name, dev_name(device));
	KUNIT_EXPECT_EQ(test, devmem->pfn_first, PHYS_PFN(devmem->resource->start));
	KUNIT_EXPECT_EQ(test, devmem->pfn_last, PHYS_PFN(devmem->resource->end + 1));
	KUNIT_EXPECT_PTR_EQ(test, devmem->device, device);
	KUNIT_EXPECT_TRUE(test, is_device_private_page(pfn_to_page(devmem->pfn_first)));
	for (addr = devmem->resource->end + 1; addr + SECTION - 1 <= limit; addr += SECTION)
		KUNIT_ASSERT_FALSE(test, is_free(addr, SECTION));
}

static void two_adds_do_not_overlap(struct kunit *test)
{
	struct device *device = new_device(test);
	struct hmm_devmem *a = hmm_devmem_add(&full_ops, device, SECTION + 1);
	struct hmm_devmem *b = hmm_devmem_add(&full_ops, device, SECTION);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, a);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	KUNIT_EXPECT_EQ(test, a->pfn_last - a->pfn_first, 2 * PAGES_PER_SECTION);
	KUNIT_EXPECT_TRUE(test, a->pfn_last <= b->pfn_first || b->pfn_last <= a->pfn_first);
}

static void nothing_is_left_of_a_device(struct kunit *test)
{
	struct device *device = new_device(test);
	struct hmm_devmem *devmem = hmm_devmem_add(&full_ops, device, SECTION);
	struct dev_pagemap *pgmap;
	u64 start;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, devmem);
	start = devmem->resource->start;
	pgmap = get_dev_pagemap(PHYS_PFN(start), NULL);
	KUNIT_EXPECT_PTR_EQ(test, pgmap, &devmem->pagemap);
	put_dev_pagemap(pgmap);
	kunit_device_unregister(test, device);
	KUNIT_EXPECT_TRUE(test, is_free(start, SECTION));
	KUNIT_EXPECT_NULL(test, get_dev_pagemap(PHYS_PFN(start), NULL));
}

static void nothing_is_left_of_a_failed_add(struct kunit *test)
{
	struct device *device = new_device(test);
	u64 ram = ALIGN_DOWN(virt_to_phys(device), SUBSECTION_SIZE);
	struct resource res = DEFINE_RES_MEM(ram, SUBSECTION_SIZE);
	size_t before = list_count_nodes(&device->devres_head);

	/* passes for a device's memory, but RAM is there */
	KUNIT_EXPECT_EQ(test, PTR_ERR(hmm_devmem_add_resource(&free_only, device, &res)), -ENXIO);
	KUNIT_EXPECT_EQ(test, list_count_nodes(&device->devres_head), before);
}

static void pages_go_back_to_the_driver(struct kunit *test)
{
	struct device *device = new_device(test);
	struct hmm_devmem *devmem = hmm_devmem_add(&full_ops, device, SECTION);
	struct page *page;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, devmem);
	page = pfn_to_page(devmem->pfn_last - 1);
	KUNIT_EXPECT_EQ(test, hmm_devmem_page_get_drvdata(page), 0);
	hmm_devmem_page_set_drvdata(page, 0x5a5a);
	freed = 0;
	zone_device_page_init(page);
	unlock_page(page);
	put_page(page);
	KUNIT_EXPECT_EQ(test, freed, 1);
	KUNIT_EXPECT_PTR_EQ(test, freed_devmem, devmem);
	KUNIT_EXPECT_PTR_EQ(test, freed_page, page);
	KUNIT_EXPECT_EQ(test, hmm_devmem_page_get_drvdata(page), 0x5a5a);
}

static struct kunit_case hmm_devmem_cases[] = {
	KUNIT_CASE(arguments_are_checked),
	KUNIT_CASE(other_memory_is_refused),
	KUNIT_CASE(highest_free_window_is_taken),
	KUNIT_CASE(two_adds_do_not_overlap),
	KUNIT_CASE(nothing_is_left_of_a_device),
	KUNIT_CASE(nothing_is_left_of_a_failed_add),
	KUNIT_CASE(pages_go_back_to_the_driver),
	{}
};

static struct kunit_suite hmm_devmem_suite = {
	.name = "hmm_devmem",
	.test_cases = hmm_devmem_cases,
};

kunit_test_suite(hmm_devmem_suite);

MODULE_DESCRIPTION("KUnit tests of hmm_devmem");
MODULE_LICENSE("GPL");
