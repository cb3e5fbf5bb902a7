// SPDX-License-Identifier: GPL-2.0-only
/* Lines of /proc/modules: name, size, users, their names, state, address. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "modules.h"

enum { NAME_LEN = 64 };

struct line {
	char name[NAME_LEN];
	unsigned long long size;
	unsigned long long base;	/* 0: hidden */
};

void pgmap_modules_read(int fd, char text[PGMAP_MODULES_LEN])
{
	size_t used = 0;
	ssize_t got;

	do {
		got = pread(fd, text + used, PGMAP_MODULES_LEN - 1 - used, used);
		used += got > 0 ? got : 0;
	} while (got > 0);
	text[used] = 0;
}

/* Goes on to the next line that is one. Returns false at the end. */
static bool next_line(const char **text, struct line *line)
{
	const char *here;

	while (**text) {
		here = *text;
		*text = strchrnul(here, '\n');
		*text += **text != 0;
		if (sscanf(here, "%63s %llu %*s %*s %*s %llx", line->name, &line->size,
			   &line->base) == 3)
			return true;
	}
	return false;
}

__u64 pgmap_modules_end(const char *text, const char *module)
{
	struct line line;

	while (next_line(&text, &line))
		if (!strcmp(line.name, module))
			return line.base ? line.base + line.size : 0;
	return 0;
}

int pgmap_modules_find(const char *text, __u64 address, char *module, size_t size)
{
	struct line line, found = { .base = 0 };

	/* the size counts what lies elsewhere, too: the nearest below is the one */
	while (next_line(&text, &line))
		if (line.base > found.base && line.base <= address &&
		    address - line.base < line.size)
			found = line;
	if (!found.base || strlen(found.name) >= size)
		return -ENOENT;
	strcpy(module, found.name);
	return 0;
}
