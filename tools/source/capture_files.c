// SPDX-License-Identifier: GPL-2.0-only
/*
 * All of them are opened before there is anything to write, when there still are the rights to,
 * and the one that was asked for is emptied only when the recording is complete.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture_files.h"

static int refuse(const char *path, const char *reason, int err, char why[PGMAP_WHY_LEN])
{
	snprintf(why, PGMAP_WHY_LEN, "cannot record into %.200s: %s", path, reason);
	return err;
}

/* For its owner alone: whose pages they were is nobody's business. */
static int open_or_make(const char *path, bool *is_new)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	*is_new = fd >= 0;
	return fd < 0 && errno == EEXIST ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : fd;
}

int pgmap_capture_file_open(const char *path, bool *is_new, char why[PGMAP_WHY_LEN])
{
	int fd = open_or_make(path, is_new), err = 0;
	struct stat status;

	if (fd < 0)
		return refuse(path, strerror(errno), -errno, why);
	if (fstat(fd, &status))
		err = refuse(path, strerror(errno), -errno, why);
	else if (!S_ISREG(status.st_mode))
		/* the places of records are written before them, once all are there */
		err = refuse(path, "it is no regular file", -EINVAL, why);
	else if (flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
		err = refuse(path, "another recording is going there", -EBUSY, why);
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* Where the file is going to be there is room for as much. */
int pgmap_capture_file_nameless(const char *beside)
{
	char path[PATH_MAX], *directory;
	int fd;

	if (snprintf(path, sizeof(path), "%s", beside) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	directory = dirname(path);
	fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	if (snprintf(path, sizeof(path), "%s.XXXXXX", beside) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd < 0 ? -errno : fd;
}

int pgmap_capture_file_put(int fd, const void *bytes, size_t size)
{
	ssize_t done;

	while (size) {
		done = write(fd, bytes, size);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return done ? -errno : -ENOSPC;
		bytes = (const char *)bytes + done;
		size -= done;
	}
	return 0;
}
