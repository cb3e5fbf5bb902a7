// SPDX-License-Identifier: GPL-2.0
/*
 * Benchmark module: does in tight loops what pagemaps are for, and says how long it took.
 * On memremap_pages() alone, so that it loads into any kernel. A command is written to
 * /dev/pgmap_bench; reading the same open file gives a line for each operation:
 * its name, then picoseconds of an operation, the median of many batches.
 *
 *	map N			N PRIVATE pagemaps of 2 MiB more
 *	use BATCHES PART	take pages into use and free them, all pagemaps in turn
 *	fault BATCHES PART	the same pages, moved out of a mapping of the writer: touch them
 *	live TIMES		add and release one more pagemap; of the writer's CPU time
 *
 * Several writers at once use a PART (0 .. 3) of the pages each.
 */
#include <linux/ioport.h>
#include <linux/memremap.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/sort.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "bench.h"

#define MAX_PGMAPS	16384
#define MAX_TIMES	4096

static struct dev_pagemap *pgmaps;
static unsigned int nr_pgmaps;
static struct resource *region;
static DEFINE_MUTEX(lock);	/* of these three, while they grow */

static void page_free(struct page *page)
{
}

static const struct dev_pagemap_ops bench_ops = {
	.page_free = page_free,
	.migrate_to_ram = bench_migrate_to_ram,
};

/* ---- pagemaps ---- */

static void prepare(unsigned int i)
{
	struct dev_pagemap *pgmap = &pgmaps[i];

	memset(pgmap, 0, sizeof(*pgmap));
	pgmap->type = MEMORY_DEVICE_PRIVATE;
	pgmap->ops = &bench_ops;
	pgmap->owner = BENCH_OWNER;
	pgmap->nr_range = 1;
	pgmap->range.start = region->start + (u64)i * PMD_SIZE;
	pgmap->range.end = pgmap->range.start + PMD_SIZE - 1;
}

static long map_more(unsigned int nr)
{
	void *addr;

	for (; nr; nr--) {
		if (nr_pgmaps == MAX_PGMAPS - 1)	/* "live" needs one */
			return -ENOSPC;
		prepare(nr_pgmaps);
		addr = memremap_pages(&pgmaps[nr_pgmaps], 0);
		if (IS_ERR(addr))
			return PTR_ERR(addr);
		nr_pgmaps++;
	}
	return 0;
}

struct page *bench_page_in_turn(unsigned long n, unsigned int part)
{
	const struct dev_pagemap *pgmap = &pgmaps[n % nr_pgmaps];

	return pfn_to_page(PHYS_PFN(pgmap->range.start) + part * BATCH +
			   n / nr_pgmaps % BATCH);
}

/* ---- results ---- */

