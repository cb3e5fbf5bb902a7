// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file source: trace records that were written down earlier, by whatever wrote them. Its
 * time is that of the records; it keeps none of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pgmap/names.h>

#include "file_reader.h"
#include "filter.h"
#include "marks.h"
#include "surroundings.h"
#include "trace_feed.h"

#define TICK_EVERY_NS	1000000000ULL
/* Where nothing happens for longer, nobody needs each second of it. */
#define MOST_TICKS	3600ULL

enum { AT_ONCE = 16384 };	/* records, so that a signal is heard */

struct pgmap_source {
	struct pgmap_file_info info;
	struct pgmap_trace_feed feed;
	const struct pgmap_file_reader_ops *ops;
	struct pgmap_file_reader *reader;
	struct pgmap_file_record record;	/* the next one */
	int state;			/* 1: there is one, 0: that was all, or a negative errno */
	int fd;
	__u64 now_ns;			/* of the newest record of any kind */
	__u64 last_tick_ns;
	__u64 marked_lost;		/* as a mark says */
	bool complete;			/* as a mark says */
	struct pgmap_source_options options;
	char why[PGMAP_WHY_LEN];
	char failure[PGMAP_WHY_LEN];
};

static const struct pgmap_file_reader_ops *const kinds[] = {
	&pgmap_file_trace_dat,
	&pgmap_file_perf_data,
	&pgmap_file_perf_foreign,
};

static int explain(const struct pgmap_source_options *options, char *to, size_t size,
		   const char *reason, int err)
{
	snprintf(to, size, "cannot replay %.200s: %.280s", options->file, reason);
	return err;
}

/* ---- records ---- */

static void step(struct pgmap_source *source)
{
	source->state = source->ops->next(source->reader, &source->record, source->why);
	if (source->state < 0)
		explain(&source->options, source->failure, sizeof(source->failure), source->why,
			0);
	if (source->state > 0 && source->record.time_ns > source->now_ns)
		source->now_ns = source->record.time_ns;
}

static int give_older(struct pgmap_source *source, const struct pgmap_source_older *older,
		      const struct pgmap_sink *sink)
{
	if (!pgmap_source_wants(&source->options, older->pgmap, older->type, older->driver))
		return 0;
	return pgmap_trace_feed_older(&source->feed, older, source->record.time_ns, sink);
}

static int give_mark(struct pgmap_source *source, const struct pgmap_sink *sink)
{
	const struct pgmap_file_record *record = &source->record;
	size_t offset = source->info.mark_offset;
	struct pgmap_mark mark;
	const char *text;
	__u16 id;

	if (record->size < sizeof(id) || record->size < offset)
		return 0;
	memcpy(&id, record->data, sizeof(id));
	if (!source->info.mark_id || id != source->info.mark_id)
		return 0;
	text = (const char *)record->data + offset;
	pgmap_mark_read(text, strnlen(text, record->size - offset), &mark);
	if (mark.kind == PGMAP_MARK_OLDER)
		return give_older(source, &mark.older, sink);
	source->complete |= mark.complete;
	source->marked_lost += mark.lost;
	return 0;
}

/* Time goes by between records, too. */
static int tick(struct pgmap_source *source, const struct pgmap_sink *sink)
{
	struct pgmap_event ev = { .event = PGMAP_EVENT_TICK };
	__u64 now = source->record.time_ns;
	int err = 0;

	if (now > source->last_tick_ns && now - source->last_tick_ns > MOST_TICKS * TICK_EVERY_NS)
		source->last_tick_ns = now - MOST_TICKS * TICK_EVERY_NS;
	while (!err && now > source->last_tick_ns && now - source->last_tick_ns > TICK_EVERY_NS) {
		source->last_tick_ns += TICK_EVERY_NS;
		ev.time_ns = source->last_tick_ns;
		err = sink->event(sink->context, &ev);
	}
	return err;
}

static int deliver(struct pgmap_source *source, const struct pgmap_sink *sink)
{
	const struct pgmap_file_record *from = &source->record;
	struct pgmap_trace_record record;
	int is_ours = pgmap_trace_feed_parse(&source->feed, from->data, from->size, from->time_ns,
					     &record);
	int err;

	if (is_ours < 0)
		return explain(&source->options, source->failure, sizeof(source->failure),
			       "it is damaged: a record ends before its fields do", is_ours);
	err = tick(source, sink);
	if (err)
		return err;
	if (!is_ours)
		return give_mark(source, sink);
	if (!pgmap_source_wants(&source->options, record.ev.pgmap, record.ev.type, record.driver))
		return 0;
	pgmap_thread_names_fill(&source->info.names, &record.ev, from->cpu);
	return pgmap_trace_feed_give(&source->feed, &record, sink);
}

static int file_read(struct pgmap_source *source, __u64 now_ns, const struct pgmap_sink *sink)
{
	int nr, err = 0;

	(void)now_ns;
	for (nr = 0; nr < AT_ONCE && source->state > 0 && !err; nr++) {
		err = deliver(source, sink);
		if (!err)
			step(source);
	}
	return source->state < 0 && !err ? source->state : err;
}

