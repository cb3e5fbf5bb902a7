// SPDX-License-Identifier: GPL-2.0
/*
 * Test module: maps any range as device memory on command, and holds pages and
 * references across the unmapping. Commands are written to /dev/pgmap_poke, one a
 * write; the write's error is the command's, reading the same open file gives its number.
 *
 *	add SLOT TYPE START SIZE	memremap_pages(); TYPE as in enum memory_type
 *	again SLOT			the same with the struct as the unmapping left it
 *	claim SLOT TYPE SIZE		the same in a window of free address space
 *	fail SLOT N			let the Nth allocation of the next add fail
 *	left SLOT			0 if the last add had so many allocations
 *	del SLOT			memunmap_pages(), give the window back
 *	forget SLOT			no unmapping, but the struct is used again by the next add
 *	hold SLOT / put SLOT		take the first page into use / put it
 *	get SLOT / unget SLOT		take / put a reference on the pagemap
 *	sweep SLOT			put the first page if it looks in use
 *	pin SLOT / unpin SLOT		get_page() / put_page() on the first page
 *	load SLOT			read the first word through the linear mapping
 *	zone SLOT			count of first and last page if both are in ZONE_DEVICE
 *	known SLOT ADDRESS		0 if get_dev_pagemap() finds something
 *	top SLOT			MiB up to high_memory, which goes with max_pfn
 *	refree SLOT			free the first page though it is not in use
 *	stray SLOT OTHER		use and free the first page with OTHER's pagemap in it
 *	ref SLOT PFN / unref SLOT PFN	get_page() / put_page() on any page
 */
#include <linux/fault-inject.h>
#include <linux/ioport.h>
#include <linux/memremap.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/uaccess.h>

#define SLOTS	4

struct slot {
	struct dev_pagemap pgmap;
	struct dev_pagemap *got;
	bool added, held, claimed;
	unsigned int fail_nth;
};

static struct slot slots[SLOTS];
static atomic_t freed = ATOMIC_INIT(0);

static void note_free(struct page *page)
{
	atomic_inc(&freed);
}

static vm_fault_t no_fault(struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}

static const struct dev_pagemap_ops poke_ops = {
	.page_free = note_free,
	.migrate_to_ram = no_fault,
};

static struct page *first_page(struct slot *slot)
{
	return pfn_to_page(PHYS_PFN(slot->pgmap.range.start));
}

/* Returns what was left of the last number: 0 if something was made to fail. */
static unsigned int fail_nth(unsigned int nth)
{
	unsigned int left = 0;

#ifdef CONFIG_FAULT_INJECTION
	left = current->fail_nth;
	current->fail_nth = nth;
#endif
	return left;
}

static long again(struct slot *slot, u64 a, u64 b, u64 c)
{
	void *addr;

	if (slot->added)
		return -EEXIST;
	fail_nth(slot->fail_nth);
	addr = memremap_pages(&slot->pgmap, NUMA_NO_NODE);
	slot->fail_nth = fail_nth(0);
	slot->added = !IS_ERR(addr);
	return PTR_ERR_OR_ZERO(addr);
}

static long add(struct slot *slot, u64 type, u64 start, u64 size)
{
	if (slot->added)
		return -EEXIST;
	memset(&slot->pgmap, 0, sizeof(slot->pgmap));
	slot->pgmap.type = type;
	slot->pgmap.ops = &poke_ops;
	slot->pgmap.owner = slot;
	slot->pgmap.nr_range = 1;
	slot->pgmap.range.start = start;
	slot->pgmap.range.end = start + size - 1;
	return again(slot, 0, 0, 0);
}

static void unclaim(struct slot *slot)
{
	if (slot->claimed)
		release_mem_region(slot->pgmap.range.start, range_len(&slot->pgmap.range));
	slot->claimed = false;
}

static long claim(struct slot *slot, u64 type, u64 size, u64 unused)
{
	struct resource *res;
	long err;

	if (slot->added)
		return -EEXIST;
	res = request_free_mem_region(&iomem_resource, size, "pgmap_poke");
	if (IS_ERR(res))
		return PTR_ERR(res);
	err = add(slot, type, res->start, resource_size(res));
	slot->claimed = true;
	if (err)
		unclaim(slot);
	return err;
}

static long del(struct slot *slot, u64 a, u64 b, u64 c)
{
	if (!slot->added)
		return -ENOENT;
	memunmap_pages(&slot->pgmap);
	slot->added = false;
	unclaim(slot);
	return 0;
}

static long forget(struct slot *slot, u64 a, u64 b, u64 c)
{
	slot->added = false;
	return 0;
}

static long fail(struct slot *slot, u64 nth, u64 b, u64 c)
{
	slot->fail_nth = nth;
	return IS_ENABLED(CONFIG_FAULT_INJECTION) ? 0 : -EOPNOTSUPP;
}

static long left(struct slot *slot, u64 a, u64 b, u64 c)
{
	return slot->fail_nth;
}

static long hold(struct slot *slot, u64 a, u64 b, u64 c)
{
	if (!slot->added || slot->held)
		return -ENOENT;
	zone_device_page_init(first_page(slot));
	unlock_page(first_page(slot));
	slot->held = true;
	return 0;
}

static long put(struct slot *slot, u64 a, u64 b, u64 c)
{
	int before = atomic_read(&freed);

	if (!slot->held)
		return -ENOENT;
	slot->held = false;
	put_page(first_page(slot));
	return atomic_read(&freed) - before;
}

