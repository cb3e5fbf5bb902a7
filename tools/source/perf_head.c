// SPDX-License-Identifier: GPL-2.0-only
/* The start of perf.data, what was asked to be recorded, and the features at its end. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pgmap/names.h>

#include "perf_data.h"

/* The attributes of an event on one CPU take more than 100 bytes; 64K of them are enough. */
enum { HEAD_SIZE = 104, MOST_ATTRS = 1 << 16, MOST_IDS = 1 << 20, MAGIC_SIZE = 8 };

enum { NR_FEATURES = 256, TRACE_MAGIC_SIZE = 10 };

/* Numbers of features; they are ABI of perf. */
enum feature {
	FEATURE_TRACING_DATA	= 1,
	FEATURE_RELEASE		= 4,
	FEATURE_MACHINE		= 6,
	FEATURE_CPUS		= 7,
};

struct section {
	__u64 offset;
	__u64 size;
};

static struct section take_section(struct pgmap_bytes *from)
{
	struct section section = { .offset = pgmap_bytes_64(from) };

	section.size = pgmap_bytes_64(from);
	return section;
}

static struct pgmap_bytes open_section(const struct pgmap_file_reader *reader,
				       const struct section *section)
{
	__u64 left = section->offset < reader->size ? reader->size - section->offset : 0;
	struct pgmap_bytes bytes;

	bytes = pgmap_bytes_of_file(reader->fd, section->offset, section->offset + section->size);
	if (section->size > left)
		bytes.failed = true;
	return bytes;
}

static int refuse(char why[PGMAP_WHY_LEN], int err, const char *reason)
{
	if (!*why)
		snprintf(why, PGMAP_WHY_LEN, "%s", reason);
	return err;
}

/* ---- what was asked for ---- */

