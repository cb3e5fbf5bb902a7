// SPDX-License-Identifier: GPL-2.0-only
/* A JSON view of its own, on a file that outlives the run. */
#include <errno.h>

#include "findings_file.h"

int pgmap_findings_file_open(struct pgmap_findings_file *file, const char *path,
			     const struct pgmap_view_options *show)
{
	struct pgmap_view_options own = *show;

	file->path = path;
	if (!path)
		return 0;
	file->out = fopen(path, "ae");
	if (!file->out)
		return -errno;
	own.out = file->out;
	own.quiet = true;
	own.timestamps = true;	/* and so must its times */
	return pgmap_view_json.open(&file->view, &own);
}

void pgmap_findings_file_finding(struct pgmap_findings_file *file,
				 const struct pgmap_finding *finding, enum pgmap_severity severity)
{
	if (file->view)
		pgmap_view_json.finding(file->view, finding, severity);
}

void pgmap_findings_file_explanation(struct pgmap_findings_file *file,
				     const struct pgmap_explanation *explanation)
{
	if (file->view)
		pgmap_view_json.explanation(file->view, explanation);
}

void pgmap_findings_file_report(struct pgmap_findings_file *file,
				const struct pgmap_snapshot *snapshot)
{
	if (file->view)
		pgmap_view_json.report(file->view, snapshot);
}

bool pgmap_findings_file_close(struct pgmap_findings_file *file)
{
	bool failed;

	pgmap_view_json.free(file->view);
	if (!file->out)
		return true;
	failed = ferror(file->out);
	return !fclose(file->out) && !failed;
}
