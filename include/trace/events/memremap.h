/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints of the pagemap core, an ABI: meanings and names (docs/design.md lists them)
 * stay. Addresses and frames are u64 printed as 0x%llx, "pages" are base pages, "start" and
 * "end" (inclusive) the first range, "ranges" all of them. Process context unless said.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM memremap

#if !defined(_TRACE_MEMREMAP_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_MEMREMAP_H

#include <linux/memremap.h>
#include <linux/tracepoint.h>

/* Each name stands once. Results are numbers because TRACE_DEFINE_ENUM() takes no __bitwise. */
#define PGMAP_TYPES TYPE(PRIVATE) TYPE(COHERENT) TYPE(FS_DAX) TYPE(GENERIC) TYPE(PCI_P2PDMA)
#define PGMAP_RESULTS \
	RESULT(OOM, 0x1) RESULT(SIGBUS, 0x2) RESULT(MAJOR, 0x4) RESULT(HWPOISON, 0x10) \
	RESULT(HWPOISON_LARGE, 0x20) RESULT(SIGSEGV, 0x40) RESULT(NOPAGE, 0x100) \
	RESULT(LOCKED, 0x200) RESULT(RETRY, 0x400) RESULT(FALLBACK, 0x800) \
	RESULT(DONE_COW, 0x1000) RESULT(NEEDDSYNC, 0x2000) RESULT(COMPLETED, 0x4000)
#undef TYPE
#undef RESULT
#define TYPE(name)	TRACE_DEFINE_ENUM(MEMORY_DEVICE_##name);
#define RESULT(name, bit)	static_assert((__force u32)VM_FAULT_##name == (bit));
PGMAP_TYPES
PGMAP_RESULTS
#undef TYPE
#undef RESULT
#define TYPE(name)	{ MEMORY_DEVICE_##name, #name },
#define RESULT(name, bit)	{ bit, #name },

/* What every record has, so that each can be read alone. */
#define PGMAP_FIELDS \
	__field(u64, pgmap) __field(u32, type) __string(driver, pgmap->driver) \
	__field(u64, start) __field(u64, end)
#define PGMAP_ASSIGN do { \
	__entry->pgmap = (unsigned long)pgmap; __entry->type = pgmap->type; __assign_str(driver); \
	__entry->start = pgmap->range.start; __entry->end = pgmap->range.end; } while (0)
#define PGMAP_FORMAT "pgmap=0x%llx type=%s driver=%s start=0x%llx end=0x%llx"
#define PGMAP_VALUES \
	__entry->pgmap, __print_symbolic(__entry->type, PGMAP_TYPES { 0, "NONE" }), \
	__get_str(driver), __entry->start, __entry->end

/* memremap_pages() is about to return. bounds: length of ranges, as perf knows no "* 2". */
TRACE_EVENT(pgmap_add,
	TP_PROTO(const struct dev_pagemap *pgmap, const char *device, int node, int error,
		 u64 setup_ns),
	TP_ARGS(pgmap, device, node, error, setup_ns),
	TP_STRUCT__entry(PGMAP_FIELDS
		__string(device, device ? device : "") __field(s32, nr_range) __field(u64, pages)
		__field(s32, node) __field(s32, error) __field(u64, setup_ns)
		__field(s32, bounds) __dynamic_array(u64, ranges, 2 * max(pgmap->nr_range, 0))),
	TP_fast_assign(PGMAP_ASSIGN;
		__assign_str(device);
		__entry->nr_range = pgmap->nr_range;
		__entry->node = node; __entry->error = error;
		__entry->bounds = __get_dynamic_array_len(ranges) / sizeof(u64);
		__entry->setup_ns = setup_ns;
		__entry->pages = 0;
		for (int i = 0; i < pgmap->nr_range; i++)
			__entry->pages += range_len(&pgmap->ranges[i]) >> PAGE_SHIFT;
		memcpy(__get_dynamic_array(ranges), pgmap->ranges,
		       __get_dynamic_array_len(ranges));),
	TP_printk(PGMAP_FORMAT " device=%s nr_range=%d pages=%llu node=%d error=%d setup_ns=%llu"
		  " ranges=%s", PGMAP_VALUES, __get_str(device), __entry->nr_range, __entry->pages,
		  __entry->node, __entry->error, __entry->setup_ns,
		  __print_array(__get_dynamic_array(ranges), __entry->bounds, 8)));

