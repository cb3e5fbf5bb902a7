// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of kernel/memremap.c through what it exports. They map unused physical
 * address space, so nothing stands behind the pages, and they provoke warnings.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/memory_hotplug.h>
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#define MAPPED	SUBSECTION_SIZE		/* small, for the sake of time */

/* What the callbacks saw last; the tests of a suite run one after the other. */
static struct page *freed_page;
static int freed;

static void note_free(struct page *page)
{
	freed_page = page;
	freed++;
}

static vm_fault_t no_fault(struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}

static const struct dev_pagemap_ops full_ops = {
	.page_free = note_free,
	.migrate_to_ram = no_fault,
};

static const struct dev_pagemap_ops free_only = { .page_free = note_free };
static const struct dev_pagemap_ops fault_only = { .migrate_to_ram = no_fault };

static void drop_region(void *res)
{
	release_mem_region(((struct resource *)res)->start, resource_size(res));
}

/* A section of free address space, given back when the test ends. */
static u64 free_region(struct kunit *test)
{
	struct resource *res;

	res = request_free_mem_region(&iomem_resource, 1UL << PA_SECTION_SHIFT, "pgmap_kunit");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, res);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, drop_region, res), 0);
	return res->start;
}

static void set_range(struct range *range, u64 start)
{
	range->start = start;
	range->end = start + MAPPED - 1;
}

/* With room for a second range. */
static struct dev_pagemap *new_pagemap(struct kunit *test, enum memory_type type, u64 start)
{
	struct dev_pagemap *pgmap;

	pgmap = kunit_kzalloc(test, sizeof(*pgmap) + sizeof(struct range), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, pgmap);
	pgmap->type = type;
	pgmap->ops = &full_ops;
	pgmap->owner = test;
	pgmap->nr_range = 1;
	set_range(&pgmap->range, start);
	freed = 0;
	freed_page = NULL;
	return pgmap;
}

static void unmap(void *pgmap)
{
	memunmap_pages(pgmap);
}

static void map(struct kunit *test, struct dev_pagemap *pgmap)
{
	void *addr = memremap_pages(pgmap, NUMA_NO_NODE);

	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(addr), "error %ld", PTR_ERR(addr));
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, unmap, pgmap), 0);
	KUNIT_EXPECT_PTR_EQ(test, addr, __va(pgmap->range.start));
	KUNIT_EXPECT_EQ(test, pgmap->nr_range, 1);
}

/* MAPPED bytes around something that certainly is in System RAM. */
static u64 some_ram(struct dev_pagemap *pgmap)
{
	return ALIGN_DOWN(virt_to_phys(pgmap), MAPPED);
}

static bool is_known(u64 phys)
{
	struct dev_pagemap *pgmap = get_dev_pagemap(PHYS_PFN(phys), NULL);

	put_dev_pagemap(pgmap);
	return pgmap;
}

struct bad_pagemap {
	const char *name;
	enum memory_type type;
	const struct dev_pagemap_ops *ops;
	bool owner;
	unsigned int flags;
	int nr_range;
};

static const struct bad_pagemap bad_pagemaps[] = {
	{ "no range", MEMORY_DEVICE_GENERIC, &full_ops, true, 0, 0 },
	{ "negative number of ranges", MEMORY_DEVICE_GENERIC, &full_ops, true, 0, -1 },
	{ "type 0", 0, &full_ops, true, 0, 1 },
	{ "type past the last", MEMORY_DEVICE_PCI_P2PDMA + 1, &full_ops, true, 0, 1 },
	{ "PRIVATE without ops", MEMORY_DEVICE_PRIVATE, NULL, true, 0, 1 },
	{ "PRIVATE without page_free", MEMORY_DEVICE_PRIVATE, &fault_only, true, 0, 1 },
	{ "PRIVATE without migrate_to_ram", MEMORY_DEVICE_PRIVATE, &free_only, true, 0, 1 },
	{ "PRIVATE without owner", MEMORY_DEVICE_PRIVATE, &full_ops, false, 0, 1 },
	{ "COHERENT without ops", MEMORY_DEVICE_COHERENT, NULL, true, 0, 1 },
	{ "COHERENT without page_free", MEMORY_DEVICE_COHERENT, &fault_only, true, 0, 1 },
	{ "COHERENT without owner", MEMORY_DEVICE_COHERENT, &free_only, false, 0, 1 },
	{ "altmap, PRIVATE", MEMORY_DEVICE_PRIVATE, &full_ops, true, PGMAP_ALTMAP_VALID, 1 },
	{ "altmap, two ranges", MEMORY_DEVICE_GENERIC, &full_ops, true, PGMAP_ALTMAP_VALID, 2 },
};