static int take_ids(struct pgmap_file_reader *reader, const struct section *where, __u32 attr)
{
	struct pgmap_bytes from = open_section(reader, where);
	size_t nr = where->size / sizeof(__u64), i;
	struct pgmap_perf_id *more;

	if (from.failed || nr > MOST_IDS - reader->nr_ids)
		return -EBADMSG;
	more = reallocarray(reader->ids, reader->nr_ids + nr + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	reader->ids = more;
	for (i = 0; i < nr; i++)
		more[reader->nr_ids++] = (struct pgmap_perf_id){ pgmap_bytes_64(&from), attr };
	return from.failed ? -EBADMSG : 0;
}

static int check_attr(const struct perf_event_attr *attr, char why[PGMAP_WHY_LEN])
{
	__u64 needed = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU | PERF_SAMPLE_RAW;

	/* what a pagemap goes through happens anywhere, also in interrupts */
	if (attr->enable_on_exec)
		return refuse(why, -ENOTSUP, "it has only what the command itself did: perf record -a");
	if ((attr->sample_type & needed) != needed || attr->sample_type & PERF_SAMPLE_READ)
		return refuse(why, -ENOTSUP, "its samples lack thread, time, CPU or record, or hold counts: perf record -a -e 'memremap:*'");
	return 0;
}

static const struct pgmap_trace_format *format_of(const struct pgmap_file_reader *reader,
						  const struct perf_event_attr *attr)
{
	if (attr->type != PERF_TYPE_TRACEPOINT || attr->config > 0xffff)
		return NULL;
	return pgmap_trace_format_of(&reader->info->formats, attr->config);
}

static int take_attr(struct pgmap_file_reader *reader, struct pgmap_bytes *from, __u64 size,
		     __u32 *seen, char why[PGMAP_WHY_LEN])
{
	struct perf_event_attr attr = { 0 };
	size_t known = size - sizeof(struct section);
	const struct pgmap_trace_format *format;
	struct section ids;
	int err = 0;

	if (known > sizeof(attr))
		known = sizeof(attr);
	pgmap_bytes_take(from, &attr, known);
	pgmap_bytes_skip(from, size - sizeof(struct section) - known);
	ids = take_section(from);
	if (from->failed)
		return -EBADMSG;
	format = format_of(reader, &attr);
	if (format) {
		*seen |= 1U << format->event;
		err = check_attr(&attr, why);
	}
	reader->attrs[reader->nr_attrs++] = (struct pgmap_perf_attr){
		.sample_type = attr.sample_type, .is_ours = format,
	};
	return err ? err : take_ids(reader, &ids, reader->nr_attrs - 1);
}

static int compare_ids(const void *a, const void *b)
{
	__u64 x = ((const struct pgmap_perf_id *)a)->id, y = ((const struct pgmap_perf_id *)b)->id;

	return x < y ? -1 : x > y;
}

/* Can it be told whose a sample is before it is known what is in it? */
static int check_attrs(struct pgmap_file_reader *reader, __u32 seen, char why[PGMAP_WHY_LEN])
{
	bool alike = true, identified = true;
	__u32 i;
	int id;

	for (id = PGMAP_EVENT_ADD; id < PGMAP_TRACE_NR_FORMATS; id++)
		if (!(seen & 1U << id)) {
			snprintf(why, PGMAP_WHY_LEN,
				 "it has not recorded memremap:%s: perf record -a -e 'memremap:*'",
				 pgmap_event_name(id));
			return -ENOTSUP;
		}
	for (i = 0; i < reader->nr_attrs; i++) {
		alike &= reader->attrs[i].sample_type == reader->attrs[0].sample_type &&
			 reader->attrs[i].is_ours == reader->attrs[0].is_ours;
		identified &= !!(reader->attrs[i].sample_type & PERF_SAMPLE_IDENTIFIER);
	}
	reader->is_identified = identified;
	qsort(reader->ids, reader->nr_ids, sizeof(*reader->ids), compare_ids);
	return alike || identified ? 0 :
		refuse(why, -ENOTSUP, "its samples are of several kinds: perf record -a -e 'memremap:*'");
}

static int take_attrs(struct pgmap_file_reader *reader, const struct section *where, __u64 size,
		      char why[PGMAP_WHY_LEN])
{
	struct pgmap_bytes from = open_section(reader, where);
	__u32 seen = 0;
	__u64 nr;
	int err = 0;

	if (from.failed || size < PERF_ATTR_SIZE_VER0 + sizeof(struct section))
		return -EBADMSG;
	nr = where->size / size;
	if (!nr || nr > MOST_ATTRS)
		return -EBADMSG;
	reader->attrs = calloc(nr, sizeof(*reader->attrs));
	if (!reader->attrs)
		return -ENOMEM;
	for (; nr && !err; nr--)
		err = take_attr(reader, &from, size, &seen, why);
	return err ? err : check_attrs(reader, seen, why);
}

/* ---- features ---- */

/* A copy of what trace.dat begins with, too. */
static int take_tracing_data(struct pgmap_file_reader *reader, struct pgmap_bytes *from,
			     char why[PGMAP_WHY_LEN])
{
	char version[16], name[64];
	int i, err;

	pgmap_bytes_skip(from, TRACE_MAGIC_SIZE);
	pgmap_bytes_text(from, version, sizeof(version));
	/* byte order, size of a long, of a page */
	pgmap_bytes_skip(from, 2 + sizeof(__u32));
	for (i = 0; i < 2; i++) {
		pgmap_bytes_text(from, name, sizeof(name));
		pgmap_bytes_skip(from, pgmap_bytes_64(from));
	}
	err = pgmap_file_read_ftrace_events(reader->info, from);
	if (!err)
		err = pgmap_file_read_events(reader->info, from, why);
	return err;
}

static void take_text(struct pgmap_bytes *from, char text[PGMAP_FILE_TEXT_LEN])
{
	__u32 length = pgmap_bytes_32(from);
	char *copy = pgmap_bytes_copy(from, length, 4096);

	if (copy)
		snprintf(text, PGMAP_FILE_TEXT_LEN, "%s", copy);
	free(copy);
}

static int take_feature(struct pgmap_file_reader *reader, int id, struct pgmap_bytes *from,
			char why[PGMAP_WHY_LEN])
{
	switch (id) {
	case FEATURE_TRACING_DATA:
		return take_tracing_data(reader, from, why);
	case FEATURE_RELEASE:
		take_text(from, reader->info->kernel);
		return 0;
	case FEATURE_MACHINE:
		take_text(from, reader->info->machine);
		return 0;
	case FEATURE_CPUS:
		pgmap_bytes_skip(from, sizeof(__u32));
		reader->info->cpus = pgmap_bytes_32(from);
		return 0;
	default:
		return 0;
	}
}

/* Their places are behind the records, in order of their numbers. */
static int take_features(struct pgmap_file_reader *reader, const __u64 *bits, __u64 offset,
			 char why[PGMAP_WHY_LEN])
{
	struct pgmap_bytes places = pgmap_bytes_of_file(reader->fd, offset, reader->size), one;
	struct section where;
	int id, err = 0;

	for (id = 0; id < NR_FEATURES && !err; id++) {
		if (!(bits[id / 64] >> id % 64 & 1))
			continue;
		where = take_section(&places);
		one = open_section(reader, &where);
		err = places.failed || one.failed ? -EBADMSG : take_feature(reader, id, &one, why);
	}
	return err;
}

/* ---- all of it ---- */

static int read_head(struct pgmap_file_reader *reader, char why[PGMAP_WHY_LEN])
{
	struct pgmap_bytes from = pgmap_bytes_of_file(reader->fd, 0, reader->size);
	__u64 size, attr_size, bits[NR_FEATURES / 64];
	struct section attrs, data;
	int err;

	pgmap_bytes_skip(&from, MAGIC_SIZE);
	size = pgmap_bytes_64(&from);
	if (!from.failed && size == 16)
		return refuse(why, -ENOTSUP, "perf wrote it into a pipe: perf record -o FILE");
	attr_size = pgmap_bytes_64(&from);
	attrs = take_section(&from);
	data = take_section(&from);
	take_section(&from);
	pgmap_bytes_take(&from, bits, sizeof(bits));
	if (from.failed || size != HEAD_SIZE || data.offset > reader->size)
		return -EBADMSG;
	if (!data.size || data.size > reader->size - data.offset)
		return refuse(why, -EBADMSG, "it is cut off: perf was killed, or not all was copied; record again");
	reader->at = data.offset;
	reader->end = data.offset + data.size;
	err = take_features(reader, bits, reader->end, why);
	if (!err && !reader->info->formats.all[PGMAP_EVENT_ADD].event)
		return refuse(why, -ENOTSUP, "it has no tracepoints of system memremap: perf record -a -e 'memremap:*'");
	return err ? err : take_attrs(reader, &attrs, attr_size, why);
}

int pgmap_perf_read_head(struct pgmap_file_reader *reader, char why[PGMAP_WHY_LEN])
{
	int err = read_head(reader, why);

	if (!err)
		return 0;
	return refuse(why, err, err == -ENOMEM ? "there is no memory for that" :
						 "it is cut off or damaged: record again");
}
