// SPDX-License-Identifier: GPL-2.0-only
/* Samples of perf.data, as perf record writes it, in order of time. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perf_data.h"

/* Of which a record fits in, whatever its size. */
enum { WINDOW = 256 << 10 };

/* Records that perf makes up itself: numbers from 64 on. */
enum {
	TRACING_DATA	= 66,	/* followed by what its header does not count, as the next one */
	FINISHED_ROUND	= 68,
	AUXTRACE	= 71,
	COMPRESSED	= 81,
	COMPRESSED_2	= 83,
};

static int damaged(const struct pgmap_file_reader *reader, char why[PGMAP_WHY_LEN])
{
	snprintf(why, PGMAP_WHY_LEN, "the file is broken: the records before byte %llu make no sense",
		 reader->at - reader->have + reader->used);
	return -EBADMSG;
}

/* ---- bytes ---- */

/* Has at least @size of them in the window behind what is used. */
static bool fill(struct pgmap_file_reader *reader, size_t size)
{
	struct pgmap_bytes from = pgmap_bytes_of_file(reader->fd, reader->at, reader->end);
	size_t left = reader->have - reader->used, more;

	if (left >= size)
		return true;
	memmove(reader->window, reader->window + reader->used, left);
	more = WINDOW - left;
	if (more > reader->end - reader->at)
		more = reader->end - reader->at;
	pgmap_bytes_take(&from, reader->window + left, more);
	reader->used = 0;
	reader->have = left + more;
	reader->at += more;
	return !from.failed && reader->have >= size;
}

/* The next record of the file. Returns false when there is none. */
static bool take_plain(struct pgmap_file_reader *reader, struct pgmap_perf_raw *record)
{
	struct perf_event_header header;

	if (!fill(reader, sizeof(header)))
		return false;
	memcpy(&header, reader->window + reader->used, sizeof(header));
	if (header.size < sizeof(header) || !fill(reader, header.size))
		return false;
	*record = (struct pgmap_perf_raw){
		.type = header.type, .size = header.size - sizeof(header),
		.body = reader->window + reader->used + sizeof(header),
	};
	reader->used += header.size;
	return true;
}

/* Puts what is packed in @record where it is taken from next. */
static int open_packed(struct pgmap_file_reader *reader, const struct pgmap_perf_raw *record)
{
	struct pgmap_bytes from = pgmap_bytes_of_memory(record->body, record->size);
	/* one kind is padded, and says how much is not */
	__u64 size = record->type == COMPRESSED_2 ? pgmap_bytes_64(&from) : record->size;

	if (from.failed || size > from.end - from.at)
		return -EBADMSG;
	return pgmap_perf_packed_put(&reader->packed, record->body + from.at, size);
}

/*
 * The next record, packed or not. Returns 1, 0: there is none, which is an error unless all
 * has been read, or a negative errno.
 */
static int take(struct pgmap_file_reader *reader, struct pgmap_perf_raw *record)
{
	int got;

	while (!(got = pgmap_perf_packed_take(&reader->packed, record))) {
		if (!take_plain(reader, record))
			return 0;
		if (record->type != COMPRESSED && record->type != COMPRESSED_2)
			return 1;
		got = open_packed(reader, record);
		if (got)
			return got;
	}
	return got;
}

/* ---- records ---- */

static void count_lost(struct pgmap_file_reader *reader, const struct pgmap_perf_raw *record)
{
	struct pgmap_bytes from = pgmap_bytes_of_memory(record->body, record->size);

	if (record->type == PERF_RECORD_LOST)
		pgmap_bytes_skip(&from, sizeof(__u64));
	reader->lost += pgmap_bytes_64(&from);
}

/* Returns 1, 0: it is not ours, or -EBADMSG. */
static int read_sample(const struct pgmap_file_reader *reader, const struct pgmap_perf_raw *record,
		       struct pgmap_perf_item *item)
{
	struct pgmap_perf_sample sample;
	int attr = pgmap_perf_attr_of_sample(reader, record->body, record->size);

