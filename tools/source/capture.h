/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records the tracepoints into a file that stands alone, a trace.dat. What came first is kept:
 * up to its bound, and up to the first record that found no room, nothing is missing.
 */
#ifndef PGMAP_SOURCE_CAPTURE_H
#define PGMAP_SOURCE_CAPTURE_H

#include "marks.h"
#include "source.h"

struct pgmap_capture_options {
	struct pgmap_source_options from;	/* filters, and the size of each CPU's buffer */
	const char *path;
	__u64 most_bytes;	/* of records; 0: no bound */
	const char *version;	/* of this program */
};

struct pgmap_capture;

/*
 * Creates the file, if it is not there, and records from here on, for which it needs no more
 * rights. Returns 0, or a negative errno with one line for the user in @why. @options must stay.
 */
int pgmap_capture_open(struct pgmap_capture **capture,
		       const struct pgmap_capture_options *options, char why[PGMAP_WHY_LEN]);

/* A pagemap that was there before, at once after that. Returns 0 or a negative errno. */
int pgmap_capture_older(struct pgmap_capture *capture, const struct pgmap_source_older *older);

/*
 * Takes what the buffers have; often enough that they do not fill. Returns 0, or a negative
 * errno with one line for the user in @why.
 */
int pgmap_capture_drain(struct pgmap_capture *capture, char why[PGMAP_WHY_LEN]);

struct pgmap_capture_result {
	__u64 bytes;	/* of records that are in the file */
	__u64 lost;	/* records that are not */
	bool full;	/* it reached its bound */
};

/*
 * Stops and writes the file, in place of what it had. @complete: what was watched has ended by
 * itself. Returns 0, or a negative errno with one line for the user in @why: the file has nothing
 * in it.
 */
int pgmap_capture_finish(struct pgmap_capture *capture, bool complete,
			 struct pgmap_capture_result *result, char why[PGMAP_WHY_LEN]);

/* Without pgmap_capture_finish() the file has what it had, or is not there. Takes NULL. */
void pgmap_capture_free(struct pgmap_capture *capture);

#endif
