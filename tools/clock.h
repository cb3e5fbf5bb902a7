/* SPDX-License-Identifier: GPL-2.0-only */
/* Clocks as numbers of nanoseconds. */
#ifndef PGMAP_CLOCK_H
#define PGMAP_CLOCK_H

#include <time.h>

#include <linux/types.h>

static inline __u64 pgmap_clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/* CLOCK_MONOTONIC, as in all events. */
static inline __u64 pgmap_now_ns(void)
{
	return pgmap_clock_ns(CLOCK_MONOTONIC);
}

#endif
