/* SPDX-License-Identifier: GPL-2.0-only */
/* A file of JSON objects that outlives the run: that of --findings, that of --save. */
#ifndef PGMAP_KEPT_H
#define PGMAP_KEPT_H

#include "view/view.h"

/* All zero is none. */
struct pgmap_kept {
	const char *path;
	FILE *out;
	struct pgmap_view *view;	/* of pgmap_view_json; NULL: there is no file */
};

/*
 * Opens @path, so that what cannot be written is known before the run. Its objects are added
 * to what is there; with @replace they take its place, once there are any. Times are those of
 * @show. Returns 0 or a negative errno; @kept keeps @path and may be closed.
 */
int pgmap_kept_open(struct pgmap_kept *kept, const char *path, bool replace,
		    const struct pgmap_view_options *show);

/* Forgets what @path had until now; before the first object of a file that is replaced. */
void pgmap_kept_clear(struct pgmap_kept *kept);

/* Returns 0, or a negative errno: not all of it was written. */
int pgmap_kept_close(struct pgmap_kept *kept);

#endif
