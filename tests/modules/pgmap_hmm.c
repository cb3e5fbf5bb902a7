// SPDX-License-Identifier: GPL-2.0
/*
 * Test driver on hmm_devmem_add(): a pretended device whose memory is ordinary pages the
 * CPU does not see. A process moves its anonymous pages there by writing to
 * /dev/pgmap_hmm, and gets them back one by one when it touches them.
 *
 *	out N ADDRESS LENGTH	move the writer's pages to device N
 *	hold N / put N		keep one page of device N in use / let it go
 *
 * Devices pgmap_hmm.0, .1, ... (parameter "devices") of "size" bytes each bind to the
 * platform driver pgmap_hmm. "fail_nth" lets the nth allocation of the next probe fail; it
 * is 0 afterwards if there were that many. "fault_ms" makes each fault take so much longer.
 */
#include <linux/delay.h>
#include <linux/fault-inject.h>
#include <linux/hmm_devmem.h>
#include <linux/migrate.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/platform_device.h>
#include <linux/uaccess.h>

#define MAX_DEVICES	8
#define MAX_PAGES	(SZ_1G >> PAGE_SHIFT)	/* of a device that are used */
#define BATCH		64

static unsigned int devices = 1;
module_param(devices, uint, 0444);
static unsigned long size = 16UL << 20;
module_param(size, ulong, 0644);
static unsigned int fault_ms;
module_param(fault_ms, uint, 0644);
static unsigned int fail_nth;
module_param(fail_nth, uint, 0644);

struct vram {
	struct hmm_devmem *devmem;
	spinlock_t lock;	/* used; taken from free, so in any context */
	unsigned long *used;
	unsigned long pages;
};

/*
 * A device leaves bound before its pages are evicted: none may be taken into use after that.
 * A page that is held is put any time, also while that waits.
 */
static DECLARE_RWSEM(bound_lock);
static struct vram *bound[MAX_DEVICES];
static struct page *held[MAX_DEVICES];

static struct platform_device *platform_devices[MAX_DEVICES];

/* What stands for the memory behind a device page; NULL once that has been copied back. */
static struct page *backing(struct page *page)
{
	return (struct page *)hmm_devmem_page_get_drvdata(page);
}

static void drop_backing(struct page *page)
{
	if (backing(page))
		__free_page(backing(page));
	hmm_devmem_page_set_drvdata(page, 0);
}

static struct page *vram_alloc(struct vram *vram)
{
	struct page *store = alloc_page(GFP_HIGHUSER), *page;
	unsigned long i;

	if (!store)
		return NULL;
	spin_lock_irq(&vram->lock);
	i = find_first_zero_bit(vram->used, vram->pages);
	if (i < vram->pages)
		__set_bit(i, vram->used);
	spin_unlock_irq(&vram->lock);
	if (i == vram->pages) {
		__free_page(store);
		return NULL;
	}
	page = pfn_to_page(vram->devmem->pfn_first + i);
	hmm_devmem_page_set_drvdata(page, (unsigned long)store);
	zone_device_page_init(page);
	return page;
}

static void vram_free(struct hmm_devmem *devmem, struct page *page)
{
	struct vram *vram = dev_get_drvdata(devmem->device);
	unsigned long flags;

	drop_backing(page);
	spin_lock_irqsave(&vram->lock, flags);
	WARN_ON(!__test_and_clear_bit(page_to_pfn(page) - devmem->pfn_first, vram->used));
	spin_unlock_irqrestore(&vram->lock, flags);
}

/*
 * One page back to where the CPU sees it; 0 leaves it where it is, as one that was copied back
 * and is not put yet: it is charged to nobody and must not be migrated again.
 */
static unsigned long copy_back(unsigned long src, gfp_t gfp)
{
	struct page *page = migrate_pfn_to_page(src), *new;

	if (!page || !(src & MIGRATE_PFN_MIGRATE) || !backing(page))
		return 0;
	new = alloc_page(GFP_HIGHUSER_MOVABLE | gfp);
	if (!new)
		return 0;
	lock_page(new);
	copy_highpage(new, backing(page));
	return migrate_pfn(page_to_pfn(new)) | (src & MIGRATE_PFN_WRITE);
}