KUNIT_ARRAY_PARAM_DESC(bad_pagemap, bad_pagemaps, name);

static void bad_pagemap_is_refused(struct kunit *test)
{
	const struct bad_pagemap *bad = test->param_value;
	u64 start = free_region(test);
	struct dev_pagemap *pgmap = new_pagemap(test, bad->type, start);

	pgmap->ops = bad->ops;
	pgmap->owner = bad->owner ? test : NULL;
	pgmap->flags = bad->flags;
	pgmap->nr_range = bad->nr_range;
	set_range(&pgmap->ranges[1], start + MAPPED);
	KUNIT_EXPECT_EQ(test, PTR_ERR(memremap_pages(pgmap, 0)), -EINVAL);
	KUNIT_EXPECT_EQ(test, pgmap->nr_range, bad->nr_range);
	KUNIT_EXPECT_FALSE(test, is_known(start));
}

static void ram_is_refused(struct kunit *test)
{
	u64 start = free_region(test);
	struct dev_pagemap *pgmap = new_pagemap(test, MEMORY_DEVICE_GENERIC, start);
	u64 ram = some_ram(pgmap);

	set_range(&pgmap->range, ram);
	KUNIT_EXPECT_EQ(test, PTR_ERR(memremap_pages(pgmap, 0)), -ENXIO);
	KUNIT_EXPECT_EQ(test, pgmap->nr_range, 1);
	KUNIT_EXPECT_FALSE(test, is_known(ram));
	set_range(&pgmap->range, start);
	map(test, pgmap);
}

static void out_of_reach_is_refused(struct kunit *test)
{
	u64 start = ALIGN(mhp_get_pluggable_range(false).end, MAPPED);
	struct dev_pagemap *pgmap = new_pagemap(test, MEMORY_DEVICE_PRIVATE, start);

	KUNIT_EXPECT_EQ(test, PTR_ERR(memremap_pages(pgmap, 0)), -EINVAL);
	KUNIT_EXPECT_FALSE(test, is_known(start));
}

static void taken_range_is_refused(struct kunit *test)
{
	u64 start = free_region(test);
	struct dev_pagemap *first = new_pagemap(test, MEMORY_DEVICE_PRIVATE, start + MAPPED);
	struct dev_pagemap *second = new_pagemap(test, MEMORY_DEVICE_GENERIC, start);

	map(test, first);
	/* same start, same end, and first in the middle, where neither end is taken */
	for (int i = 0; i < 3; i++) {
		second->range.start = start + (i == 0 ? MAPPED : 0);
		second->range.end = start + (i == 1 ? 2 : 3) * MAPPED - 1;
		KUNIT_EXPECT_EQ(test, PTR_ERR(memremap_pages(second, 0)), -ENOMEM);
	}
	KUNIT_EXPECT_TRUE(test, is_known(start + MAPPED));
	KUNIT_EXPECT_FALSE(test, is_known(start));
}

static void failed_range_unmaps_the_others(struct kunit *test)
{
	u64 start = free_region(test);
	struct dev_pagemap *pgmap = new_pagemap(test, MEMORY_DEVICE_GENERIC, start);

	pgmap->nr_range = 2;
	set_range(&pgmap->ranges[1], some_ram(pgmap));
	KUNIT_EXPECT_EQ(test, PTR_ERR(memremap_pages(pgmap, 0)), -ENXIO);
	KUNIT_EXPECT_EQ(test, pgmap->nr_range, 2);
	KUNIT_EXPECT_FALSE(test, is_known(start));
	pgmap->nr_range = 1;
	map(test, pgmap);
}

