/* SPDX-License-Identifier: GPL-2.0-only */
/* The file of --findings: findings, explanations and the verdict appended as JSON. */
#ifndef PGMAP_FINDINGS_FILE_H
#define PGMAP_FINDINGS_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "view/view.h"

/* All zero is none. */
struct pgmap_findings_file {
	const char *path;
	FILE *out;
	struct pgmap_view *view;	/* NULL: there is no file */
};

/* @path NULL: there will be none. Returns 0 or a negative errno. */
int pgmap_findings_file_open(struct pgmap_findings_file *file, const char *path,
			     const struct pgmap_view_options *show);

/* Returns whether all of it was written; if not, it has said so. */
bool pgmap_findings_file_close(struct pgmap_findings_file *file);

#endif
