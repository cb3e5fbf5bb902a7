// SPDX-License-Identifier: GPL-2.0-only
/* Fields of perf's records: which are there, and in which order, sample_type says. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>

#include "perf_data.h"

static int compare_ids(const void *a, const void *b)
{
	__u64 x = ((const struct pgmap_perf_id *)a)->id, y = ((const struct pgmap_perf_id *)b)->id;

	return x < y ? -1 : x > y;
}

static int attr_of(const struct pgmap_file_reader *reader, __u64 id)
{
	struct pgmap_perf_id key = { .id = id };
	const struct pgmap_perf_id *found;

	found = reader->nr_ids ? bsearch(&key, reader->ids, reader->nr_ids, sizeof(key),
					 compare_ids) : NULL;
	return found ? (int)found->attr : -EBADMSG;
}

int pgmap_perf_attr_of_sample(const struct pgmap_file_reader *reader, const void *data,
			      size_t size)
{
	__u64 id;

	if (!reader->is_identified)
		return 0;
	if (size < sizeof(id))
		return -EBADMSG;
	memcpy(&id, data, sizeof(id));
	return attr_of(reader, id);
}

/* Passes the fields of @which that the sample has, each one word. */
static void skip_words(struct pgmap_bytes *from, __u64 sample_type, __u64 which)
{
	pgmap_bytes_skip(from, (__u64)__builtin_popcountll(sample_type & which) * sizeof(__u64));
}

int pgmap_perf_parse_sample(const struct pgmap_perf_attr *attr, const void *data, size_t size,
			    struct pgmap_perf_sample *sample)
{
	struct pgmap_bytes from = pgmap_bytes_of_memory(data, size);
	__u64 has = attr->sample_type, frames;

	memset(sample, 0, sizeof(*sample));
	skip_words(&from, has, PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP);
	if (has & PERF_SAMPLE_TID) {
		sample->pid = pgmap_bytes_32(&from);
		sample->tid = pgmap_bytes_32(&from);
	}
	if (has & PERF_SAMPLE_TIME)
		sample->time_ns = pgmap_bytes_64(&from);
	skip_words(&from, has, PERF_SAMPLE_ADDR | PERF_SAMPLE_ID | PERF_SAMPLE_STREAM_ID);
	if (has & PERF_SAMPLE_CPU)
		sample->cpu = pgmap_bytes_64(&from);
	skip_words(&from, has, PERF_SAMPLE_PERIOD);
	if (has & PERF_SAMPLE_CALLCHAIN) {
		frames = pgmap_bytes_64(&from);
		pgmap_bytes_skip(&from, frames < size ? frames * sizeof(__u64) : ~0ULL);
	}
	if (has & PERF_SAMPLE_RAW) {
		sample->raw_size = pgmap_bytes_32(&from);
		sample->raw = from.memory + from.at;
		pgmap_bytes_skip(&from, sample->raw_size);
	}
	return from.failed ? -EBADMSG : 0;
}

__u64 pgmap_perf_time_of(const struct pgmap_file_reader *reader, const void *data, size_t size)
{
	__u64 has = reader->attrs[0].sample_type, id, time_ns, after;
	const unsigned char *end = (const unsigned char *)data + size;
	int attr;

	if (reader->is_identified && size >= sizeof(id)) {
		memcpy(&id, end - sizeof(id), sizeof(id));
		attr = attr_of(reader, id);
		if (attr >= 0)
			has = reader->attrs[attr].sample_type;
	}
	/* the time, and what follows it */
	after = 1 + __builtin_popcountll(has & (PERF_SAMPLE_ID | PERF_SAMPLE_STREAM_ID |
						PERF_SAMPLE_CPU | PERF_SAMPLE_IDENTIFIER));
	if (!(has & PERF_SAMPLE_TIME) || size < after * sizeof(time_ns))
		return 0;
	memcpy(&time_ns, end - after * sizeof(time_ns), sizeof(time_ns));
	return time_ns;
}
