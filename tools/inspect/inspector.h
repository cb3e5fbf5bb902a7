/* SPDX-License-Identifier: GPL-2.0-only */
/* What an open inspector holds; only what answers its questions includes this. */
#ifndef PGMAP_INSPECT_INSPECTOR_H
#define PGMAP_INSPECT_INSPECTOR_H

#include <time.h>

#include "inspect.h"
#include "kernel.h"

struct pgmap_inspector {
	struct pgmap_inspect_options options;
	struct pgmap_kernel_view *kernel;
	struct pgmap_memory memory;
	__u64 deadline_ns;	/* of the explanation being made */
};

/* CLOCK_MONOTONIC */
static inline __u64 pgmap_inspector_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

#endif
