/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the benchmark module share: which page is next, and results. */
#ifndef PGMAP_BENCH_H
#define PGMAP_BENCH_H

#include <linux/memremap.h>

#define PARTS		4
#define BATCH		(PTRS_PER_PMD / PARTS)	/* pages of a pagemap in each part */

/* All pagemaps are one owner's. */
#define BENCH_OWNER	((void *)bench_page_in_turn)

struct bench_times {
	u64 *all;
	unsigned int nr;
};

struct bench_results {
	struct bench_times first;
	struct bench_times second;
	char text[96];
};

/* All pagemaps in turn, and in each the pages of a part: the last BATCH ones differ. */
struct page *bench_page_in_turn(unsigned long n, unsigned int part);

/* Picoseconds of one of the @operations in a batch. */
u64 bench_median_ps(struct bench_times *times, unsigned int operations);

vm_fault_t bench_migrate_to_ram(struct vm_fault *vmf);

/* The command "fault": times of @batches into @to. Returns 0 or a negative errno. */
long bench_fault(struct bench_results *to, unsigned long batches, unsigned int part);

#endif
