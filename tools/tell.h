/* SPDX-License-Identifier: GPL-2.0-only */
/* Where findings go, whatever found them. */
#ifndef PGMAP_TELL_H
#define PGMAP_TELL_H

#include "core/model.h"
#include "kept.h"
#include "react/react.h"
#include "stall.h"

struct pgmap_run_options;

/* The run opens and closes all of it. */
struct pgmap_tell {
	const struct pgmap_run_options *options;
	struct pgmap_view *view;	/* of options->view */
	struct pgmap_kept file;		/* of --findings */
	struct pgmap_reactor *reactor;
	struct pgmap_stall stall;
	__u64 told;			/* changes of findings so far */
	bool enough;			/* one that is to end the run has been told */
};

/* Tells of what is new in @model, or more severe than when it was told of last. */
void pgmap_tell_findings(struct pgmap_tell *tell, const struct pgmap_model *model);

#endif
