/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The running kernel, looked at through BPF programs that are run when something is asked, or,
 * where these are not allowed, through /proc/kcore.
 */
#ifndef PGMAP_INSPECT_KERNEL_H
#define PGMAP_INSPECT_KERNEL_H

#include <stdarg.h>

#include "memory.h"

struct pgmap_kernel_view;

/*
 * Loads the programs, or opens that file; fills @memory but for the addresses that symbols
 * give. @log gets what the library says and may be NULL. Returns 0, or a negative errno with
 * one line for the user in @why.
 */
int pgmap_kernel_view_open(struct pgmap_kernel_view **view, struct pgmap_memory *memory,
			   void (*log)(const char *format, va_list args), char *why,
			   size_t why_len);

/*
 * Every task that sleeps and cannot be interrupted: an array for the caller to free.
 * Returns their number or a negative errno; -EOPNOTSUPP: that takes BPF.
 */
int pgmap_kernel_view_sleepers(struct pgmap_kernel_view *view, struct pgmap_sleeper **sleepers);

/* Takes NULL. */
void pgmap_kernel_view_free(struct pgmap_kernel_view *view);

#endif
