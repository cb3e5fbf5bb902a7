// SPDX-License-Identifier: GPL-2.0-only
/* A JSON view on a file that outlives the run. */
#include <errno.h>
#include <string.h>

#include "findings_file.h"

int pgmap_findings_file_open(struct pgmap_findings_file *file, const char *path,
			     const struct pgmap_view_options *show)
{
	struct pgmap_view_options options = *show;

	memset(file, 0, sizeof(*file));
	if (!path)
		return 0;
	file->path = path;
	file->out = fopen(path, "ae");
	if (!file->out)
		return -errno;
	options.out = file->out;
	options.quiet = true;
	options.timestamps = true;	/* as the file, so must its times */
	return pgmap_view_json.open(&file->view, &options);
}

/* Whoever reads the file is to know when the disk was full. */
bool pgmap_findings_file_close(struct pgmap_findings_file *file)
{
	bool failed;

	pgmap_view_json.free(file->view);
	file->view = NULL;
	if (!file->out)
		return true;
	failed = ferror(file->out);
	failed |= fclose(file->out) != 0;
	file->out = NULL;
	if (failed)
		fprintf(stderr,
			"pgmapstat: cannot write all findings to %s: is the disk full?\n",
			file->path);
	return !failed;
}
