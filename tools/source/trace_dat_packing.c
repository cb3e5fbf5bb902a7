// SPDX-License-Identifier: GPL-2.0-only
/* Packed bytes of trace.dat: all sizes are bounded before memory is asked for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "trace_dat.h"

/* A kernel's symbols are a few megabytes; nothing else of what is read whole is larger. */
#define MOST_SECTION	(64U << 20)

enum { IS_PACKED = 1 };	/* flag of a section */

int pgmap_dat_packing_of(const char *name, enum pgmap_dat_packing *packing)
{
	static const struct {
		const char *name;
		enum pgmap_dat_packing packing;
	} all[] = {
		{ "none", PGMAP_DAT_PLAIN },
		{ "zlib", PGMAP_DAT_ZLIB },
		{ "zstd", PGMAP_DAT_ZSTD },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (strcmp(name, all[i].name))
			continue;
		*packing = all[i].packing;
		return 0;
	}
	return -ENOTSUP;
}

int pgmap_dat_unpack(enum pgmap_dat_packing packing, const void *from, size_t from_size,
		     void *to, size_t to_size)
{
	uLongf got = to_size;

	switch (packing) {
	case PGMAP_DAT_ZLIB:
		return uncompress(to, &got, from, from_size) == Z_OK && got == to_size ? 0 :
			-EBADMSG;
	case PGMAP_DAT_ZSTD:
		return ZSTD_decompress(to, to_size, from, from_size) == to_size ? 0 : -EBADMSG;
	default:
		return -EBADMSG;
	}
}

static int unpack_section(const struct pgmap_file_reader *reader, struct pgmap_bytes *from,
			  struct pgmap_dat_section *section)
{
	__u32 packed = pgmap_bytes_32(from);
	__u32 size = pgmap_bytes_32(from);
	char *copy = pgmap_bytes_copy(from, packed, MOST_SECTION);
	int err = -EBADMSG;

	if (!copy || size > MOST_SECTION)
		goto out;
	section->memory = malloc(size + 1);
	if (!section->memory) {
		err = -ENOMEM;
		goto out;
	}
	err = pgmap_dat_unpack(reader->packing, copy, packed, section->memory, size);
	section->bytes = pgmap_bytes_of_memory(section->memory, size);
out:
	free(copy);
	if (err) {
		free(section->memory);
		section->memory = NULL;
	}
	return err;
}

int pgmap_dat_section_open(const struct pgmap_file_reader *reader, __u64 offset, __u16 id,
			   struct pgmap_dat_section *section)
{
	struct pgmap_bytes from = pgmap_bytes_of_file(reader->fd, offset, reader->size);
	__u16 found = pgmap_bytes_16(&from), flags = pgmap_bytes_16(&from);
	__u64 size;

	section->memory = NULL;
	pgmap_bytes_skip(&from, sizeof(__u32));
	size = pgmap_bytes_64(&from);
	if (from.failed || found != id || size > from.end - from.at)
		return -EBADMSG;
	from.end = from.at + size;
	if (flags & IS_PACKED)
		return unpack_section(reader, &from, section);
	section->bytes = from;
	return 0;
}
