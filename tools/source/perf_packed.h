/* SPDX-License-Identifier: GPL-2.0-only */
/* Records that perf record -z has packed: one stream of zstd, cut into pieces anywhere. */
#ifndef PGMAP_SOURCE_PERF_PACKED_H
#define PGMAP_SOURCE_PERF_PACKED_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

/* A record of perf's without its header. */
struct pgmap_perf_raw {
	__u32 type;
	size_t size;
	const unsigned char *body;	/* anywhere: damaged ones are not aligned */
};

/* All zero is one that has got nothing. */
struct pgmap_perf_packed {
	void *stream;		/* zstd's, from piece to piece */
	unsigned char *room;	/* what is unpacked */
	size_t have;		/* bytes in it */
	size_t used;		/* of them, already taken */
	const void *piece;	/* the caller's */
	size_t size;		/* of the piece */
	size_t at;		/* in it */
};

/*
 * The next piece, @size bytes at @piece, which stay until pgmap_perf_packed_take() returns 0: only
 * then the next one may come. Returns 0 or -ENOMEM.
 */
int pgmap_perf_packed_put(struct pgmap_perf_packed *packed, const void *piece, size_t size);

/* The next record, good until the next call. Returns 1, 0: it is not whole yet, or -EBADMSG. */
int pgmap_perf_packed_take(struct pgmap_perf_packed *packed, struct pgmap_perf_raw *record);

/* Has all of it been taken? */
bool pgmap_perf_packed_is_over(const struct pgmap_perf_packed *packed);

/* Leaves it as one that has got nothing. */
void pgmap_perf_packed_free(struct pgmap_perf_packed *packed);

#endif