static void two_ranges_are_mapped(struct kunit *test)
{
	u64 start = free_region(test);
	struct dev_pagemap *pgmap = new_pagemap(test, MEMORY_DEVICE_GENERIC, start);

	pgmap->nr_range = 2;
	set_range(&pgmap->ranges[1], start + 4 * MAPPED);
	KUNIT_ASSERT_FALSE(test, IS_ERR(memremap_pages(pgmap, 0)));
	KUNIT_EXPECT_TRUE(test, is_known(start));
	KUNIT_EXPECT_TRUE(test, is_known(start + 5 * MAPPED - 1));
	KUNIT_EXPECT_FALSE(test, is_known(start + MAPPED));
	memunmap_pages(pgmap);
	KUNIT_EXPECT_FALSE(test, is_known(start));
	KUNIT_EXPECT_FALSE(test, is_known(start + 4 * MAPPED));
}

static void private_pages_start_idle(struct kunit *test)
{
	u64 start = free_region(test);
	struct dev_pagemap *pgmap = new_pagemap(test, MEMORY_DEVICE_PRIVATE, start);
	unsigned long pfn, word;

	map(test, pgmap);
	for (pfn = PHYS_PFN(start); pfn < PHYS_PFN(start + MAPPED); pfn++) {
		KUNIT_ASSERT_TRUE(test, is_device_private_page(pfn_to_page(pfn)));
		KUNIT_ASSERT_EQ(test, page_count(pfn_to_page(pfn)), 0);
		KUNIT_ASSERT_PTR_EQ(test, pfn_to_page(pfn)->pgmap, pgmap);
	}
	KUNIT_EXPECT_EQ(test, copy_from_kernel_nofault(&word, __va(start), sizeof(word)), -EFAULT);
	KUNIT_EXPECT_STREQ(test, pgmap->driver, KBUILD_MODNAME);
}

static void generic_pages_are_mapped(struct kunit *test)
{
	u64 start = free_region(test);
	struct dev_pagemap *pgmap = new_pagemap(test, MEMORY_DEVICE_GENERIC, start);
	unsigned long word;

	pgmap->ops = NULL;
	pgmap->owner = NULL;
	map(test, pgmap);
	KUNIT_EXPECT_EQ(test, page_count(pfn_to_page(PHYS_PFN(start))), 1);
	KUNIT_EXPECT_EQ(test, page_zonenum(pfn_to_page(PHYS_PFN(start))), ZONE_DEVICE);
	KUNIT_EXPECT_EQ(test, copy_from_kernel_nofault(&word, __va(start), sizeof(word)), 0);
}

static void use_page(struct kunit *test, enum memory_type type)
{
	u64 start = free_region(test);
	struct dev_pagemap *pgmap = new_pagemap(test, type, start);
	struct page *page = pfn_to_page(PHYS_PFN(start) + 7);

	map(test, pgmap);
	zone_device_page_init(page);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	KUNIT_EXPECT_TRUE(test, PageLocked(page));
	unlock_page(page);
	get_page(page);
	put_page(page);
	KUNIT_EXPECT_EQ(test, freed, 0);
	put_page(page);
	KUNIT_EXPECT_EQ(test, freed, 1);
	KUNIT_EXPECT_PTR_EQ(test, freed_page, page);
	KUNIT_EXPECT_EQ(test, page_count(page), 0);
	kunit_release_action(test, unmap, pgmap);
	KUNIT_EXPECT_EQ(test, freed, 1);
}

static void page_is_freed_once(struct kunit *test)
{
	use_page(test, MEMORY_DEVICE_PRIVATE);
	use_page(test, MEMORY_DEVICE_COHERENT);
}

static void lookup_keeps_or_puts(struct kunit *test)
{
	u64 start = free_region(test);
	struct dev_pagemap *pgmap = new_pagemap(test, MEMORY_DEVICE_PRIVATE, start), *found;

	map(test, pgmap);
	found = get_dev_pagemap(PHYS_PFN(start), NULL);
	KUNIT_ASSERT_PTR_EQ(test, found, pgmap);
	found = get_dev_pagemap(PHYS_PFN(start) + 1, found);
	KUNIT_ASSERT_PTR_EQ(test, found, pgmap);
	/* put here, or the unmapping below would wait for ever */
	KUNIT_EXPECT_NULL(test, get_dev_pagemap(PHYS_PFN(start + MAPPED), found));
	kunit_release_action(test, unmap, pgmap);
	KUNIT_EXPECT_FALSE(test, is_known(start));
}

