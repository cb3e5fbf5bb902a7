/* SPDX-License-Identifier: GPL-2.0-only */
/* Where debug info may be, and the build ids that say whose it is. */
#ifndef PGMAP_SYMBOLS_FILES_H
#define PGMAP_SYMBOLS_FILES_H

#include <stddef.h>

#include <linux/types.h>

enum { PGMAP_BUILD_ID_LEN = 64 };

struct pgmap_build_id {
	unsigned char bytes[PGMAP_BUILD_ID_LEN];
	size_t length;		/* 0: none */
};

/* The build id among the ELF notes in @notes. Returns 0 or -ENOENT. */
int pgmap_build_id_of_notes(const void *notes, size_t length, struct pgmap_build_id *id);

/* Of the running kernel, or with @module of that one. Returns 0 or a negative errno. */
int pgmap_build_id_running(const char *module, struct pgmap_build_id *id);

/*
 * Calls @visit with each path that may have the debug info of the running kernel or of
 * @module, until that returns true. @debuginfo, a file or directory, comes first.
 */
void pgmap_files_visit(const char *debuginfo, const char *module,
		       int (*visit)(void *context, const char *path), void *context);

#endif
