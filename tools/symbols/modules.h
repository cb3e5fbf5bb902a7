/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /proc/modules: which addresses a module occupies. It takes no time to read, unlike all the
 * kernel's symbols, so it knows of modules that are gone a moment later.
 */
#ifndef PGMAP_SYMBOLS_MODULES_H
#define PGMAP_SYMBOLS_MODULES_H

#include <stddef.h>

#include <linux/types.h>

enum { PGMAP_MODULES_LEN = 65536 };

/*
 * What is loaded now, as text; empty when @fd, of /proc/modules, cannot be read. Whether it shows
 * addresses was decided by the rights of whoever opened it.
 */
void pgmap_modules_read(int fd, char text[PGMAP_MODULES_LEN]);

/* Where @module ends; 0: not loaded, or addresses are hidden. */
__u64 pgmap_modules_end(const char *text, const char *module);

/*
 * The module whose code @address is. A module's data may lie elsewhere, with others between, so
 * this holds for functions only. Returns 0, or -ENOENT: none, not told, or @size is too small.
 */
int pgmap_modules_find(const char *text, __u64 address, char *module, size_t size);

#endif