static void released_pagemap_can_be_added_again(struct kunit *test)
{
	u64 start = free_region(test);
	struct dev_pagemap *pgmap = new_pagemap(test, MEMORY_DEVICE_PRIVATE, start);

	for (int i = 0; i < 3; i++) {
		map(test, pgmap);
		KUNIT_EXPECT_TRUE(test, is_known(start));
		kunit_release_action(test, unmap, pgmap);
		KUNIT_EXPECT_FALSE(test, is_known(start));
	}
}

struct unmapping {
	struct work_struct work;
	struct dev_pagemap *pgmap;
	bool done;
};

static void unmapping_work(struct work_struct *work)
{
	struct unmapping *unmapping = container_of(work, struct unmapping, work);

	memunmap_pages(unmapping->pgmap);
	WRITE_ONCE(unmapping->done, true);
}

/* Unmaps in another thread; returns when look-ups fail and it had time to go on wrongly. */
static void start_unmapping(struct unmapping *unmapping, struct dev_pagemap *pgmap)
{
	*unmapping = (struct unmapping){ .pgmap = pgmap };
	INIT_WORK_ONSTACK(&unmapping->work, unmapping_work);
	schedule_work(&unmapping->work);
	while (is_known(pgmap->range.start))
		msleep(20);
	msleep(300);
}

static void page_in_use_blocks_unmapping(struct kunit *test)
{
	u64 start = free_region(test);
	struct dev_pagemap *pgmap = new_pagemap(test, MEMORY_DEVICE_PRIVATE, start);
	struct dev_pagemap *second = new_pagemap(test, MEMORY_DEVICE_PRIVATE, start);
	struct page *page = pfn_to_page(PHYS_PFN(start));
	struct unmapping unmapping;

	KUNIT_ASSERT_FALSE(test, IS_ERR(memremap_pages(pgmap, 0)));
	zone_device_page_init(page);
	unlock_page(page);
	start_unmapping(&unmapping, pgmap);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(unmapping.done));
	KUNIT_EXPECT_PTR_EQ(test, page->pgmap, pgmap);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	KUNIT_EXPECT_EQ(test, PTR_ERR(memremap_pages(second, 0)), -ENOMEM);
	put_page(page);
	flush_work(&unmapping.work);
	destroy_work_on_stack(&unmapping.work);
	KUNIT_EXPECT_EQ(test, freed, 1);
}

static void reference_blocks_unmapping(struct kunit *test)
{
	u64 start = free_region(test);
	struct dev_pagemap *pgmap = new_pagemap(test, MEMORY_DEVICE_GENERIC, start);
	struct unmapping unmapping;

	KUNIT_ASSERT_FALSE(test, IS_ERR(memremap_pages(pgmap, 0)));
	KUNIT_ASSERT_PTR_EQ(test, get_dev_pagemap(PHYS_PFN(start), NULL), pgmap);
	start_unmapping(&unmapping, pgmap);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(unmapping.done));
	put_dev_pagemap(pgmap);
	flush_work(&unmapping.work);
	destroy_work_on_stack(&unmapping.work);
}

static struct kunit_case pgmap_cases[] = {
	KUNIT_CASE_PARAM(bad_pagemap_is_refused, bad_pagemap_gen_params),
	KUNIT_CASE(ram_is_refused),
	KUNIT_CASE(out_of_reach_is_refused),
	KUNIT_CASE(taken_range_is_refused),
	KUNIT_CASE(failed_range_unmaps_the_others),
	KUNIT_CASE(two_ranges_are_mapped),
	KUNIT_CASE(private_pages_start_idle),
	KUNIT_CASE(generic_pages_are_mapped),
	KUNIT_CASE(page_is_freed_once),
	KUNIT_CASE(lookup_keeps_or_puts),
	KUNIT_CASE(released_pagemap_can_be_added_again),
	KUNIT_CASE(page_in_use_blocks_unmapping),
	KUNIT_CASE(reference_blocks_unmapping),
	{}
};

static struct kunit_suite pgmap_suite = {
	.name = "pgmap",
	.test_cases = pgmap_cases,
};

kunit_test_suite(pgmap_suite);

MODULE_DESCRIPTION("KUnit tests of the pagemap core");
MODULE_LICENSE("GPL");