	if (attr < 0 || !reader->attrs[attr].is_ours)
		return attr < 0 ? attr : 0;
	if (pgmap_perf_parse_sample(&reader->attrs[attr], record->body, record->size, &sample))
		return -EBADMSG;
	item->attr = attr;
	item->time_ns = sample.time_ns;
	return 1;
}

static int keep(struct pgmap_file_reader *reader, const struct pgmap_perf_raw *record,
		char why[PGMAP_WHY_LEN])
{
	struct pgmap_perf_item item = { .type = record->type, .size = record->size };
	int is_ours = 1;

	if (record->type == PERF_RECORD_SAMPLE)
		is_ours = read_sample(reader, record, &item);
	else
		item.time_ns = pgmap_perf_time_of(reader, record->body, record->size);
	if (is_ours < 0)
		return damaged(reader, why);
	if (!is_ours)
		return 0;
	if (item.time_ns > reader->newest_ns)
		reader->newest_ns = item.time_ns;
	return pgmap_perf_queue_push(&reader->queue, &item, record->body);
}

static int take_in(struct pgmap_file_reader *reader, const struct pgmap_perf_raw *record,
		   char why[PGMAP_WHY_LEN])
{
	switch (record->type) {
	case PERF_RECORD_SAMPLE:
	case PERF_RECORD_COMM:
	case PERF_RECORD_FORK:
		return keep(reader, record, why);
	case PERF_RECORD_LOST:
	case PERF_RECORD_LOST_SAMPLES:
		count_lost(reader, record);
		return 0;
	case COMPRESSED:
	case COMPRESSED_2:
		/* packed twice */
		return damaged(reader, why);
	case TRACING_DATA:
	case AUXTRACE:
		snprintf(why, PGMAP_WHY_LEN,
			 "it holds more than tracepoints: perf record -a -e 'memremap:*' alone");
		return -ENOTSUP;
	default:
		return 0;
	}
}

/* Reads on until a record is due. Returns 1, 0: all have been read, or a negative errno. */
static int read_on(struct pgmap_file_reader *reader, char why[PGMAP_WHY_LEN])
{
	struct pgmap_perf_raw record;
	int err = take(reader, &record);

	if (err < 0)
		return err == -EBADMSG ? damaged(reader, why) : err;
	if (!err) {
		if (reader->at != reader->end || reader->used != reader->have ||
		    !pgmap_perf_packed_is_over(&reader->packed))
			return damaged(reader, why);
		reader->until_ns = ~0ULL;
		return 0;
	}
	if (record.type == FINISHED_ROUND) {
		/* a buffer that was read early in a round may lack what another one has of it */
		reader->until_ns = reader->round_ns;
		reader->round_ns = reader->newest_ns;
		return 1;
	}
	err = take_in(reader, &record, why);
	return err ? err : 1;
}

/* ---- names ---- */

static int note_comm(struct pgmap_file_reader *reader, const struct pgmap_perf_item *item)
{
	struct pgmap_bytes from = pgmap_bytes_of_memory(item->data, item->size);
	__u32 pid = pgmap_bytes_32(&from), tid = pgmap_bytes_32(&from);
	char comm[PGMAP_COMM_LEN];

	pgmap_bytes_text(&from, comm, sizeof(comm));
	return tid && !from.failed ? pgmap_thread_names_note(&reader->info->names, tid, pid, comm) :
		0;
}

/* A new thread has the name of the one that made it. */
static int note_fork(struct pgmap_file_reader *reader, const struct pgmap_perf_item *item)
{
	struct pgmap_bytes from = pgmap_bytes_of_memory(item->data, item->size);
	struct pgmap_event parent = { 0 };
	__u32 pid = pgmap_bytes_32(&from), tid;

	pgmap_bytes_skip(&from, sizeof(__u32));
	tid = pgmap_bytes_32(&from);
	parent.tid = pgmap_bytes_32(&from);
	if (!tid || from.failed)
		return 0;
	if (parent.tid)
		pgmap_thread_names_fill(&reader->info->names, &parent, 0);
	return pgmap_thread_names_note(&reader->info->names, tid, pid, parent.comm);
}

