// SPDX-License-Identifier: GPL-2.0
/*
 * The pagemap core: gives device memory struct pages in ZONE_DEVICE, counts who uses
 * them, and takes them away again once nobody does. Contract and order: docs/design.md.
 */
#include <linux/kasan.h>
#include <linux/memory_hotplug.h>
#include <linux/module.h>
#include <linux/xarray.h>
#include "mm/internal.h"
#define CREATE_TRACE_POINTS
#include <trace/events/memremap.h>

/* How memory types differ: in these properties, and nowhere else in this file. */
enum {
	SUPPORTED	= BIT(0),
	LINEAR		= BIT(1),	/* the CPU reads and writes it: linear mapping */
	PAGE_REFS	= BIT(2),	/* a page pins its pagemap while in use, not when idle */
	IDLE_AT_ONE	= BIT(3),	/* somebody may wait for a page to become idle */
	DECRYPTED	= BIT(4), UNCACHED = BIT(5),
	NEEDS_FREE	= BIT(6), NEEDS_FAULT = BIT(7), NEEDS_OWNER = BIT(8),
};

static const u16 memory_types[] = {
	[MEMORY_DEVICE_PRIVATE] = IS_ENABLED(CONFIG_DEVICE_PRIVATE) * SUPPORTED | PAGE_REFS |
				  NEEDS_FREE | NEEDS_FAULT | NEEDS_OWNER,
	[MEMORY_DEVICE_COHERENT] = SUPPORTED | LINEAR | PAGE_REFS | NEEDS_FREE | NEEDS_OWNER,
	[MEMORY_DEVICE_FS_DAX] = !IS_ENABLED(CONFIG_FS_DAX_LIMITED) * SUPPORTED | LINEAR |
				 IDLE_AT_ONE | DECRYPTED,
	[MEMORY_DEVICE_GENERIC] = SUPPORTED | LINEAR,
	[MEMORY_DEVICE_PCI_P2PDMA] = SUPPORTED | LINEAR | UNCACHED,
};

static bool is(const struct dev_pagemap *pgmap, u16 property)
{
	return memory_types[pgmap->type] & property;
}

/* Every driver's put_page() has these inlined, hence the plain exports. */
#ifdef CONFIG_FS_DAX
struct static_key_false devmap_managed_key = STATIC_KEY_FALSE_INIT;
EXPORT_SYMBOL(devmap_managed_key);

bool __put_devmap_managed_folio_refs(struct folio *folio, int refs)
{
	if (!is(folio->page.pgmap, IDLE_AT_ONE))
		return false;
	if (folio_ref_sub_return(folio, refs) == 1)
		wake_up_var(&folio->_refcount);
	return true;
}
EXPORT_SYMBOL(__put_devmap_managed_folio_refs);
#else
static DEFINE_STATIC_KEY_FALSE(devmap_managed_key);
#endif

#ifndef CONFIG_ARCH_HAS_MEMREMAP_COMPAT_ALIGN
/**
 * memremap_compat_align - mapping alignment in bytes, where no architecture needs more
 */
unsigned long memremap_compat_align(void)
{
	return SUBSECTION_SIZE;
}
EXPORT_SYMBOL_GPL(memremap_compat_align);
#endif

#define device_zone(nid) (&NODE_DATA(nid)->node_zones[ZONE_DEVICE])

/* Altmap pages, which hold the memmap of the first range, are not given out. */
static unsigned long first_pfn(struct dev_pagemap *pgmap, int i)
{
	return PHYS_PFN(pgmap->ranges[i].start) + (i ? 0 : vmem_altmap_offset(pgmap_altmap(pgmap)));
}

/* Where pages in use do not pin the pagemap, each range does until teardown. */
static unsigned long bulk_refs(struct dev_pagemap *pgmap, int i)
{
	unsigned long end = PHYS_PFN(pgmap->ranges[i].end + 1);

	return is(pgmap, PAGE_REFS) ? 0 : (end - first_pfn(pgmap, i)) >> pgmap->vmemmap_shift;
}

/* Which pagemap a frame belongs to. Readers have RCU, so clearing takes a grace period. */
static DEFINE_XARRAY(lookup);

static int set_lookup(const struct range *range, struct dev_pagemap *pgmap)
{
	return xa_err(xa_store_range(&lookup, PHYS_PFN(range->start), PHYS_PFN(range->end),
				     pgmap, GFP_KERNEL));
}