static int compare(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

u64 bench_median_ps(struct bench_times *times, unsigned int operations)
{
	sort(times->all, times->nr, sizeof(*times->all), compare, NULL);
	return times->nr ? times->all[times->nr / 2] * 1000 / operations : 0;
}

/* ---- use ---- */

static void use_batch(struct page **pages, struct bench_results *to)
{
	u64 start = ktime_get_ns(), middle;
	unsigned int i;

	for (i = 0; i < BATCH; i++) {
		zone_device_page_init(pages[i]);
		unlock_page(pages[i]);
	}
	middle = ktime_get_ns();
	for (i = 0; i < BATCH; i++)
		put_page(pages[i]);
	to->second.all[to->second.nr++] = ktime_get_ns() - middle;
	to->first.all[to->first.nr++] = middle - start;
}

static long use(struct bench_results *to, unsigned long batches, unsigned int part)
{
	struct page **pages = kmalloc_array(BATCH, sizeof(*pages), GFP_KERNEL);
	unsigned long n = 0;
	unsigned int i;

	if (!pages)
		return -ENOMEM;
	for (; batches; batches--) {
		for (i = 0; i < BATCH; i++)
			pages[i] = bench_page_in_turn(n++, part);
		use_batch(pages, to);
		cond_resched();
	}
	kfree(pages);
	snprintf(to->text, sizeof(to->text), "alloc %llu\nfree %llu\n",
		 bench_median_ps(&to->first, BATCH), bench_median_ps(&to->second, BATCH));
	return 0;
}

/* ---- lives ---- */

/* Waiting is none of it. Brought up to date whenever the thread stops running. */
static u64 cpu_time_ns(void)
{
	yield();
	return current->se.sum_exec_runtime;
}

static long live(struct bench_results *to, unsigned long times, unsigned int part)
{
	struct dev_pagemap *pgmap = &pgmaps[nr_pgmaps];
	u64 start, middle;
	void *addr;

	for (; times; times--) {
		prepare(nr_pgmaps);
		start = cpu_time_ns();
		addr = memremap_pages(pgmap, 0);
		if (IS_ERR(addr))
			return PTR_ERR(addr);
		middle = cpu_time_ns();
		memunmap_pages(pgmap);
		to->second.all[to->second.nr++] = cpu_time_ns() - middle;
		to->first.all[to->first.nr++] = middle - start;
	}
	snprintf(to->text, sizeof(to->text), "add %llu\nrelease %llu\n",
		 bench_median_ps(&to->first, 1), bench_median_ps(&to->second, 1));
	return 0;
}

/* ---- commands ---- */

static const struct {
	const char *name;
	long (*run)(struct bench_results *to, unsigned long times, unsigned int part);
} commands[] = { { "use", use }, { "fault", bench_fault }, { "live", live } };

static struct bench_results *results_alloc(void)
{
	struct bench_results *to = kzalloc(sizeof(*to), GFP_KERNEL);

	if (!to)
		return NULL;
	to->first.all = vmalloc_array(MAX_TIMES, sizeof(u64));
	to->second.all = vmalloc_array(MAX_TIMES, sizeof(u64));
	return to;
}

static void results_free(struct bench_results *to)
{
	if (to) {
		vfree(to->first.all);
		vfree(to->second.all);
	}
	kfree(to);
}

static long run_measured(struct file *file, const char *name, unsigned long times,
			 unsigned int part)
{
	struct bench_results *to = results_alloc();
	long ret = to && to->first.all && to->second.all ? -EINVAL : -ENOMEM;
	int i;

	for (i = 0; ret == -EINVAL && i < ARRAY_SIZE(commands); i++) {
		if (strcmp(name, commands[i].name))
			continue;
		ret = commands[i].run(to, times, part);
		break;
	}
	results_free(file->private_data);
	file->private_data = to;
	return ret;
}

static long run(struct file *file, const char *text)
{
	unsigned long times;
	unsigned int part = 0;
	char name[8];
	long ret;

	if (sscanf(text, "%7s %lu %u", name, &times, &part) < 2 || part >= PARTS)
		return -EINVAL;
	if (!strcmp(name, "map")) {
		mutex_lock(&lock);
		ret = map_more(times);
		mutex_unlock(&lock);
		return ret;
	}
	return nr_pgmaps && times <= MAX_TIMES ? run_measured(file, name, times, part) : -EINVAL;
}

static int bench_open(struct inode *inode, struct file *file)
{
	file->private_data = NULL;	/* misc_open() leaves the device there */
	return 0;
}

static ssize_t bench_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	char text[64];
	long ret;

	if (count >= sizeof(text))
		return -E2BIG;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	text[count] = 0;
	ret = run(file, text);
	return ret < 0 ? ret : count;
}

static ssize_t bench_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	const struct bench_results *from = file->private_data;

	return from ? simple_read_from_buffer(buf, count, pos, from->text, strlen(from->text)) : 0;
}

static int bench_release(struct inode *inode, struct file *file)
{
	results_free(file->private_data);
	return 0;
}

static const struct file_operations bench_fops = {
	.owner = THIS_MODULE,
	.open = bench_open,
	.read = bench_read,
	.write = bench_write,
	.release = bench_release,
};

static struct miscdevice bench_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pgmap_bench",
	.fops = &bench_fops,
};

static void bench_free(void)
{
	while (nr_pgmaps)
		memunmap_pages(&pgmaps[--nr_pgmaps]);
	if (!IS_ERR_OR_NULL(region))
		release_mem_region(region->start, resource_size(region));
	vfree(pgmaps);
}

static int __init bench_init(void)
{
	int err;

	pgmaps = vzalloc(array_size(MAX_PGMAPS, sizeof(*pgmaps)));
	if (!pgmaps)
		return -ENOMEM;
	/* one for all: to look for each alone takes longer the more there are */
	region = request_free_mem_region(&iomem_resource, MAX_PGMAPS * PMD_SIZE, "pgmap_bench");
	err = PTR_ERR_OR_ZERO(region);
	if (!err)
		err = misc_register(&bench_device);
	if (err)
		bench_free();
	return err;
}

static void __exit bench_exit(void)
{
	misc_deregister(&bench_device);
	bench_free();
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_DESCRIPTION("Benchmark module: pagemaps in tight loops");
MODULE_LICENSE("GPL");
