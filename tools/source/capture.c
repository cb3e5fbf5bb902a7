// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages go from the kernel's buffers to a nameless file for each CPU, and from there into the
 * one that was asked for, whose head has to know their sizes. Marks have a file of their own,
 * as if of one CPU more, so that their times are in order, too.
 */
#include <errno.h>
#include <event-parse.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <tracefs.h>
#include <unistd.h>

#include "capture.h"
#include "capture_files.h"
#include "clock.h"
#include "trace_dat_write.h"
#include "trace_page.h"
#include "tracefs.h"

enum { PATH_LEN = 256, STATS_LEN = 600 };

struct pgmap_capture {
	const struct pgmap_capture_options *options;
	struct pgmap_trace_instance instance;
	struct pgmap_trace_formats formats;
	struct pgmap_trace_cpus cpus;
	struct pgmap_tasks tasks;
	struct pgmap_thread_names names;
	struct pgmap_dat_marks marks;
	struct pgmap_dat_head head;
	int out;		/* the file that was asked for, or -1 ... */
	bool is_new;		/* ... which was not there before, and has nothing in it yet */
	int *fds;		/* by number of CPU; the last one is for marks */
	char **stats;		/* the same */
	__u32 nr;
	void *page;
	__u64 bytes;
	bool full;
};

static int refuse(const struct pgmap_capture *capture, char why[PGMAP_WHY_LEN],
		  const char *what, int err)
{
	const char *hint = "";

	if (err == -ENOSPC || err == -EDQUOT)
		hint = ": it takes room for twice its records; free some, or bound them by --size";
	snprintf(why, PGMAP_WHY_LEN, "cannot %s %.200s: %s%s", what, capture->options->path,
		 strerror(-err), hint);
	return err;
}

/* ---- files ---- */

static int open_files(struct pgmap_capture *capture)
{
	__u32 i;
	int fd;

	for (i = 0; i < capture->cpus.nr; i++)
		if (capture->cpus.all[i].cpu >= capture->nr)
			capture->nr = capture->cpus.all[i].cpu + 1;
	capture->nr++;
	capture->fds = calloc(capture->nr, sizeof(*capture->fds));
	capture->stats = calloc(capture->nr, sizeof(*capture->stats));
	capture->page = malloc(capture->cpus.page_size);
	capture->marks.page.bytes = malloc(capture->cpus.page_size);
	if (!capture->fds || !capture->stats || !capture->page || !capture->marks.page.bytes)
		return -ENOMEM;
	memset(capture->fds, 0xff, capture->nr * sizeof(*capture->fds));
	for (i = 0; i < capture->nr; i++) {
		fd = pgmap_capture_file_nameless(capture->options->path);
		if (fd < 0)
			return fd;
		capture->fds[i] = fd;
	}
	capture->marks.page.size = capture->cpus.page_size;
	capture->marks.fd = capture->fds[capture->nr - 1];
	return 0;
}

/* ---- the kernel's buffers ---- */

/* Not later: threads end. */
static int note_threads(struct pgmap_capture *capture, size_t size, __u64 now_ns)
{
	const struct pgmap_task *task;
	struct pgmap_trace_page page;
	const void *data;
	size_t length;
	__u32 tid;
	int err = 0;

	if (pgmap_trace_page_open(&page, capture->page, size))
		return -EBADMSG;
	while (!err && pgmap_trace_page_next(&page, &data, &length) > 0) {
		if (length < capture->cpus.pid_offset + sizeof(tid))
			continue;
		memcpy(&tid, (const char *)data + capture->cpus.pid_offset, sizeof(tid));
		task = tid ? pgmap_tasks_look(&capture->tasks, tid, now_ns) : NULL;
		if (task && *task->comm)
			err = pgmap_thread_names_note(&capture->names, tid, task->pid, task->comm);
	}
	return err;
}