static int check_range(const struct range *range)
{
	unsigned long pfn = PHYS_PFN(range->start);
	int ram = region_intersects(range->start, range_len(range), IORESOURCE_SYSTEM_RAM, 0);

	/* Anywhere in the range, and also if dying: that one still has its struct pages. */
	if (WARN(xa_find(&lookup, &pfn, PHYS_PFN(range->end), XA_PRESENT),
		 "range %#llx-%#llx meets another pagemap\n", range->start, range->end))
		return -ENOMEM;
	if (WARN(ram != REGION_DISJOINT, "range %#llx-%#llx is %s, not device memory\n",
		 range->start, range->end, ram == REGION_MIXED ? "mixed" : "ram"))
		return -ENXIO;
	return 0;
}

static int plug_range(const struct range *range, int nid, struct mhp_params *params)
{
	u64 start = range->start, size = range_len(range);
	int err, linear = is(params->pgmap, LINEAR);

	if (!mhp_range_allowed(start, size, linear))
		return -EINVAL;
	mem_hotplug_begin();
	err = linear ? kasan_add_zero_shadow(__va(start), size) : 0;
	if (!err) {
		err = linear ? arch_add_memory(nid, start, size, params) :
			       add_pages(nid, PHYS_PFN(start), PHYS_PFN(size), params);
		if (err && linear)
			kasan_remove_zero_shadow(__va(start), size);
	}
	if (!err)
		move_pfn_range_to_zone(device_zone(nid), PHYS_PFN(start), PHYS_PFN(size),
				       params->altmap, MIGRATE_MOVABLE);
	mem_hotplug_done();
	return err;
}

static int map_range(struct dev_pagemap *pgmap, int i, int nid)
{
	struct mhp_params params = { .altmap = pgmap_altmap(pgmap), .pgmap = pgmap };
	const struct range *range = &pgmap->ranges[i];
	unsigned long pfn = PHYS_PFN(range->start);
	int err = check_range(range);

	if (err)
		return err;
	params.pgprot = is(pgmap, DECRYPTED) ? pgprot_decrypted(PAGE_KERNEL) :
			is(pgmap, UNCACHED) ? pgprot_noncached(PAGE_KERNEL) : PAGE_KERNEL;
	err = set_lookup(range, pgmap) ?:
	      track_pfn_remap(NULL, &params.pgprot, pfn, 0, range_len(range));
	if (err)
		goto forget;	/* even what was stored in part */
	err = plug_range(range, nid, &params);
	if (err)
		goto untrack;
	/* Nobody else's business yet, and slow: not under the hotplug lock. */
	memmap_init_zone_device(device_zone(nid), pfn, PHYS_PFN(range_len(range)), pgmap);
	percpu_ref_get_many(&pgmap->ref, bulk_refs(pgmap, i));
	return 0;
untrack:
	untrack_pfn(NULL, pfn, range_len(range), true);
forget:
	set_lookup(range, NULL);
	synchronize_rcu();
	return err;
}

static void unmap_range(struct dev_pagemap *pgmap, int i)
{
	const struct range *range = &pgmap->ranges[i];
	u64 start = range->start, size = range_len(range);

	mem_hotplug_begin();
	remove_pfn_range_from_zone(page_zone(pfn_to_page(first_pfn(pgmap, i))), PHYS_PFN(start),
				   PHYS_PFN(size));
	if (is(pgmap, LINEAR)) {
		arch_remove_memory(start, size, pgmap_altmap(pgmap), pgmap);
		kasan_remove_zero_shadow(__va(start), size);
	} else {
		__remove_pages(PHYS_PFN(start), PHYS_PFN(size), NULL, pgmap);
	}
	mem_hotplug_done();
	untrack_pfn(NULL, PHYS_PFN(start), size, true);
	set_lookup(range, NULL);
	synchronize_rcu();
}

static void pagemap_drained(struct percpu_ref *ref)
{
	struct dev_pagemap *pgmap = container_of(ref, struct dev_pagemap, ref);

	trace_pgmap_drained(pgmap);
	complete(&pgmap->done);	/* from here on the waiter may free it */
}

/* Whoever holds a reference uses struct pages and mapping: wait before removing them. */
static void teardown(struct dev_pagemap *pgmap, bool adding)
{
	trace_pgmap_kill(pgmap, adding);
	percpu_ref_kill(&pgmap->ref);
	/* Putting none would release once more if the last reference has just gone. */
	for (int i = 0; !is(pgmap, PAGE_REFS) && i < pgmap->nr_range; i++)
		percpu_ref_put_many(&pgmap->ref, bulk_refs(pgmap, i));
	wait_for_completion(&pgmap->done);
	for (int i = 0; i < pgmap->nr_range; i++)
		unmap_range(pgmap, i);
	percpu_ref_exit(&pgmap->ref);
	WARN(pgmap->altmap.alloc, "%lu altmap pages leaked\n", pgmap->altmap.alloc);
	if (is(pgmap, IDLE_AT_ONE))
		static_branch_dec(&devmap_managed_key);
	trace_pgmap_release(pgmap);
}