static int file_read_counts(struct pgmap_source *source, const struct pgmap_sink *sink)
{
	__u64 lost = source->ops->lost(source->reader);

	if (source->marked_lost > lost)
		lost = source->marked_lost;
	pgmap_trace_feed_counts(&source->feed, lost, sink);
	return 0;
}

/* ---- opening ---- */

static int recognise(struct pgmap_source *source)
{
	char magic[16];
	ssize_t got = pread(source->fd, magic, sizeof(magic), 0);
	size_t i;

	if (got < 0)
		return -errno;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if ((size_t)got >= kinds[i]->magic_size &&
		    !memcmp(magic, kinds[i]->magic, kinds[i]->magic_size))
			source->ops = kinds[i];
	return 0;
}

static int open_reader(struct pgmap_source *source, char reason[PGMAP_WHY_LEN])
{
	struct stat status;
	int err;

	source->fd = open(source->options.file, O_RDONLY | O_CLOEXEC);
	err = source->fd < 0 || fstat(source->fd, &status) ? -errno : 0;
	if (!err && S_ISREG(status.st_mode))
		err = recognise(source);
	if (err) {
		snprintf(reason, PGMAP_WHY_LEN, "%s", strerror(-err));
		return err;
	}
	if (!S_ISREG(status.st_mode) || !status.st_size || !source->ops) {
		snprintf(reason, PGMAP_WHY_LEN, "%s",
			 !S_ISREG(status.st_mode) ? "it is no regular file" :
			 !status.st_size ? "it is empty" :
			 "it is no trace.dat and no perf.data; see pgmapstat replay --help");
		return -EINVAL;
	}
	err = source->ops->open(&source->reader, source->fd, status.st_size, &source->info, reason);
	source->feed.formats = source->info.formats;
	return err;
}

static void file_free(struct pgmap_source *source)
{
	if (!source)
		return;
	if (source->ops)
		source->ops->free(source->reader);
	if (source->fd >= 0)
		close(source->fd);
	pgmap_thread_names_free(&source->info.names);
	pgmap_trace_feed_free(&source->feed);
	free(source);
}

static int open_all(struct pgmap_source *source, char why[PGMAP_WHY_LEN])
{
	char reason[PGMAP_WHY_LEN] = "";
	int err;

	if (source->options.probe_get) {
		snprintf(why, PGMAP_WHY_LEN,
			 "a file has no probe of get_dev_pagemap(): leave out --probe-get");
		return -ENOTSUP;
	}
	err = open_reader(source, reason);
	if (err)
		return explain(&source->options, why, PGMAP_WHY_LEN, reason, err);
	step(source);
	if (source->state < 0)
		return explain(&source->options, why, PGMAP_WHY_LEN, source->why, source->state);
	source->last_tick_ns = source->now_ns;
	return 0;
}

static int file_open(struct pgmap_source **opened, const struct pgmap_source_options *options,
		     char why[PGMAP_WHY_LEN])
{
	struct pgmap_source *source = calloc(1, sizeof(*source));
	int err;

	*opened = NULL;
	if (!source)
		return explain(options, why, PGMAP_WHY_LEN, "there is no memory for that", -ENOMEM);
	source->options = *options;
	source->fd = -1;
	err = open_all(source, why);
	if (err)
		file_free(source);
	else
		*opened = source;
	return err;
}

/* ---- about it ---- */

static int file_check(char why[PGMAP_WHY_LEN])
{
	*why = 0;
	return 0;
}

static __u32 file_sight(const struct pgmap_source *source)
{
	(void)source;
	return PGMAP_SIGHT_ALL;
}

static int file_fd(const struct pgmap_source *source)
{
	(void)source;
	return -1;
}

static bool file_is_holding(const struct pgmap_source *source)
{
	return source->state > 0;
}

static __u64 file_now(const struct pgmap_source *source)
{
	return source->now_ns;
}

static bool file_is_complete(const struct pgmap_source *source)
{
	return source->complete;
}

static const char *file_failure(const struct pgmap_source *source)
{
	return *source->failure ? source->failure : NULL;
}

static size_t file_facts(const struct pgmap_source *source,
			 struct pgmap_fact facts[PGMAP_MAX_FACTS])
{
	const struct pgmap_fact all[] = {
		pgmap_fact("backend", "%s (replayed)", source->ops->name),
		pgmap_fact("file", "%s", source->options.file),
		pgmap_fact("kernel", "%s", source->info.kernel),
		pgmap_fact("machine", "%s", source->info.machine),
		pgmap_fact("cpus", "%u", source->info.cpus),
		pgmap_fact("clock", "%s", source->info.clock),
	};

	memcpy(facts, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

const struct pgmap_source_ops pgmap_source_file = {
	.name = "file",
	.groups = 1 << PGMAP_BY_COMM | 1 << PGMAP_BY_CPU,
	.check = file_check,
	.open = file_open,
	.sight = file_sight,
	.fd = file_fd,
	.read = file_read,
	.is_holding = file_is_holding,
	.read_counts = file_read_counts,
	.now = file_now,
	.is_complete = file_is_complete,
	.failure = file_failure,
	.facts = file_facts,
	.free = file_free,
};
