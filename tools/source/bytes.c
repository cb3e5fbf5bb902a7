// SPDX-License-Identifier: GPL-2.0-only
/* One end for all: after it everything is zero, so that callers check once. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"

struct pgmap_bytes pgmap_bytes_of_file(int fd, __u64 start, __u64 end)
{
	return (struct pgmap_bytes){
		.fd = fd, .at = start, .end = end, .failed = start > end,
	};
}

struct pgmap_bytes pgmap_bytes_of_memory(const void *memory, size_t size)
{
	return (struct pgmap_bytes){ .fd = -1, .memory = memory, .end = size };
}

static bool read_file(struct pgmap_bytes *from, char *to, size_t size)
{
	__u64 at = from->at;
	ssize_t got;

	while (size) {
		got = pread(from->fd, to, size, at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to += got;
		at += got;
		size -= got;
	}
	return true;
}

void pgmap_bytes_take(struct pgmap_bytes *from, void *to, size_t size)
{
	if (from->failed || size > from->end - from->at)
		from->failed = true;
	else if (from->memory)
		memcpy(to, from->memory + from->at, size);
	else if (!read_file(from, to, size))
		from->failed = true;
	if (from->failed)
		memset(to, 0, size);
	else
		from->at += size;
}

__u16 pgmap_bytes_16(struct pgmap_bytes *from)
{
	__u16 value;

	pgmap_bytes_take(from, &value, sizeof(value));
	return value;
}

__u32 pgmap_bytes_32(struct pgmap_bytes *from)
{
	__u32 value;

	pgmap_bytes_take(from, &value, sizeof(value));
	return value;
}

__u64 pgmap_bytes_64(struct pgmap_bytes *from)
{
	__u64 value;

	pgmap_bytes_take(from, &value, sizeof(value));
	return value;
}

void pgmap_bytes_text(struct pgmap_bytes *from, char *text, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		pgmap_bytes_take(from, &text[i], 1);
		if (!text[i])
			return;
	}
	text[size - 1] = 0;
	from->failed = true;
}

void pgmap_bytes_skip(struct pgmap_bytes *from, __u64 size)
{
	if (from->failed || size > from->end - from->at)
		from->failed = true;
	else
		from->at += size;
}

char *pgmap_bytes_copy(struct pgmap_bytes *from, __u64 size, __u64 limit)
{
	char *copy;

	/* before memory is asked for: a damaged length may be any */
	if (from->failed || size > limit || size > from->end - from->at) {
		from->failed = true;
		return NULL;
	}
	copy = malloc(size + 1);
	if (!copy) {
		from->failed = true;
		return NULL;
	}
	pgmap_bytes_take(from, copy, size);
	copy[size] = 0;
	if (!from->failed)
		return copy;
	free(copy);
	return NULL;
}
