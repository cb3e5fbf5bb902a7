/* SPDX-License-Identifier: GPL-2.0-only */
/* The time that records of a running kernel have: CLOCK_MONOTONIC. */
#ifndef PGMAP_SOURCE_CLOCK_H
#define PGMAP_SOURCE_CLOCK_H

#include <time.h>

#include <linux/types.h>

static inline __u64 pgmap_source_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

#endif
