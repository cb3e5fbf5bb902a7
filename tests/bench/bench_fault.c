// SPDX-License-Identifier: GPL-2.0
/* Faults: a mapping of the writer whose pages are moved out, then touched. */
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>

#include "bench.h"

#define FAULTS		64	/* pages in a batch */

vm_fault_t bench_migrate_to_ram(struct vm_fault *vmf)
{
	unsigned long src = 0, dst = 0;
	struct migrate_vma args = {
		.vma = vmf->vma,
		.start = vmf->address,
		.end = vmf->address + PAGE_SIZE,
		.src = &src,
		.dst = &dst,
		.pgmap_owner = BENCH_OWNER,
		.flags = MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
		.fault_page = vmf->page,
	};
	struct page *page;

	if (migrate_vma_setup(&args))
		return VM_FAULT_SIGBUS;
	/* nothing is copied: a device would */
	page = src & MIGRATE_PFN_MIGRATE ? alloc_page(GFP_HIGHUSER_MOVABLE) : NULL;
	if (page) {
		lock_page(page);
		dst = migrate_pfn(page_to_pfn(page)) | (src & MIGRATE_PFN_WRITE);
	}
	migrate_vma_pages(&args);
	migrate_vma_finalize(&args);
	return page ? 0 : VM_FAULT_SIGBUS;
}

/* Returns how many of the FAULTS pages at @addr are device pages now. */
static long move_out(unsigned long addr, unsigned long n, unsigned int part)
{
	unsigned long src[FAULTS] = {}, dst[FAULTS] = {};
	struct migrate_vma args = {
		.start = addr,
		.end = addr + FAULTS * PAGE_SIZE,
		.src = src,
		.dst = dst,
		.pgmap_owner = BENCH_OWNER,
		.flags = MIGRATE_VMA_SELECT_SYSTEM,
	};
	unsigned int i, moved = 0;
	struct page *page;
	int err = -EFAULT;

	mmap_read_lock(current->mm);
	args.vma = vma_lookup(current->mm, addr);
	if (args.vma)
		err = migrate_vma_setup(&args);
	for (i = 0; !err && i < FAULTS; i++) {
		if (!(src[i] & MIGRATE_PFN_MIGRATE))
			continue;
		page = bench_page_in_turn(n + i, part);
		zone_device_page_init(page);
		dst[i] = migrate_pfn(page_to_pfn(page)) | (src[i] & MIGRATE_PFN_WRITE);
		moved++;
	}
	if (!err) {
		migrate_vma_pages(&args);
		migrate_vma_finalize(&args);
	}
	mmap_read_unlock(current->mm);
	return err ? err : moved;
}

/* Each touch is a fault, if it is of a device page. */
static int touch_all(unsigned long addr)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < FAULTS && !err; i++)
		err = put_user(1UL, (unsigned long __user *)(addr + i * PAGE_SIZE));
	return err;
}

static long fault_batches(struct bench_results *to, unsigned long addr, unsigned long batches,
			  unsigned int part)
{
	unsigned long n = 0;
	long moved;
	u64 start;
	int err = touch_all(addr);

	for (; batches && !err; batches--, n += FAULTS) {
		moved = move_out(addr, n, part);
		if (moved != FAULTS)
			return moved < 0 ? moved : -EAGAIN;
		start = ktime_get_ns();
		err = touch_all(addr);
		to->first.all[to->first.nr++] = ktime_get_ns() - start;
		cond_resched();
	}
	return err;
}

long bench_fault(struct bench_results *to, unsigned long batches, unsigned int part)
{
	unsigned long addr = vm_mmap(NULL, 0, FAULTS * PAGE_SIZE, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, 0);
	long err;

	if (IS_ERR_VALUE(addr))
		return addr;
	err = fault_batches(to, addr, batches, part);
	vm_munmap(addr, FAULTS * PAGE_SIZE);
	snprintf(to->text, sizeof(to->text), "fault %llu\n", bench_median_ps(&to->first, FAULTS));
	return err;
}
