/* SPDX-License-Identifier: GPL-2.0-only */
/* What a recording is written to: the file that was asked for, and nameless ones until then. */
#ifndef PGMAP_SOURCE_CAPTURE_FILES_H
#define PGMAP_SOURCE_CAPTURE_FILES_H

#include "source.h"

/*
 * Opens @path, which keeps what it has, for one recording at a time; it is made if it is not
 * there (@is_new). Returns a descriptor, or a negative errno with one line for the user in @why:
 * what is no regular file is refused.
 */
int pgmap_capture_file_open(const char *path, bool *is_new, char why[PGMAP_WHY_LEN]);

/* A file without a name in the directory of @beside. Returns a descriptor or a negative errno. */
int pgmap_capture_file_nameless(const char *beside);

/* All @size bytes at the descriptor's place. Returns 0 or a negative errno. */
int pgmap_capture_file_put(int fd, const void *bytes, size_t size);

#endif
