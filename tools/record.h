/* SPDX-License-Identifier: GPL-2.0-only */
/* Records until told to stop, with the pagemaps that were there before. */
#ifndef PGMAP_RECORD_H
#define PGMAP_RECORD_H

#include "run.h"
#include "source/capture.h"

struct pgmap_record_options {
	struct pgmap_capture_options capture;
	__u64 duration_ns;	/* stop then; 0 never */
	char **command;		/* stop when it ends; NULL none */
	bool quiet;		/* say what went wrong only */
};

/* Returns the exit code; errors have been printed. */
enum pgmap_exit pgmap_record(const struct pgmap_record_options *options);

#endif