static long get(struct slot *slot, u64 a, u64 b, u64 c)
{
	if (!slot->added || slot->got)
		return -ENOENT;
	slot->got = get_dev_pagemap(PHYS_PFN(slot->pgmap.range.start), NULL);
	return slot->got == &slot->pgmap ? 0 : -ENXIO;
}

static long unget(struct slot *slot, u64 a, u64 b, u64 c)
{
	if (!slot->got)
		return -ENOENT;
	put_dev_pagemap(slot->got);
	slot->got = NULL;
	return 0;
}

/* As a driver that tells pages in use by their count would, when it goes: idle ones have none. */
static long sweep(struct slot *slot, u64 a, u64 b, u64 c)
{
	int count = page_count(first_page(slot));

	if (count)
		put_page(first_page(slot));
	return count;
}

static long pin(struct slot *slot, u64 a, u64 b, u64 c)
{
	get_page(first_page(slot));
	return 0;
}

static long unpin(struct slot *slot, u64 a, u64 b, u64 c)
{
	put_page(first_page(slot));
	return 0;
}

static long load(struct slot *slot, u64 a, u64 b, u64 c)
{
	unsigned long word;

	if (!slot->added)
		return -ENOENT;
	return copy_from_kernel_nofault(&word, __va(slot->pgmap.range.start), sizeof(word));
}

static long zone(struct slot *slot, u64 a, u64 b, u64 c)
{
	struct page *last = pfn_to_page(PHYS_PFN(slot->pgmap.range.end));

	if (!slot->added)
		return -ENOENT;
	return is_zone_device_page(first_page(slot)) && is_zone_device_page(last) &&
	       page_count(first_page(slot)) == page_count(last) ? page_count(last) : -ENXIO;
}

static long known(struct slot *slot, u64 addr, u64 b, u64 c)
{
	struct dev_pagemap *pgmap = get_dev_pagemap(PHYS_PFN(addr), NULL);

	put_dev_pagemap(pgmap);
	return pgmap ? 0 : -ENOENT;
}

static long top(struct slot *slot, u64 a, u64 b, u64 c)
{
	return __pa((unsigned long)high_memory - 1) >> 20;
}

static long refree(struct slot *slot, u64 a, u64 b, u64 c)
{
	if (!slot->added || slot->held)
		return -ENOENT;
	/* the free puts the pagemap once more: that shall not be what goes wrong */
	percpu_ref_get(&slot->pgmap.ref);
	set_page_count(first_page(slot), 1);
	put_page(first_page(slot));
	return 0;
}

static long stray(struct slot *slot, u64 other, u64 b, u64 c)
{
	struct page *page = first_page(slot);

	if (!slot->added || other >= SLOTS || !slots[other].added)
		return -ENOENT;
	page->pgmap = &slots[other].pgmap;
	zone_device_page_init(page);
	unlock_page(page);
	put_page(page);
	page->pgmap = &slot->pgmap;
	return 0;
}

static long ref(struct slot *slot, u64 pfn, u64 b, u64 c)
{
	get_page(pfn_to_page(pfn));
	return 0;
}

static long unref(struct slot *slot, u64 pfn, u64 b, u64 c)
{
	put_page(pfn_to_page(pfn));
	return 0;
}

static const struct {
	const char *name;
	long (*run)(struct slot *slot, u64 a, u64 b, u64 c);
} commands[] = {
	{ "add", add }, { "claim", claim }, { "del", del }, { "forget", forget },
	{ "fail", fail }, { "left", left }, { "hold", hold }, { "put", put }, { "get", get },
	{ "unget", unget }, { "pin", pin }, { "unpin", unpin }, { "load", load }, { "zone", zone },
	{ "known", known }, { "top", top }, { "refree", refree }, { "stray", stray },
	{ "ref", ref }, { "unref", unref }, { "again", again }, { "sweep", sweep },
};

static long run(const char *text)
{
	unsigned int slot;
	u64 a = 0, b = 0, c = 0;
	char name[8];
	int i;

	if (sscanf(text, "%7s %u %lli %lli %lli", name, &slot, &a, &b, &c) < 2 || slot >= SLOTS)
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run(&slots[slot], a, b, c);
	return -EINVAL;
}

static ssize_t poke_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	char text[128];
	long result;

	if (count >= sizeof(text))
		return -E2BIG;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	text[count] = 0;
	result = run(text);
	file->private_data = (void *)result;
	return result < 0 ? result : count;
}

static ssize_t poke_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%ld\n", (long)file->private_data);

	return simple_read_from_buffer(buf, count, pos, text, len);
}

static const struct file_operations poke_fops = {
	.owner = THIS_MODULE,
	.read = poke_read,
	.write = poke_write,
};

static struct miscdevice poke_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pgmap_poke",
	.fops = &poke_fops,
};

static void __exit poke_exit(void)
{
	int i;

	misc_deregister(&poke_device);
	for (i = 0; i < SLOTS; i++) {
		put(&slots[i], 0, 0, 0);
		unget(&slots[i], 0, 0, 0);
		del(&slots[i], 0, 0, 0);
	}
}

static int __init poke_init(void)
{
	return misc_register(&poke_device);
}

module_init(poke_init);
module_exit(poke_exit);
MODULE_DESCRIPTION("Test module: pagemaps on command");
MODULE_LICENSE("GPL");
