// SPDX-License-Identifier: GPL-2.0
/*
 * Carries the command's standard streams between pipes and virtio ports. A port
 * can be open only once, so the command cannot have it as its own descriptor:
 * opening /dev/stdout would fail.
 */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "init.h"

#define PORTS_DIR "/sys/class/virtio-ports"

struct flow {
	int from;
	int to;
	pthread_t thread;
};

struct stdio_relay {
	struct flow flows[3];
};

static int port_has_name(const char *port, const char *name)
{
	char path[300], text[64] = "";
	FILE *file;

	snprintf(path, sizeof(path), PORTS_DIR "/%s/name", port);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
	return !strcmp(text, name);
}

static int port_try(const char *name, int flags)
{
	struct dirent *entry;
	char path[300];
	int fd = -1;
	DIR *dir;

	dir = opendir(PORTS_DIR);
	if (!dir)
		return -1;
	while (fd < 0 && (entry = readdir(dir))) {
		if (!port_has_name(entry->d_name, name))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		fd = open(path, flags | O_CLOEXEC);
	}
	closedir(dir);
	return fd;
}

int port_open(const char *name, int flags)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };
	int fd, tries;

	for (tries = 0; tries < 3000; tries++) {
		fd = port_try(name, flags);
		if (fd >= 0)
			return fd;
		nanosleep(&pause, NULL);
	}
	guest_die(name);
}

static int write_all(int fd, const char *data, ssize_t size)
{
	ssize_t done;

	while (size > 0) {
		done = write(fd, data, size);
		if (done < 0)
			return -1;
		data += done;
		size -= done;
	}
	return 0;
}

static void *flow_run(void *arg)
{
	struct flow *flow = arg;
	char buffer[32768];
	ssize_t size;

	do {
		size = read(flow->from, buffer, sizeof(buffer));
	} while (size > 0 && !write_all(flow->to, buffer, size));
	close(flow->to);
	close(flow->from);
	return NULL;
}

struct stdio_relay *relay_start(int fds[3])
{
	static const char *const names[] = { "in", "out", "err" };
	struct stdio_relay *relay = calloc(1, sizeof(*relay));
	int i, port, ends[2];

	if (!relay)
		guest_die("relay");
	for (i = 0; i < 3; i++) {
		struct flow *flow = &relay->flows[i];

		port = port_open(names[i], i ? O_WRONLY : O_RDONLY);
		if (pipe2(ends, O_CLOEXEC))
			guest_die("pipe");
		flow->from = i ? ends[0] : port;
		flow->to = i ? port : ends[1];
		fds[i] = i ? ends[1] : ends[0];
		if (pthread_create(&flow->thread, NULL, flow_run, flow))
			guest_die("relay thread");
	}
	return relay;
}

void relay_finish(struct stdio_relay *relay)
{
	/* not the input: its thread may wait for ever for a host with more to say */
	pthread_join(relay->flows[1].thread, NULL);
	pthread_join(relay->flows[2].thread, NULL);
}
