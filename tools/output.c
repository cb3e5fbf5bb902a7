// SPDX-License-Identifier: GPL-2.0-only
/* A file that takes the place of another one only once all of it is written. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"

static bool is_same(const struct stat *status, const char *path)
{
	struct stat other;

	return path && !stat(path, &other) && status->st_dev == other.st_dev &&
	       status->st_ino == other.st_ino;
}

static int name_temporary(struct pgmap_output *output)
{
	int length;

	length = snprintf(output->temporary, sizeof(output->temporary), "%s.%d", output->final,
			  getpid());
	return length < (int)sizeof(output->temporary) ? 0 : -ENAMETOOLONG;
}

/* Where it is to be written, and through what; its mode is @mode. */
static int find_place(struct pgmap_output *output, const char *input, mode_t *mode)
{
	struct stat status;

	if (stat(output->path, &status)) {
		if (errno != ENOENT)
			return -errno;
		if (strlen(output->path) >= sizeof(output->final))
			return -ENAMETOOLONG;
		strcpy(output->final, output->path);
		return name_temporary(output);
	}
	if (is_same(&status, input))
		return -EEXIST;
	if (!realpath(output->path, output->final))
		return -errno;
	*mode = status.st_mode & 0777;
	/* what is no file cannot be replaced by one */
	if (!S_ISREG(status.st_mode))
		return 0;
	return access(output->path, W_OK) ? -errno : name_temporary(output);
}

int pgmap_output_open(struct pgmap_output *output, const char *path, const char *input)
{
	mode_t mode = 0666;
	int err, fd;

	output->path = path;
	err = find_place(output, input, &mode);
	if (err)
		return err;
	if (*output->temporary)
		fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	else
		fd = open(output->final, O_WRONLY | O_CLOEXEC);
	if (fd < 0) {
		err = -errno;
		*output->temporary = 0;	/* it is not ours */
		return err;
	}
	output->out = fdopen(fd, "w");
	if (output->out)
		return 0;
	close(fd);
	return -ENOMEM;
}

int pgmap_output_commit(struct pgmap_output *output)
{
	bool failed;
	int err = 0;

	if (!output->out)
		return 0;
	failed = ferror(output->out);
	if (fclose(output->out) || failed)
		err = errno ? -errno : -EIO;
	output->out = NULL;
	if (!err && *output->temporary && rename(output->temporary, output->final))
		err = -errno;
	if (!err)
		*output->temporary = 0;
	return err;
}

void pgmap_output_drop(struct pgmap_output *output)
{
	if (output->out)
		fclose(output->out);
	output->out = NULL;
	if (*output->temporary)
		unlink(output->temporary);
	*output->temporary = 0;
}
