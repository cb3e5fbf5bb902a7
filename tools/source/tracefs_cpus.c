// SPDX-License-Identifier: GPL-2.0-only
/* trace_pipe_raw of each CPU, its pages taken apart by libtraceevent. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <tracefs.h>
#include <kbuffer.h>
#include <unistd.h>

#include "tracefs_cpus.h"

enum { AT_ONCE = 64, STATS_LEN = 512 };

/* ---- opening ---- */

static int is_cpu(const struct dirent *entry)
{
	return !strncmp(entry->d_name, "cpu", 3) && entry->d_name[3] >= '0' &&
	       entry->d_name[3] <= '9';
}

static int open_file(struct tracefs_instance *instance, const char *cpu, const char *name,
		     int flags)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "per_cpu/%.20s/%s", cpu, name);
	fd = tracefs_instance_file_open(instance, path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int open_cpu(struct pgmap_trace_cpus *cpus, struct tracefs_instance *instance,
		    const char *name)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.u32 = cpus->nr };
	struct pgmap_trace_cpu *cpu = &cpus->all[cpus->nr++];

	cpu->cpu = strtoul(name + 3, NULL, 10);
	cpu->ready = true;
	cpu->stats = -1;
	cpu->fd = open_file(instance, name, "trace_pipe_raw", O_RDONLY | O_NONBLOCK);
	if (cpu->fd < 0)
		return cpu->fd;
	cpu->stats = open_file(instance, name, "stats", O_RDONLY);
	if (cpu->stats < 0)
		return cpu->stats;
	cpu->kbuffer = kbuffer_alloc(KBUFFER_LSIZE_SAME_AS_HOST, KBUFFER_ENDIAN_SAME_AS_HOST);
	cpu->page = malloc(cpus->page_size);
	if (!cpu->kbuffer || !cpu->page)
		return -ENOMEM;
	return epoll_ctl(cpus->epoll, EPOLL_CTL_ADD, cpu->fd, &event) ? -errno : 0;
}