/* Teardown begins, or, if adding, the unwinding of an add that failed half-way. */
TRACE_EVENT(pgmap_kill,
	TP_PROTO(const struct dev_pagemap *pgmap, bool adding), TP_ARGS(pgmap, adding),
	TP_STRUCT__entry(PGMAP_FIELDS __field(bool, adding)),
	TP_fast_assign(PGMAP_ASSIGN; __entry->adding = adding;),
	TP_printk(PGMAP_FORMAT " adding=%d", PGMAP_VALUES, __entry->adding));

DECLARE_EVENT_CLASS(pgmap_state,
	TP_PROTO(const struct dev_pagemap *pgmap), TP_ARGS(pgmap),
	TP_STRUCT__entry(PGMAP_FIELDS), TP_fast_assign(PGMAP_ASSIGN;),
	TP_printk(PGMAP_FORMAT, PGMAP_VALUES));

/* The last reference is gone; the struct is still whole. Any context, often RCU's. */
DEFINE_EVENT(pgmap_state, pgmap_drained,
	TP_PROTO(const struct dev_pagemap *pgmap), TP_ARGS(pgmap));

/* Memory unmapped, look-up entries gone, reference exited. */
DEFINE_EVENT(pgmap_state, pgmap_release,
	TP_PROTO(const struct dev_pagemap *pgmap), TP_ARGS(pgmap));

DECLARE_EVENT_CLASS(pgmap_page,
	TP_PROTO(const struct dev_pagemap *pgmap, unsigned long pfn, unsigned long pages),
	TP_ARGS(pgmap, pfn, pages),
	TP_STRUCT__entry(PGMAP_FIELDS __field(u64, pfn) __field(u64, pages)),
	TP_fast_assign(PGMAP_ASSIGN; __entry->pfn = pfn; __entry->pages = pages;),
	TP_printk(PGMAP_FORMAT " pfn=0x%llx pages=%llu", PGMAP_VALUES, __entry->pfn,
		  __entry->pages));

/* A driver takes pages into use and has them alone. */
DEFINE_EVENT(pgmap_page, pgmap_page_alloc,
	TP_PROTO(const struct dev_pagemap *pgmap, unsigned long pfn, unsigned long pages),
	TP_ARGS(pgmap, pfn, pages));

/* Before page_free, after which they may be in use again. Any context but NMI. */
DEFINE_EVENT(pgmap_page, pgmap_page_free,
	TP_PROTO(const struct dev_pagemap *pgmap, unsigned long pfn, unsigned long pages),
	TP_ARGS(pgmap, pfn, pages));

/* Before migrate_to_ram(); address: page-aligned, user space of the current task. */
TRACE_EVENT(pgmap_fault_enter,
	TP_PROTO(const struct dev_pagemap *pgmap, unsigned long address, unsigned long pfn),
	TP_ARGS(pgmap, address, pfn),
	TP_STRUCT__entry(PGMAP_FIELDS __field(u64, address) __field(u64, pfn)),
	TP_fast_assign(PGMAP_ASSIGN; __entry->address = address; __entry->pfn = pfn;),
	TP_printk(PGMAP_FORMAT " address=0x%llx pfn=0x%llx", PGMAP_VALUES, __entry->address,
		  __entry->pfn));

/* migrate_to_ram() returned; the faulting thread still holds the page. */
TRACE_EVENT(pgmap_fault_exit,
	TP_PROTO(const struct dev_pagemap *pgmap, unsigned long address, unsigned long pfn,
		 vm_fault_t result),
	TP_ARGS(pgmap, address, pfn, result),
	TP_STRUCT__entry(PGMAP_FIELDS __field(u64, address) __field(u64, pfn) __field(u32, result)),
	TP_fast_assign(PGMAP_ASSIGN; __entry->address = address; __entry->pfn = pfn;
		__entry->result = (__force u32)result;),
	TP_printk(PGMAP_FORMAT " address=0x%llx pfn=0x%llx result=0x%x (%s)", PGMAP_VALUES,
		  __entry->address, __entry->pfn, __entry->result,
		  __print_flags(__entry->result, "|", PGMAP_RESULTS { 0xf0000, "HINDEX" })));

#endif /* _TRACE_MEMREMAP_H */
#include <trace/define_trace.h>
