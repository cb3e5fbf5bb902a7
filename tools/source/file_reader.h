/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kinds of files with trace records have in common: each gives records in order of
 * time, and says once where they come from. A new kind is one of these and a row in file.c.
 */
#ifndef PGMAP_SOURCE_FILE_READER_H
#define PGMAP_SOURCE_FILE_READER_H

#include "bytes.h"
#include "source.h"
#include "thread_names.h"
#include "trace_format.h"

enum { PGMAP_FILE_TEXT_LEN = 80 };

/* Filled in when a file is opened. */
struct pgmap_file_info {
	struct pgmap_trace_formats formats;
	struct pgmap_thread_names names;	/* more may come with the records */
	__u16 mark_id;			/* the kernel's number of ftrace:print, or 0: none */
	__u16 mark_offset;		/* of the text in such a record */
	__u32 cpus;			/* 0: not known, as empty texts */
	char kernel[PGMAP_FILE_TEXT_LEN];	/* release */
	char machine[PGMAP_FILE_TEXT_LEN];
	char clock[PGMAP_FILE_TEXT_LEN];
};

struct pgmap_file_record {
	const void *data;	/* as the kernel wrote it; valid up to the next one */
	size_t size;
	__u64 time_ns;
	__u32 cpu;
};

struct pgmap_file_reader;

struct pgmap_file_reader_ops {
	const char *name;
	const char *magic;	/* first bytes of such a file */
	size_t magic_size;
	/*
	 * @fd, of @size bytes, stays the caller's, and open. @info has to stay, too. Returns
	 * 0, or a negative errno with the reason in @why: what follows "cannot replay FILE: ".
	 */
	int (*open)(struct pgmap_file_reader **reader, int fd, __u64 size,
		    struct pgmap_file_info *info, char why[PGMAP_WHY_LEN]);
	/* Returns 1, 0 at the end, or a negative errno with the reason in @why, as above. */
	int (*next)(struct pgmap_file_reader *reader, struct pgmap_file_record *record,
		    char why[PGMAP_WHY_LEN]);
	/* Records of any kind that the file says are missing, so far. */
	__u64 (*lost)(const struct pgmap_file_reader *reader);
	/* Takes NULL. */
	void (*free)(struct pgmap_file_reader *reader);
};

extern const struct pgmap_file_reader_ops pgmap_file_trace_dat;
extern const struct pgmap_file_reader_ops pgmap_file_perf_data;
extern const struct pgmap_file_reader_ops pgmap_file_perf_foreign;

/*
 * ---- file_formats.c: what describes records is the same in all files. Each returns 0 or a
 * negative errno; -EBADMSG: it is damaged.
 */

/* System by system; with the reason in @why if not all of ours are described. */
int pgmap_file_read_events(struct pgmap_file_info *info, struct pgmap_bytes *from,
			   char why[PGMAP_WHY_LEN]);

/* Those of system ftrace, of which print is for marks. */
int pgmap_file_read_ftrace_events(struct pgmap_file_info *info, struct pgmap_bytes *from);

#endif
