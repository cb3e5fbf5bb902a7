/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One page of a CPU's trace buffer, as the kernel hands it out and as trace.dat holds it,
 * taken apart. Trusts nothing in it: a page may come from a damaged file.
 */
#ifndef PGMAP_SOURCE_TRACE_PAGE_H
#define PGMAP_SOURCE_TRACE_PAGE_H

#include <stddef.h>

#include <linux/types.h>

/* Time and length, before the first record. */
enum { PGMAP_TRACE_PAGE_HEAD = 16 };

struct pgmap_trace_page {
	const unsigned char *at;	/* what follows the record that was given last */
	const unsigned char *end;
	__u64 time_ns;			/* of that record */
	__u64 lost;			/* records missing before the page; of unknown number: 1 */
};

/*
 * Begins with the @size bytes at @data, which must stay. Returns 0, or -EBADMSG: that is no
 * such page.
 */
int pgmap_trace_page_open(struct pgmap_trace_page *page, const void *data, size_t size);

/*
 * The next record, of @size bytes, its time in @page. Returns 1, 0: no more is there, or
 * -EBADMSG.
 */
int pgmap_trace_page_next(struct pgmap_trace_page *page, const void **data, size_t *size);

#endif
