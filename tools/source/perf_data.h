/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the reader of perf.data share this and nobody else includes it. */
#ifndef PGMAP_SOURCE_PERF_DATA_H
#define PGMAP_SOURCE_PERF_DATA_H

#include "file_reader.h"
#include "perf_packed.h"
#include "perf_queue.h"

/* What a sample has, in this order; the numbers are ABI of the kernel (linux/perf_event.h). */
struct pgmap_perf_attr {
	__u64 sample_type;
	bool is_ours;		/* a tracepoint that is described */
};

struct pgmap_perf_id {
	__u64 id;
	__u32 attr;
};

struct pgmap_file_reader {
	int fd;
	__u64 size;		/* of the file */
	struct pgmap_file_info *info;
	struct pgmap_perf_attr *attrs;
	__u32 nr_attrs;
	struct pgmap_perf_id *ids;	/* ascending */
	size_t nr_ids;
	bool is_identified;	/* each record says by number whose it is */
	unsigned char *window;	/* a part of the records */
	size_t have;		/* bytes in it */
	size_t used;		/* of them, already read */
	__u64 at;		/* in the file: behind the window ... */
	__u64 end;		/* ... and behind the records */
	struct pgmap_perf_packed packed;	/* what a piece of the window holds */
	struct pgmap_perf_queue queue;
	struct pgmap_perf_item *given;	/* whose bytes the caller has */
	__u64 newest_ns;	/* of all records so far */
	__u64 round_ns;		/* the same, when the last round ended */
	__u64 until_ns;		/* older ones have all come */
	__u64 lost;
};

/*
 * ---- perf_head.c: all but the records. Returns 0, or a negative errno with the reason in @why.
 */
int pgmap_perf_read_head(struct pgmap_file_reader *reader, char why[PGMAP_WHY_LEN]);

/* ---- perf_record.c: what is in one record; each without trust in it ---- */

/* A sample's fields, as far as they are needed. */
struct pgmap_perf_sample {
	__u64 time_ns;
	__u32 pid;
	__u32 tid;
	__u32 cpu;
	const unsigned char *raw;	/* the trace record */
	__u32 raw_size;
};

/* Which of @reader's attributes a sample has, by its number; -EBADMSG: none. */
int pgmap_perf_attr_of_sample(const struct pgmap_file_reader *reader, const void *data,
			      size_t size);

/* @data: behind the header. Returns 0 or -EBADMSG. */
int pgmap_perf_parse_sample(const struct pgmap_perf_attr *attr, const void *data, size_t size,
			    struct pgmap_perf_sample *sample);

/* When a record that is no sample was written; 0: it does not say. */
__u64 pgmap_perf_time_of(const struct pgmap_file_reader *reader, const void *data, size_t size);

#endif
