/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The size of this machine's pages, in user space. arm64 has kernels with 4, 16 and 64 KiB. */
#ifndef PGMAP_PAGE_SIZE_H
#define PGMAP_PAGE_SIZE_H

#include <unistd.h>

/* By how many bits an address is shifted to give a page frame number. */
static inline unsigned int pgmap_page_shift(void)
{
	return __builtin_ctzl(sysconf(_SC_PAGESIZE));
}

#endif
