// SPDX-License-Identifier: GPL-2.0
/*
 * Loads the modules a kernel needs to reach its root: a distribution's has virtio,
 * 9p and overlay as modules.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init.h"

#define MODULES_DIR "/modules"

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void module_load(const char *name)
{
	char path[300];
	int fd;

	snprintf(path, sizeof(path), MODULES_DIR "/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
		guest_die(path);
	close(fd);
}

void modules_load(void)
{
	struct dirent **entries;
	int count, i;

	count = scandir(MODULES_DIR, &entries, is_visible, alphasort);
	for (i = 0; i < count; i++) {
		module_load(entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}