static int check_pagemap(struct dev_pagemap *pgmap)
{
	const struct dev_pagemap_ops *ops = pgmap->ops;
	unsigned int type = pgmap->type;
	u16 lacks = (ops && ops->page_free ? 0 : NEEDS_FREE) | (pgmap->owner ? 0 : NEEDS_OWNER) |
		    (ops && ops->migrate_to_ram ? 0 : NEEDS_FAULT);

	if (WARN(pgmap->nr_range < 1, "pagemap without ranges\n") ||
	    WARN(type >= ARRAY_SIZE(memory_types) || !is(pgmap, SUPPORTED),
		 "memory type %u not supported\n", type) ||
	    WARN(is(pgmap, lacks), "memory type %u lacks callbacks or owner\n", type) ||
	    WARN(pgmap_altmap(pgmap) && (pgmap->nr_range > 1 || !is(pgmap, LINEAR)),
		 "altmap needs one range that the CPU can write\n"))
		return -EINVAL;
	return 0;
}

static int map_ranges(struct dev_pagemap *pgmap, int nid)
{
	const int nr_range = pgmap->nr_range;
	int err = percpu_ref_init(&pgmap->ref, pagemap_drained, 0, GFP_KERNEL);

	if (err)
		return err;
	init_completion(&pgmap->done);
	if (is(pgmap, IDLE_AT_ONE))
		static_branch_inc(&devmap_managed_key);
	/* nr_range counts what there is to tear down. */
	for (pgmap->nr_range = 0; !err && pgmap->nr_range < nr_range; pgmap->nr_range += !err)
		err = map_range(pgmap, pgmap->nr_range, nid);
	if (err)
		teardown(pgmap, true);
	pgmap->nr_range = nr_range;
	return err;
}

/**
 * memremap_pages - give device memory struct pages
 * @pgmap: type, ranges (bytes) and what the type needs; the core's until memunmap_pages()
 * @nid: NUMA node of the memory, negative for the local one
 * Context: may sleep. Not inlined, nor is memunmap_pages(): a tracer of functions sees each call.
 * Return: linear address of the first range (not to be dereferenced if PRIVATE), or ERR_PTR
 * with everything undone: -EINVAL (arguments, out of reach), -ENXIO (System RAM), -ENOMEM
 * (also: another pagemap is there), or what PAT and the architecture say.
 */
noinline void *memremap_pages(struct dev_pagemap *pgmap, int nid)
{
	const u64 start = trace_pgmap_add_enabled() ? ktime_get_ns() : 0;
	int err = check_pagemap(pgmap);

	if (!pgmap->device) {	/* else devm_memremap_pages() has named both */
		scoped_guard(preempt)
			pgmap->driver = module_name(__module_address(_RET_IP_));
	}
	if (nid < 0)
		nid = numa_mem_id();
	err = err ?: map_ranges(pgmap, nid);
	if (trace_pgmap_add_enabled())
		trace_pgmap_add(pgmap, pgmap->device, nid, err, start ? ktime_get_ns() - start : 0);
	return err ? ERR_PTR(err) : __va(pgmap->range.start);
}
EXPORT_SYMBOL_GPL(memremap_pages);

/**
 * memunmap_pages - undo memremap_pages(); afterwards @pgmap may be freed or added again
 * @pgmap: a pagemap that was added
 * Context: sleeps until the last user of a page is gone, which may be for ever.
 */
noinline void memunmap_pages(struct dev_pagemap *pgmap)
{
	teardown(pgmap, false);
}
EXPORT_SYMBOL_GPL(memunmap_pages);

static void release_pagemap(void *data)
{
	struct dev_pagemap *pgmap = data;

	memunmap_pages(pgmap);
	pgmap->device = NULL;
}

/**
 * devm_memremap_pages - memremap_pages() on the node of @dev, undone when that is unbound
 * @dev: the device
 * @pgmap: as for memremap_pages()
 * Return: as memremap_pages(), also -ENOMEM when the undoing cannot be registered.
 */
