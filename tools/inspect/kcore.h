/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel memory by /proc/kcore, for where BPF may not look: an ELF file of it as it is now. */
#ifndef PGMAP_INSPECT_KCORE_H
#define PGMAP_INSPECT_KCORE_H

#include <stddef.h>

#include <linux/types.h>

struct pgmap_kcore;

/*
 * Opens the file at @path; what it shows it shows to who opened it, whatever rights are dropped
 * meanwhile. Returns 0, -ENOEXEC: it is no core file of this machine, or another negative errno.
 */
int pgmap_kcore_open(struct pgmap_kcore **kcore, const char *path);

/* As the read of struct pgmap_memory, with @kcore as its context. */
int pgmap_kcore_read(void *kcore, __u64 address, void *to, size_t size);

/* Takes NULL. */
void pgmap_kcore_free(struct pgmap_kcore *kcore);

#endif