static vm_fault_t vram_fault(struct hmm_devmem *devmem, struct vm_fault *vmf)
{
	unsigned long src = 0, dst = 0;
	struct migrate_vma args = {
		.vma = vmf->vma,
		.start = vmf->address,
		.end = vmf->address + PAGE_SIZE,
		.src = &src,
		.dst = &dst,
		.pgmap_owner = devmem->pagemap.owner,
		.flags = MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
		.fault_page = vmf->page,
	};

	if (fault_ms)
		msleep(fault_ms);
	if (migrate_vma_setup(&args))
		return VM_FAULT_SIGBUS;
	if (!args.cpages)
		return 0;
	dst = copy_back(src, 0);
	migrate_vma_pages(&args);
	if (src & MIGRATE_PFN_MIGRATE)
		drop_backing(migrate_pfn_to_page(src));	/* while it is locked */
	migrate_vma_finalize(&args);
	return dst ? 0 : VM_FAULT_OOM;
}

static const struct hmm_devmem_ops vram_ops = { .free = vram_free, .fault = vram_fault };

static unsigned long copy_out(struct vram *vram, unsigned long src)
{
	struct page *page;

	if (!(src & MIGRATE_PFN_MIGRATE))
		return 0;
	page = vram_alloc(vram);
	if (!page)
		return 0;
	if (migrate_pfn_to_page(src))
		copy_highpage(backing(page), migrate_pfn_to_page(src));
	else
		clear_highpage(backing(page));
	return migrate_pfn(page_to_pfn(page)) | (src & MIGRATE_PFN_WRITE);
}

/* Moves what of the range can be moved; the mmap_lock is held. Returns pages or errno. */
static long move_batch(struct vram *vram, struct vm_area_struct *vma, ulong start, ulong end)
{
	unsigned long src[BATCH] = {}, dst[BATCH] = {};
	struct migrate_vma args = {
		.vma = vma,
		.start = start,
		.end = end,
		.src = src,
		.dst = dst,
		.pgmap_owner = vram->devmem->pagemap.owner,
		.flags = MIGRATE_VMA_SELECT_SYSTEM,
	};
	long moved = 0, i, err = migrate_vma_setup(&args);

	if (err)
		return err;
	for (i = 0; i < args.npages; i++)
		dst[i] = copy_out(vram, src[i]);
	migrate_vma_pages(&args);
	for (i = 0; i < args.npages; i++)
		moved += dst[i] && (src[i] & MIGRATE_PFN_MIGRATE);
	migrate_vma_finalize(&args);
	return moved;
}

static long move_out(struct vram *vram, unsigned long start, unsigned long len)
{
	unsigned long addr, next, end = start + len;
	struct vm_area_struct *vma;
	long moved = 0, ret = 0;

	mmap_read_lock(current->mm);
	for (addr = start; addr < end && ret >= 0; addr = next) {
		vma = vma_lookup(current->mm, addr);
		if (!vma) {
			ret = -EFAULT;
			break;
		}
		next = min3(end, vma->vm_end, addr + BATCH * PAGE_SIZE);
		ret = move_batch(vram, vma, addr, next);
		moved += max(ret, 0L);
	}
	mmap_read_unlock(current->mm);
	return ret < 0 ? ret : moved;
}

static long hold(struct vram *vram, unsigned int n)
{
	struct page *page;

	if (held[n])
		return -EBUSY;
	page = vram_alloc(vram);
	if (!page)
		return -ENOSPC;
	unlock_page(page);
	held[n] = page;
	return 0;
}

static long put(unsigned int n)
{
	struct page *page = xchg(&held[n], NULL);

	if (!page)
		return -ENOENT;
	put_page(page);
	return 0;
}

/* Brings everything back that processes have here, for the device goes. */
static void evict(struct vram *vram)
{
	unsigned long src[BATCH], dst[BATCH], pfn, n, i;

	for (pfn = vram->devmem->pfn_first; pfn < vram->devmem->pfn_last; pfn += n) {
		n = min(vram->devmem->pfn_last - pfn, (unsigned long)BATCH);
		migrate_device_range(src, pfn, n);
		for (i = 0; i < n; i++)
			dst[i] = copy_back(src[i], __GFP_NOFAIL);
		migrate_device_pages(src, dst, n);
		migrate_device_finalize(src, dst, n);
	}
}

