/* SPDX-License-Identifier: GPL-2.0-only */
/* The file of --findings: findings, explanations and the verdict, as JSON, appended. */
#ifndef PGMAP_FINDINGS_FILE_H
#define PGMAP_FINDINGS_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "view/view.h"

/* All zero is one that nobody asked for: what is written to it goes nowhere. */
struct pgmap_findings_file {
	const char *path;
	FILE *out;
	struct pgmap_view *view;
};

/* @path NULL: none. Else shown there as by @show. Returns 0 or a negative errno. */
int pgmap_findings_file_open(struct pgmap_findings_file *file, const char *path,
			     const struct pgmap_view_options *show);

void pgmap_findings_file_finding(struct pgmap_findings_file *file,
				 const struct pgmap_finding *finding,
				 enum pgmap_severity severity);
void pgmap_findings_file_explanation(struct pgmap_findings_file *file,
				     const struct pgmap_explanation *explanation);
void pgmap_findings_file_report(struct pgmap_findings_file *file,
				const struct pgmap_snapshot *snapshot);

/* Returns whether all of it could be written. */
bool pgmap_findings_file_close(struct pgmap_findings_file *file);

#endif
