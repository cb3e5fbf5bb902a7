/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads numbers and texts from a part of a file or of memory, and never past its end: what
 * is not there is zero, and noted.
 */
#ifndef PGMAP_SOURCE_BYTES_H
#define PGMAP_SOURCE_BYTES_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

struct pgmap_bytes {
	int fd;				/* the file, if @memory is NULL; the caller's */
	const unsigned char *memory;	/* the caller's */
	__u64 at;
	__u64 end;
	bool failed;			/* something was not there, or could not be read */
};

struct pgmap_bytes pgmap_bytes_of_file(int fd, __u64 start, __u64 end);
struct pgmap_bytes pgmap_bytes_of_memory(const void *memory, size_t size);

void pgmap_bytes_take(struct pgmap_bytes *from, void *to, size_t size);
__u16 pgmap_bytes_16(struct pgmap_bytes *from);
__u32 pgmap_bytes_32(struct pgmap_bytes *from);
__u64 pgmap_bytes_64(struct pgmap_bytes *from);

/* Up to its null byte; one that does not fit fails. */
void pgmap_bytes_text(struct pgmap_bytes *from, char *text, size_t size);

void pgmap_bytes_skip(struct pgmap_bytes *from, __u64 size);

/*
 * A copy of the next @size bytes and a null byte behind them, the caller's to free; NULL, and
 * noted: they are not there, are more than @limit, or there is no memory.
 */
char *pgmap_bytes_copy(struct pgmap_bytes *from, __u64 size, __u64 limit);

#endif