int pgmap_trace_cpus_open(struct pgmap_trace_cpus *cpus, struct tracefs_instance *instance)
{
	char *path = tracefs_instance_get_file(instance, "per_cpu");
	struct dirent **names = NULL;
	int i, nr, err = 0;

	nr = path ? scandir(path, &names, is_cpu, NULL) : -1;
	if (nr < 0)
		err = errno ? -errno : -ENOMEM;
	tracefs_put_tracing_file(path);
	cpus->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!err && cpus->epoll < 0)
		err = -errno;
	cpus->all = nr > 0 ? calloc(nr, sizeof(*cpus->all)) : NULL;
	if (!err && !cpus->all)
		err = -ENOMEM;
	for (i = 0; i < nr; i++) {
		if (!err)
			err = open_cpu(cpus, instance, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return err;
}

/* ---- reading ---- */

/* Not later, when it is the record's turn: threads end. */
static void look_at_tasks(const struct pgmap_trace_cpus *cpus, struct pgmap_trace_cpu *cpu,
			  __u64 now_ns)
{
	unsigned long long time;
	const char *data;
	__u32 tid;

	for (data = kbuffer_read_event(cpu->kbuffer, &time); data;
	     data = kbuffer_next_event(cpu->kbuffer, &time)) {
		if (kbuffer_event_size(cpu->kbuffer) < (int)(cpus->pid_offset + sizeof(tid)))
			continue;
		memcpy(&tid, data + cpus->pid_offset, sizeof(tid));
		if (tid)
			pgmap_tasks_look(cpus->tasks, tid, now_ns);
	}
}

static void note_record(struct pgmap_trace_cpu *cpu, const void *data, __u64 time_ns)
{
	cpu->data = data;
	cpu->time_ns = time_ns;
	cpu->size = data ? kbuffer_event_size(cpu->kbuffer) : 0;
}

/* Pages until there is a record or no more: a page may be empty. */
static int fill(const struct pgmap_trace_cpus *cpus, struct pgmap_trace_cpu *cpu, __u64 now_ns)
{
	unsigned long long time = 0;
	const void *data;
	ssize_t got;

	while (!cpu->data) {
		got = read(cpu->fd, cpu->page, cpus->page_size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			cpu->ready = false;
			return !got || errno == EAGAIN ? 0 : -errno;
		}
		if (kbuffer_load_subbuffer(cpu->kbuffer, cpu->page))
			return -EBADMSG;
		look_at_tasks(cpus, cpu, now_ns);
		kbuffer_load_subbuffer(cpu->kbuffer, cpu->page);
		data = kbuffer_read_event(cpu->kbuffer, &time);
		note_record(cpu, data, time);
	}
	return 0;
}

int pgmap_trace_cpus_fill(struct pgmap_trace_cpus *cpus, bool all, __u64 now_ns)
{
	struct epoll_event events[AT_ONCE];
	int nr, i, err = 0;
	__u32 at;

	do {
		nr = epoll_wait(cpus->epoll, events, AT_ONCE, 0);
		for (i = 0; i < nr; i++)
			cpus->all[events[i].data.u32].ready = true;
	} while (nr == AT_ONCE);
	if (nr < 0 && errno != EINTR)
		return -errno;
	for (at = 0; !err && at < cpus->nr; at++)
		if (cpus->all[at].ready || all)
			err = fill(cpus, &cpus->all[at], now_ns);
	return err;
}

struct pgmap_trace_cpu *pgmap_trace_cpus_oldest(const struct pgmap_trace_cpus *cpus)
{
	struct pgmap_trace_cpu *oldest = NULL, *cpu;

	for (cpu = cpus->all; cpu < cpus->all + cpus->nr; cpu++)
		if (cpu->data && (!oldest || cpu->time_ns < oldest->time_ns))
			oldest = cpu;
	return oldest;
}

int pgmap_trace_cpus_step(struct pgmap_trace_cpus *cpus, struct pgmap_trace_cpu *cpu,
			  __u64 now_ns)
{
	unsigned long long time = 0;
	const void *data = kbuffer_next_event(cpu->kbuffer, &time);

	note_record(cpu, data, time);
	return cpu->data ? 0 : fill(cpus, cpu, now_ns);
}

/* ---- losses ---- */

__u64 pgmap_trace_stats_lost(const char *stats)
{
	static const char *const causes[] = {
		"\noverrun: ", "\ncommit overrun: ", "\ndropped events: "
	};
	const char *found;
	__u64 lost = 0;
	size_t i;

	for (i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
		found = strstr(stats, causes[i]);
		if (found)
			lost += strtoull(found + strlen(causes[i]), NULL, 10);
	}
	return lost;
}

int pgmap_trace_cpus_lost(const struct pgmap_trace_cpus *cpus, __u64 *lost)
{
	char text[STATS_LEN];
	ssize_t got;
	__u32 at;

	*lost = 0;
	for (at = 0; at < cpus->nr; at++) {
		got = pread(cpus->all[at].stats, text, sizeof(text) - 1, 0);
		if (got < 0)
			return -errno;
		text[got] = 0;
		*lost += pgmap_trace_stats_lost(text);
	}
	return 0;
}

void pgmap_trace_cpus_close(struct pgmap_trace_cpus *cpus)
{
	struct pgmap_trace_cpu *cpu;

	for (cpu = cpus->all; cpu && cpu < cpus->all + cpus->nr; cpu++) {
		if (cpu->fd >= 0)
			close(cpu->fd);
		if (cpu->stats >= 0)
			close(cpu->stats);
		kbuffer_free(cpu->kbuffer);
		free(cpu->page);
	}
	if (cpus->epoll > 0)
		close(cpus->epoll);
	free(cpus->all);
	memset(cpus, 0, sizeof(*cpus));
}