static int vram_setup(struct platform_device *pdev)
{
	struct vram *vram = devm_kzalloc(&pdev->dev, sizeof(*vram), GFP_KERNEL);

	if (!vram)
		return -ENOMEM;
	spin_lock_init(&vram->lock);
	/* before the add: pages may be freed as late as in its undoing */
	vram->pages = min_t(unsigned long, size >> PAGE_SHIFT, MAX_PAGES);
	vram->used = devm_bitmap_zalloc(&pdev->dev, vram->pages, GFP_KERNEL);
	if (!vram->used)
		return -ENOMEM;
	platform_set_drvdata(pdev, vram);
	vram->devmem = hmm_devmem_add(&vram_ops, &pdev->dev, size);
	if (IS_ERR(vram->devmem))
		return PTR_ERR(vram->devmem);
	scoped_guard(rwsem_write, &bound_lock)
		bound[pdev->id] = vram;
	return 0;
}

static int vram_probe(struct platform_device *pdev)
{
	int err;

#ifdef CONFIG_FAULT_INJECTION
	current->fail_nth = fail_nth;
#endif
	err = vram_setup(pdev);
#ifdef CONFIG_FAULT_INJECTION
	fail_nth = current->fail_nth;
	current->fail_nth = 0;
#endif
	return err;
}

static void vram_remove(struct platform_device *pdev)
{
	scoped_guard(rwsem_write, &bound_lock)
		bound[pdev->id] = NULL;
	evict(platform_get_drvdata(pdev));
}

static struct platform_driver vram_driver = {
	.probe = vram_probe,
	.remove = vram_remove,
	.driver.name = "pgmap_hmm",
};

static long use(const char *name, unsigned int n, unsigned long addr, unsigned long len)
{
	struct vram *vram;
	long ret = -EINVAL;

	down_read(&bound_lock);
	vram = bound[n];
	if (!vram)
		ret = -ENODEV;
	else if (!strcmp(name, "out"))
		ret = move_out(vram, PAGE_ALIGN_DOWN(addr), PAGE_ALIGN(len));
	else if (!strcmp(name, "hold"))
		ret = hold(vram, n);
	up_read(&bound_lock);
	return ret;
}

static long run(const char *text)
{
	unsigned long addr = 0, len = 0;
	unsigned int n;
	char name[8];

	if (sscanf(text, "%7s %u %li %li", name, &n, &addr, &len) < 2 || n >= devices)
		return -EINVAL;
	return strcmp(name, "put") ? use(name, n, addr, len) : put(n);
}

static ssize_t vram_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	char text[96];
	long ret;

	if (count >= sizeof(text))
		return -E2BIG;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	text[count] = 0;
	ret = run(text);
	return ret < 0 ? ret : count;
}

static const struct file_operations vram_fops = { .owner = THIS_MODULE, .write = vram_write };

static struct miscdevice vram_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pgmap_hmm",
	.fops = &vram_fops,
};

static void remove_devices(void)
{
	unsigned int i;

	for (i = 0; i < MAX_DEVICES; i++)
		platform_device_unregister(platform_devices[i]);
	platform_driver_unregister(&vram_driver);
}

static int add_devices(void)
{
	unsigned int i;

	for (i = 0; i < devices; i++) {
		platform_devices[i] = platform_device_register_simple("pgmap_hmm", i, NULL, 0);
		if (IS_ERR(platform_devices[i])) {
			int err = PTR_ERR(platform_devices[i]);

			platform_devices[i] = NULL;
			return err;
		}
	}
	return 0;
}

static int __init vram_init(void)
{
	int err;

	devices = min_t(unsigned int, devices, MAX_DEVICES);
	err = platform_driver_register(&vram_driver);
	if (err)
		return err;
	err = add_devices();
	if (!err)
		err = misc_register(&vram_device);
	if (err)
		remove_devices();
	return err;
}

static void __exit vram_exit(void)
{
	misc_deregister(&vram_device);
	remove_devices();
}

module_init(vram_init);
module_exit(vram_exit);
MODULE_DESCRIPTION("Test driver on hmm_devmem_add()");
MODULE_LICENSE("GPL");