/* ---- the reader ---- */

static int give(struct pgmap_file_reader *reader, struct pgmap_file_record *record)
{
	const struct pgmap_perf_item *item = reader->given;
	struct pgmap_perf_sample sample;
	int err = 0;

	if (item->type == PERF_RECORD_COMM)
		return note_comm(reader, item);
	if (item->type == PERF_RECORD_FORK)
		return note_fork(reader, item);
	/* it could be parsed when it came */
	pgmap_perf_parse_sample(&reader->attrs[item->attr], item->data, item->size, &sample);
	if (sample.tid)
		err = pgmap_thread_names_note(&reader->info->names, sample.tid, sample.pid, NULL);
	*record = (struct pgmap_file_record){
		.data = sample.raw, .size = sample.raw_size, .time_ns = sample.time_ns,
		.cpu = sample.cpu,
	};
	return err ? err : 1;
}

static int perf_data_next(struct pgmap_file_reader *reader, struct pgmap_file_record *record,
			  char why[PGMAP_WHY_LEN])
{
	int more = 1, got;

	for (;;) {
		free(reader->given);
		reader->given = pgmap_perf_queue_pop(&reader->queue, reader->until_ns);
		if (reader->given) {
			got = give(reader, record);
			if (got)
				break;
			continue;
		}
		if (!more)
			return 0;
		more = read_on(reader, why);
		got = more;
		if (more < 0)
			break;
	}
	if (got == -ENOMEM || got == -ENOSPC)
		snprintf(why, PGMAP_WHY_LEN, "there is no memory for that");
	return got;
}

static __u64 perf_data_lost(const struct pgmap_file_reader *reader)
{
	return reader->lost;
}

static void perf_data_free(struct pgmap_file_reader *reader)
{
	if (!reader)
		return;
	free(reader->attrs);
	free(reader->ids);
	free(reader->window);
	free(reader->given);
	pgmap_perf_packed_free(&reader->packed);
	pgmap_perf_queue_free(&reader->queue);
	free(reader);
}

static int perf_data_open(struct pgmap_file_reader **opened, int fd, __u64 size,
			  struct pgmap_file_info *info, char why[PGMAP_WHY_LEN])
{
	struct pgmap_file_reader *reader = calloc(1, sizeof(*reader));
	int err = -ENOMEM;

	*opened = NULL;
	*why = 0;
	if (reader) {
		*reader = (struct pgmap_file_reader){ .fd = fd, .size = size, .info = info };
		reader->window = malloc(WINDOW);
	}
	if (reader && reader->window)
		err = pgmap_perf_read_head(reader, why);
	else
		snprintf(why, PGMAP_WHY_LEN, "there is no memory for that");
	if (err)
		perf_data_free(reader);
	else
		*opened = reader;
	return err;
}

const struct pgmap_file_reader_ops pgmap_file_perf_data = {
	.name = "perf.data",
	.magic = "PERFILE2",
	.magic_size = 8,
	.open = perf_data_open,
	.next = perf_data_next,
	.lost = perf_data_lost,
	.free = perf_data_free,
};

static int foreign_open(struct pgmap_file_reader **opened, int fd, __u64 size,
			struct pgmap_file_info *info, char why[PGMAP_WHY_LEN])
{
	(void)fd;
	(void)size;
	(void)info;
	*opened = NULL;
	snprintf(why, PGMAP_WHY_LEN,
		 "it is of a machine with the other byte order: replay it there");
	return -ENOTSUP;
}

const struct pgmap_file_reader_ops pgmap_file_perf_foreign = {
	.name = "perf.data",
	.magic = "2ELIFREP",
	.magic_size = 8,
	.open = foreign_open,
	.free = perf_data_free,
};
