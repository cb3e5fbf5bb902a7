/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the reader of trace.dat share this and nobody else includes it. */
#ifndef PGMAP_SOURCE_TRACE_DAT_H
#define PGMAP_SOURCE_TRACE_DAT_H

#include "bytes.h"
#include "file_reader.h"
#include "trace_page.h"

enum { PGMAP_DAT_MOST_CPUS = 8192 };	/* what claims to have more is damaged */

enum pgmap_dat_packing {
	PGMAP_DAT_PLAIN,
	PGMAP_DAT_ZLIB,
	PGMAP_DAT_ZSTD,
};

/* The records of one CPU. */
struct pgmap_dat_cpu {
	__u32 cpu;
	__u64 start;		/* of its bytes in the file */
	__u64 at;		/* what is read next ... */
	__u64 end;		/* ... and where it ends */
	__u32 chunks_left;	/* of packed ones */
	unsigned char *buffer;	/* pages, unpacked */
	size_t room;		/* of it, in bytes */
	size_t have;		/* bytes in it */
	size_t next;		/* of them: the page behind @page */
	struct pgmap_trace_page page;
	const void *data;	/* the next record, or NULL */
	size_t size;
};

struct pgmap_file_reader {
	int fd;
	__u64 size;			/* of the file */
	int version;
	__u32 page_size;
	enum pgmap_dat_packing packing;
	bool is_packed;			/* the records, too */
	struct pgmap_file_info *info;
	__u32 buffers;			/* how many there are */
	struct pgmap_dat_cpu *cpus;
	__u32 nr_cpus;
	struct pgmap_dat_cpu *current;	/* whose record was given last */
	__u32 nr_stats;			/* CPUs with the kernel's counts of their buffers */
	__u64 stats_lost;		/* as these counts say */
	__u64 pages_lost;		/* as the pages say */
};

/* Bytes of a file, unpacked if they were not. */
struct pgmap_dat_section {
	struct pgmap_bytes bytes;
	void *memory;	/* what to free */
};

/*
 * ---- trace_dat_head.c: what comes before the records. Each returns 0, or a negative errno
 * with the reason in @why.
 */
int pgmap_dat_read_head(struct pgmap_file_reader *reader, char why[PGMAP_WHY_LEN]);

/* ---- trace_dat_parts.c: the parts that both versions have, in different places ---- */
int pgmap_dat_names(struct pgmap_file_reader *reader, struct pgmap_bytes *from);

/* An option of a kind that both have; others pass. */
void pgmap_dat_option(struct pgmap_file_reader *reader, __u16 id, char *text);

/* Adds the @size bytes at @start as the records of @cpu. */
int pgmap_dat_add_cpu(struct pgmap_file_reader *reader, __u32 cpu, __u64 start, __u64 size,
		      char why[PGMAP_WHY_LEN]);

/* ---- trace_dat_packing.c ---- */

/* Returns 0, or -ENOTSUP: no such packing is known. */
int pgmap_dat_packing_of(const char *name, enum pgmap_dat_packing *packing);

/* @from_size bytes into exactly @to_size. Returns 0 or -EBADMSG. */
int pgmap_dat_unpack(enum pgmap_dat_packing packing, const void *from, size_t from_size,
		     void *to, size_t to_size);

/* The section at @offset, if it is number @id. Returns 0 or a negative errno. */
int pgmap_dat_section_open(const struct pgmap_file_reader *reader, __u64 offset, __u16 id,
			   struct pgmap_dat_section *section);

#endif