void *devm_memremap_pages(struct device *dev, struct dev_pagemap *pgmap)
{
	void *addr;
	int err;

	pgmap->driver = dev_driver_string(dev);
	pgmap->device = dev_name(dev);
	addr = memremap_pages(pgmap, dev_to_node(dev));
	err = PTR_ERR_OR_ZERO(addr);
	if (err)
		pgmap->device = NULL;
	else
		err = devm_add_action_or_reset(dev, release_pagemap, pgmap);
	return err ? ERR_PTR(err) : addr;
}
EXPORT_SYMBOL_GPL(devm_memremap_pages);

/**
 * devm_memunmap_pages - undo devm_memremap_pages() now
 * @dev: the device
 * @pgmap: its pagemap
 */
void devm_memunmap_pages(struct device *dev, struct dev_pagemap *pgmap)
{
	devm_release_action(dev, release_pagemap, pgmap);
}
EXPORT_SYMBOL_GPL(devm_memunmap_pages);

/**
 * get_dev_pagemap - find and pin the pagemap of a frame
 * @pfn: the frame
 * @pgmap: NULL, or a pinned pagemap to return if its first range has @pfn, else to put
 * Return: pagemap for the caller to put, NULL if there is none or it is being torn down.
 */
struct dev_pagemap *get_dev_pagemap(unsigned long pfn, struct dev_pagemap *pgmap)
{
	if (pgmap && PFN_PHYS(pfn) >= pgmap->range.start && PFN_PHYS(pfn) <= pgmap->range.end)
		return pgmap;
	put_dev_pagemap(pgmap);
	guard(rcu)();
	pgmap = xa_load(&lookup, pfn);
	return pgmap && percpu_ref_tryget_live_rcu(&pgmap->ref) ? pgmap : NULL;
}
EXPORT_SYMBOL_GPL(get_dev_pagemap);

/**
 * pgmap_pfn_valid - has a frame of a pinned pagemap a usable struct page?
 * @pgmap: the pagemap
 * @pfn: any frame
 * Return: true if in a range and behind its altmap pages.
 */
bool pgmap_pfn_valid(struct dev_pagemap *pgmap, unsigned long pfn)
{
	for (int i = 0; i < pgmap->nr_range; i++)
		if (pfn - PHYS_PFN(pgmap->ranges[i].start) < PHYS_PFN(range_len(&pgmap->ranges[i])))
			return pfn >= first_pfn(pgmap, i);
	return false;
}

/**
 * free_zone_device_folio - give a folio nobody refers to any more back to its driver
 * @folio: the folio, in any context but NMI; page_free() may hand it out again at once
 */
void free_zone_device_folio(struct folio *folio)
{
	struct dev_pagemap *pgmap = folio->page.pgmap;

	if (WARN_ON_ONCE(!pgmap->ops || !pgmap->ops->page_free))
		return;
	mem_cgroup_uncharge(folio);
	if (folio_test_anon(folio))
		__ClearPageAnonExclusive(&folio->page);
	folio->mapping = NULL;	/* else its next user could take it for anonymous memory */
	if (trace_pgmap_page_free_enabled())
		trace_pgmap_page_free(pgmap, folio_pfn(folio), folio_nr_pages(folio));
	pgmap->ops->page_free(&folio->page);
	if (is(pgmap, PAGE_REFS))
		percpu_ref_put(&pgmap->ref);
	else
		folio_set_count(folio, 1);
}

/**
 * zone_device_page_init - take an idle PRIVATE or COHERENT page into use
 * @page: the page; comes back locked, with one reference, pinning its live pagemap
 */
void zone_device_page_init(struct page *page)
{
	WARN_ON_ONCE(!percpu_ref_tryget_live(&page->pgmap->ref));
	set_page_count(page, 1);
	if (!trylock_page(page))	/* idle: hardly ever, so without the offer to reschedule */
		lock_page(page);
	if (trace_pgmap_page_alloc_enabled())
		trace_pgmap_page_alloc(page->pgmap, page_to_pfn(page), 1);
}
EXPORT_SYMBOL_GPL(zone_device_page_init);

/**
 * device_private_entry_fault - have migrate_to_ram() bring a private page back, return its result
 * @vmf: the fault, mmap_lock held; the caller holds vmf->page until afterwards
 */
vm_fault_t device_private_entry_fault(struct vm_fault *vmf)
{
	struct page *page = vmf->page;
	vm_fault_t result;

	if (trace_pgmap_fault_enter_enabled())
		trace_pgmap_fault_enter(page->pgmap, vmf->address, page_to_pfn(page));
	result = page->pgmap->ops->migrate_to_ram(vmf);
	if (trace_pgmap_fault_exit_enabled())
		trace_pgmap_fault_exit(page->pgmap, vmf->address, page_to_pfn(page), result);
	return result;
}
