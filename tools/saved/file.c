// SPDX-License-Identifier: GPL-2.0-only
/* A file into memory, as far as it can be one of ours. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saved.h"

/* Ten thousand pagemaps with all their buckets are less. */
enum { LARGEST = 256 << 20, FIRST = 64 << 10 };

static int read_all(FILE *file, char **text, size_t *size)
{
	size_t room = FIRST;
	char *more;

	*size = 0;
	*text = malloc(room);
	while (*text) {
		*size += fread(*text + *size, 1, room - *size, file);
		if (*size < room)
			return ferror(file) ? -errno : 0;
		if (room >= LARGEST)
			return -EFBIG;
		room *= 2;
		more = realloc(*text, room);
		if (!more)
			return -ENOMEM;
		*text = more;
	}
	return -ENOMEM;
}

int pgmap_saved_read(const char *path, struct pgmap_summary *summary, char why[PGMAP_SAVED_WHY_LEN])
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size;
	int err;

	memset(summary, 0, sizeof(*summary));
	if (!file) {
		err = -errno;
		snprintf(why, PGMAP_SAVED_WHY_LEN, "%s", strerror(-err));
		return err;
	}
	err = read_all(file, &text, &size);
	fclose(file);
	if (err)
		snprintf(why, PGMAP_SAVED_WHY_LEN, "cannot be read: %s", strerror(-err));
	else
		err = pgmap_saved_parse(text, size, summary, why);
	free(text);
	return err;
}
