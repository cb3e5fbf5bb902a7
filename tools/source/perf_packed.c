// SPDX-License-Identifier: GPL-2.0-only
/* However much a piece unpacks to, no more of it is held than a few records. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "perf_packed.h"

/* Of which a record fits in, whatever its size. */
enum { ROOM = 256 << 10 };

int pgmap_perf_packed_put(struct pgmap_perf_packed *packed, const void *piece, size_t size)
{
	if (!packed->room)
		packed->room = malloc(ROOM);
	if (!packed->stream)
		packed->stream = ZSTD_createDCtx();
	if (!packed->room || !packed->stream)
		return -ENOMEM;
	packed->piece = piece;
	packed->size = size;
	packed->at = 0;
	return 0;
}

/* Returns 1, 0: the piece has no more, or -EBADMSG. */
static int unpack(struct pgmap_perf_packed *packed)
{
	ZSTD_inBuffer from = { packed->piece, packed->size, packed->at };
	ZSTD_outBuffer to = { packed->room, ROOM, packed->have - packed->used };
	size_t before = to.pos;

	if (!packed->piece)
		return 0;
	memmove(packed->room, packed->room + packed->used, before);
	if (ZSTD_isError(ZSTD_decompressStream(packed->stream, &to, &from)))
		return -EBADMSG;
	packed->at = from.pos;
	packed->used = 0;
	packed->have = to.pos;
	/* it may still have had something when all of the piece was in it */
	if (to.pos > before || from.pos < from.size)
		return 1;
	packed->piece = NULL;
	return 0;
}

/* Is there a record in what is unpacked? Returns 1, 0: not all of it, or -EBADMSG. */
static int look(const struct pgmap_perf_packed *packed, struct perf_event_header *header)
{
	size_t left = packed->have - packed->used;

	if (left < sizeof(*header))
		return 0;
	memcpy(header, packed->room + packed->used, sizeof(*header));
	if (header->size < sizeof(*header))
		return -EBADMSG;
	return left >= header->size;
}

int pgmap_perf_packed_take(struct pgmap_perf_packed *packed, struct pgmap_perf_raw *record)
{
	struct perf_event_header header;
	int got;

	while (!(got = look(packed, &header))) {
		got = unpack(packed);
		if (got <= 0)
			return got;
	}
	if (got < 0)
		return got;
	*record = (struct pgmap_perf_raw){
		.type = header.type, .size = header.size - sizeof(header),
		.body = packed->room + packed->used + sizeof(header),
	};
	packed->used += header.size;
	return 1;
}

bool pgmap_perf_packed_is_over(const struct pgmap_perf_packed *packed)
{
	return packed->used == packed->have;
}

void pgmap_perf_packed_free(struct pgmap_perf_packed *packed)
{
	ZSTD_freeDCtx(packed->stream);
	free(packed->room);
	memset(packed, 0, sizeof(*packed));
}
