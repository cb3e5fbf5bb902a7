// SPDX-License-Identifier: GPL-2.0-only
/* A file of JSON objects that outlives the run. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "kept.h"

int pgmap_kept_open(struct pgmap_kept *kept, const char *path, bool replace,
		    const struct pgmap_view_options *show)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (replace ? 0 : O_APPEND), fd;
	struct pgmap_view_options to_file = *show;

	kept->path = path;
	fd = open(path, flags, 0666);
	if (fd < 0)
		return -errno;
	kept->out = fdopen(fd, replace ? "w" : "a");
	if (!kept->out) {
		close(fd);
		return -ENOMEM;
	}
	to_file.out = kept->out;
	to_file.quiet = true;
	to_file.timestamps = true;	/* the file outlives the run, and so must its times */
	return pgmap_view_json.open(&kept->view, &to_file);
}

void pgmap_kept_clear(struct pgmap_kept *kept)
{
	/* what has no length, as a pipe, has nothing to forget */
	if (ftruncate(fileno(kept->out), 0))
		errno = 0;
}

int pgmap_kept_close(struct pgmap_kept *kept)
{
	bool failed;

	pgmap_view_json.free(kept->view);
	kept->view = NULL;
	if (!kept->out)
		return 0;
	failed = ferror(kept->out);
	if (fclose(kept->out))
		failed = true;
	kept->out = NULL;
	return failed ? -EIO : 0;
}