static int drain_cpu(struct pgmap_capture *capture, const struct pgmap_trace_cpu *cpu, __u64 now_ns)
{
	size_t size = capture->cpus.page_size;
	__u64 most = capture->options->most_bytes;
	ssize_t got;
	int err = 0;

	while (!err) {
		if (most && capture->bytes + size > most) {
			capture->full = true;
			return 0;
		}
		got = read(cpu->fd, capture->page, size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return !got || errno == EAGAIN ? 0 : -errno;
		err = note_threads(capture, got, now_ns);
		/* each at a multiple of its size, whatever is in it */
		memset((char *)capture->page + got, 0, size - got);
		if (!err)
			err = pgmap_capture_file_put(capture->fds[cpu->cpu], capture->page, size);
		capture->bytes += size;
	}
	return err;
}

static int drain(struct pgmap_capture *capture)
{
	__u64 now_ns = pgmap_source_now_ns();
	__u32 i;
	int err = 0;

	for (i = 0; i < capture->cpus.nr && !err && !capture->full; i++)
		err = drain_cpu(capture, &capture->cpus.all[i], now_ns);
	return err;
}

int pgmap_capture_drain(struct pgmap_capture *capture, char why[PGMAP_WHY_LEN])
{
	int err = drain(capture);

	return err ? refuse(capture, why, "record into", err) : 0;
}

/* ---- marks ---- */

int pgmap_capture_older(struct pgmap_capture *capture, const struct pgmap_source_older *older)
{
	struct pgmap_mark mark = { .kind = PGMAP_MARK_OLDER, .older = *older };

	/* one moment for all of them: they have been found already */
	if (!capture->marks.time_ns)
		capture->marks.time_ns = pgmap_source_now_ns();
	return pgmap_dat_put_mark(&capture->marks, &mark);
}

static int mark_end(struct pgmap_capture *capture, bool complete, __u64 lost)
{
	struct pgmap_mark mark = { .kind = PGMAP_MARK_END, .complete = complete, .lost = lost };
	int err = pgmap_dat_flush_marks(&capture->marks);

	capture->marks.time_ns = pgmap_source_now_ns();
	if (!err)
		err = pgmap_dat_put_mark(&capture->marks, &mark);
	return err ? err : pgmap_dat_flush_marks(&capture->marks);
}

/* ---- the end ---- */

static __u64 number_after(const char *text, const char *key)
{
	const char *found = strstr(text, key);

	return found ? strtoull(found + strlen(key), NULL, 10) : 0;
}

/* What the kernel counted, for the file; and what is missing in it, by that. */
static int take_stats(struct pgmap_capture *capture, __u64 *lost)
{
	const struct pgmap_trace_cpu *cpu;
	char text[STATS_LEN];
	size_t used;
	ssize_t got;
	__u32 i;

	*lost = 0;
	for (i = 0; i < capture->cpus.nr; i++) {
		cpu = &capture->cpus.all[i];
		used = snprintf(text, sizeof(text), "CPU: %u\n", cpu->cpu);
		got = pread(cpu->stats, text + used, sizeof(text) - used - 1, 0);
		if (got < 0)
			return -errno;
		text[used + got] = 0;
		/* once it is full, also what is still in the buffer */
		*lost += pgmap_trace_stats_lost(text) + number_after(text, "\nentries: ");
		capture->stats[cpu->cpu] = strdup(text);
		if (!capture->stats[cpu->cpu])
			return -ENOMEM;
	}
	return 0;
}

static int write_out(const struct pgmap_capture *capture, FILE *out)
{
	struct pgmap_dat_content content = {
		.head = capture->head,
		.page_size = capture->cpus.page_size,
		.names = &capture->names,
		.version = capture->options->version,
		.nr_cpus = capture->nr,
		.fds = capture->fds,
		.stats = capture->stats,
	};

	return pgmap_dat_write(out, &content);
}

static int empty(int fd)
{
	return ftruncate(fd, 0) ? -errno : 0;
}

/* All of it, or nothing: half a recording on a full disk is of use to nobody. */
static int write_file(const struct pgmap_capture *capture)
{
	int fd = dup(capture->out), err;
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (!out) {
		err = -errno;
		close(fd);
		return err;
	}
	err = empty(capture->out);
	if (!err)
		err = write_out(capture, out);
	if (fclose(out) && !err)
		err = -errno;
	/* or, if it cannot be, it stays as it is, which a replay calls cut off */
	if (err)
		empty(capture->out);
	return err;
}

int pgmap_capture_finish(struct pgmap_capture *capture, bool complete,
			 struct pgmap_capture_result *result, char why[PGMAP_WHY_LEN])
{
	int err;

	pgmap_trace_instance_stop(&capture->instance);
	err = drain(capture);
	if (!err)
		err = take_stats(capture, &result->lost);
	result->bytes = capture->bytes;
	result->full = capture->full;
	if (!err)
		err = mark_end(capture, complete, result->lost);
	if (!err)
		err = write_file(capture);
	if (err)
		return refuse(capture, why, "write", err);
	capture->is_new = false;
	return 0;
}

/* ---- opening ---- */

static int find_marks(struct pgmap_capture *capture)
{
	static const char *const systems[] = { "ftrace", NULL };
	struct tep_handle *tep = tracefs_local_events_system(NULL, systems);
	struct tep_event *event = tep ? tep_find_event_by_name(tep, "ftrace", "print") : NULL;

	if (event)
		capture->marks.id = event->id;
	tep_free(tep);
	return event ? 0 : -ENOENT;
}

/* Now, while there are the rights to. */
static int make_head(struct pgmap_capture *capture)
{
	char events[PATH_LEN];

	snprintf(events, sizeof(events), "%s/events", tracefs_tracing_dir());
	return pgmap_dat_make_head(events, capture->cpus.page_size, &capture->head);
}

static int open_all(struct pgmap_capture *capture, char why[PGMAP_WHY_LEN])
{
	const struct pgmap_source_options *from = &capture->options->from;
	int err = pgmap_trace_instance_check(why);

	if (!err)
		err = pgmap_trace_instance_formats(&capture->formats,
						   &capture->cpus.page_size, why);
	if (!err)
		err = pgmap_trace_instance_make(&capture->instance,
						pgmap_trace_buffer_bytes(from), why);
	if (!err)
		err = pgmap_trace_instance_filter(&capture->instance, &capture->formats, from, why);
	if (err)
		return err;
	pgmap_tasks_init(&capture->tasks, capture->instance.names);
	capture->cpus.tasks = &capture->tasks;
	capture->cpus.pid_offset =
		capture->formats.all[PGMAP_EVENT_ADD].offsets[PGMAP_TRACE_COMMON_PID];
	err = pgmap_trace_cpus_open(&capture->cpus, capture->instance.tracefs);
	if (!err)
		err = find_marks(capture);
	if (!err)
		err = make_head(capture);
	if (!err)
		err = open_files(capture);
	if (err)
		return refuse(capture, why, "open what it takes to record into", err);
	return pgmap_trace_instance_start(&capture->instance, why);
}

int pgmap_capture_open(struct pgmap_capture **opened,
		       const struct pgmap_capture_options *options, char why[PGMAP_WHY_LEN])
{
	struct pgmap_capture *capture = calloc(1, sizeof(*capture));
	int err;

	*opened = NULL;
	if (!capture) {
		snprintf(why, PGMAP_WHY_LEN, "cannot start: %s", strerror(ENOMEM));
		return -ENOMEM;
	}
	capture->options = options;
	/* first of all, for it may be a typing error */
	capture->out = pgmap_capture_file_open(options->path, &capture->is_new, why);
	err = capture->out < 0 ? capture->out : open_all(capture, why);
	if (err)
		pgmap_capture_free(capture);
	else
		*opened = capture;
	return err;
}

void pgmap_capture_free(struct pgmap_capture *capture)
{
	__u32 i;

	if (!capture)
		return;
	pgmap_trace_cpus_close(&capture->cpus);
	pgmap_trace_instance_remove(&capture->instance);
	for (i = 0; capture->fds && i < capture->nr; i++)
		if (capture->fds[i] >= 0)
			close(capture->fds[i]);
	for (i = 0; capture->stats && i < capture->nr; i++)
		free(capture->stats[i]);
	/* may fail, without rights in somebody else's directory: then it stays, empty */
	if (capture->out >= 0 && capture->is_new)
		unlink(capture->options->path);
	if (capture->out >= 0)
		close(capture->out);
	pgmap_thread_names_free(&capture->names);
	free(capture->head.bytes);
	free(capture->marks.page.bytes);
	free(capture->fds);
	free(capture->stats);
	free(capture->page);
	free(capture);
}
