// SPDX-License-Identifier: GPL-2.0-only
/*
 * --on-finding trace[=FILE]: has ftrace record the memremap events in an instance of its own
 * from the start on, and saves its buffer at the first finding: what led to it, also the page
 * events that the counters only sum up.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "action.h"

#define TRACEFS "/sys/kernel/tracing"

struct trace_state {
	const char *file;
	char instance[64];
	bool saved;
};

static const char *trace_wanted(const struct pgmap_reactions *reactions)
{
	return reactions->trace_file;
}

static void path_in(const struct trace_state *state, const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", state->instance, name);
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static int start_tracing(const struct trace_state *state, char *why, size_t size)
{
	char path[128];
	int err;

	if (mkdir(state->instance, 0700)) {
		err = -errno;
		snprintf(why, size, "cannot make %s for --on-finding trace (%s): %s",
			 state->instance, strerror(-err),
			 err == -ENOENT ? "mount tracefs there" : "run as root");
		return err;
	}
	path_in(state, "events/memremap/enable", path);
	err = write_file(path, "1");
	if (!err)
		return 0;
	snprintf(why, size, "cannot switch on %s for --on-finding trace: %s", path, strerror(-err));
	rmdir(state->instance);
	return err;
}

static int trace_open(void **made, const char *value, char *why, size_t size)
{
	struct trace_state *state = calloc(1, sizeof(*state));
	int err;

	*made = NULL;
	if (!state) {
		snprintf(why, size, "cannot prepare --on-finding trace (%s): free some memory",
			 strerror(ENOMEM));
		return -ENOMEM;
	}
	state->file = value;
	snprintf(state->instance, sizeof(state->instance), TRACEFS "/instances/pgmapstat-%d",
		 getpid());
	err = start_tracing(state, why, size);
	if (err)
		free(state);
	else
		*made = state;
	return err;
}

static int copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int err = in < 0 || out < 0 ? -errno : 0;
	char buffer[16384];
	ssize_t got = 0;

	while (!err && (got = read(in, buffer, sizeof(buffer))) > 0)
		if (write(out, buffer, got) != got)
			err = errno ? -errno : -EIO;
	if (!err && got < 0)
		err = -errno;
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) && !err)
		err = -errno;
	return err;
}

static void trace_react(void *opaque, const struct pgmap_finding *finding,
			enum pgmap_severity severity)
{
	struct trace_state *state = opaque;
	char path[128];
	int err;

	(void)finding;
	(void)severity;
	/* later ones would overwrite what led to the first */
	if (state->saved)
		return;
	path_in(state, "trace", path);
	err = copy_file(path, state->file);
	if (err)
		fprintf(stderr, "pgmapstat: cannot save the trace to %s: %s\n", state->file,
			strerror(-err));
	else
		fprintf(stderr, "pgmapstat: the trace is in %s\n", state->file);
	state->saved = true;
}

static void trace_free(void *opaque)
{
	struct trace_state *state = opaque;
	char path[128];

	path_in(state, "events/memremap/enable", path);
	write_file(path, "0");
	if (rmdir(state->instance))
		fprintf(stderr, "pgmapstat: cannot remove %s: %s\n", state->instance,
			strerror(errno));
	free(state);
}

const struct pgmap_action_ops pgmap_action_trace = {
	.wanted = trace_wanted, .open = trace_open, .react = trace_react, .free = trace_free,
};
