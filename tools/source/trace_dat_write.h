/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes trace.dat, version 6: what describes the records, then the pages of each CPU's
 * buffer, which the caller has kept in a file each.
 */
#ifndef PGMAP_SOURCE_TRACE_DAT_WRITE_H
#define PGMAP_SOURCE_TRACE_DAT_WRITE_H

#include <stdio.h>

#include "marks.h"
#include "thread_names.h"

struct pgmap_dat_page {
	unsigned char *bytes;
	size_t size;		/* of a page */
	size_t used;
};

/* Where records of marks go: pages of their own, in the format of the kernel's. */
struct pgmap_dat_marks {
	int fd;			/* the file of the CPU that they are in */
	__u64 time_ns;		/* of those that follow */
	__u16 id;		/* the kernel's number of ftrace:print */
	struct pgmap_dat_page page;
};

/* @marks->page.bytes has room for a page. Returns 0 or a negative errno. */
int pgmap_dat_put_mark(struct pgmap_dat_marks *marks, const struct pgmap_mark *mark);

/* Writes the page that is not full yet. Returns 0 or a negative errno. */
int pgmap_dat_flush_marks(struct pgmap_dat_marks *marks);

/* The beginning of a file, the same for all recordings of a kernel; all zero is none. */
struct pgmap_dat_head {
	char *bytes;		/* from malloc(), the caller's */
	size_t size;
};

/*
 * Reads the kernel's descriptions in the directory @events, which takes rights. Returns 0 or a
 * negative errno; either way @head->bytes are to be freed.
 */
int pgmap_dat_make_head(const char *events, __u32 page_size, struct pgmap_dat_head *head);

/* What there is to write. */
struct pgmap_dat_content {
	struct pgmap_dat_head head;
	__u32 page_size;
	const struct pgmap_thread_names *names;
	const char *version;		/* of this program */
	__u32 nr_cpus;
	const int *fds;			/* of each CPU's pages, -1: none */
	char *const *stats;		/* of each CPU, as the kernel tells; NULL: not known */
};

/* All of it. Returns 0 or a negative errno; @out is written from its start on. */
int pgmap_dat_write(FILE *out, const struct pgmap_dat_content *content);

#endif
