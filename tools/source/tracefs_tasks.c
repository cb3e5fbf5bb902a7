// SPDX-License-Identifier: GPL-2.0-only
/* /proc first; what it has forgotten the kernel's tracing may still have a name for. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracefs_tasks.h"

/* A number may be given to another thread, and a thread take another name (exec). */
#define FRESH_NS 100000000ULL

/* The kernel's number of the first PID namespace, whose numbers are in records. */
enum { FIRST_PID_NAMESPACE = 0xeffffffc };

enum { NAMES_LEN = 16384 };	/* 128 lines of 16 + 8, the kernel's usual number, with room */

void pgmap_tasks_init(struct pgmap_tasks *tasks, int names)
{
	struct stat status;

	memset(tasks, 0, sizeof(*tasks));
	tasks->names = names;
	tasks->foreign = stat("/proc/self/ns/pid", &status) ||
			 status.st_ino != (ino_t)(unsigned int)FIRST_PID_NAMESPACE;
}

static ssize_t read_proc(__u32 tid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/%s", tid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	got = read(fd, text, size - 1);
	close(fd);
	text[got > 0 ? got : 0] = 0;
	return got;
}

static bool ask_proc(struct pgmap_task *task)
{
	char text[4096], *at;

	if (read_proc(task->tid, "status", text, sizeof(text)) <= 0)
		return false;
	at = strstr(text, "\nTgid:");
	task->pid = at ? strtoul(at + strlen("\nTgid:"), NULL, 10) : 0;
	/* there the name is escaped, here it is not */
	if (read_proc(task->tid, "comm", text, sizeof(text)) <= 0)
		return false;
	text[strcspn(text, "\n")] = 0;
	snprintf(task->comm, sizeof(task->comm), "%.*s", PGMAP_COMM_LEN - 1, text);
	return true;
}

bool pgmap_tasks_find_name(const char *lines, __u32 tid, char comm[PGMAP_COMM_LEN])
{
	char *rest;
	size_t length;

	for (; *lines; lines += strcspn(lines, "\n"), lines += *lines == '\n') {
		if (strtoul(lines, &rest, 10) != tid || *rest != ' ')
			continue;
		length = strcspn(rest + 1, "\n");
		snprintf(comm, PGMAP_COMM_LEN, "%.*s", (int)length, rest + 1);
		return true;
	}
	return false;
}

static void ask_names(const struct pgmap_tasks *tasks, struct pgmap_task *task)
{
	char text[NAMES_LEN];
	size_t used = 0;
	ssize_t got;

	if (tasks->names < 0 || lseek(tasks->names, 0, SEEK_SET))
		return;
	while (used < sizeof(text) - 1 &&
	       (got = read(tasks->names, text + used, sizeof(text) - 1 - used)) > 0)
		used += got;
	text[used] = 0;
	pgmap_tasks_find_name(text, task->tid, task->comm);
}

const struct pgmap_task *pgmap_tasks_look(struct pgmap_tasks *tasks, __u32 tid, __u64 now_ns)
{
	struct pgmap_task *task = &tasks->all[tid & (PGMAP_TASKS_ROOM - 1)];
	struct pgmap_task fresh = { .tid = tid, .read_ns = now_ns };

	if (task->tid == tid && now_ns - task->read_ns < FRESH_NS)
		return task;
	if (!tasks->foreign && ask_proc(&fresh)) {
		*task = fresh;
	} else if (task->tid == tid) {
		task->read_ns = now_ns;	/* gone: what was known of it stays true */
	} else {
		ask_names(tasks, &fresh);
		*task = fresh;
	}
	return task;
}

void pgmap_tasks_fill(struct pgmap_tasks *tasks, struct pgmap_event *ev, __u32 cpu, __u64 now_ns)
{
	const struct pgmap_task *task;

	ev->cpu = cpu;
	/* all that run when there is nothing to do share one number */
	if (!ev->tid) {
		snprintf(ev->comm, sizeof(ev->comm), "swapper/%u", cpu);
		return;
	}
	task = pgmap_tasks_look(tasks, ev->tid, now_ns);
	ev->pid = task->pid;
	memcpy(ev->comm, task->comm, sizeof(ev->comm));
}
