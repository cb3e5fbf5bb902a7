// SPDX-License-Identifier: GPL-2.0
/*
 * Reads the command to run from the run directory: argv and env as lists of
 * strings that each end in a NUL byte, cwd as plain text.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "init.h"

static char *file_read(const char *dir, const char *name, size_t *size)
{
	char path[4096], *text;
	struct stat st;
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		guest_die(path);
	text = calloc(1, st.st_size + 1);
	got = text ? read(fd, text, st.st_size) : -1;
	if (got != st.st_size)
		guest_die(path);
	close(fd);
	*size = got;
	return text;
}

static char **list_read(const char *dir, const char *name)
{
	char *text, *at, **list;
	size_t size, count = 0;

	text = file_read(dir, name, &size);
	for (at = text; at < text + size; at += strlen(at) + 1)
		count++;
	list = calloc(count + 1, sizeof(*list));
	if (!list)
		guest_die(name);
	for (count = 0, at = text; at < text + size; at += strlen(at) + 1)
		list[count++] = at;
	return list;
}

void command_read(struct command *cmd, const char *dir)
{
	size_t size;

	cmd->argv = list_read(dir, "argv");
	cmd->envp = list_read(dir, "env");
	cmd->cwd = file_read(dir, "cwd", &size);
}
