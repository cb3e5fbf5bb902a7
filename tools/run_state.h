/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run consists of. The parts of the loop share this and nobody else includes it. */
#ifndef PGMAP_RUN_STATE_H
#define PGMAP_RUN_STATE_H

#include "child.h"
#include "core/model.h"
#include "older.h"
#include "run.h"
#include "tell.h"
#include "who.h"

struct run {
	const struct pgmap_run_options *options;
	struct pgmap_source *source;
	struct pgmap_view *view;
	struct pgmap_tell tell;
	struct pgmap_latencies latencies;
	struct pgmap_plots plots;
	struct pgmap_symbols *symbols;
	struct pgmap_model model;
	struct pgmap_snapshot snapshot;
	struct pgmap_sink sink;		/* the end of the way, behind @who */
	struct pgmap_who who;
	struct pgmap_older older;
	struct pgmap_child child;
	__u64 start_ns;
	__u64 last_ns;		/* end of the last interval */
	__u64 next_ns;		/* end of this one */
	__u64 done;		/* intervals */
	bool complete;		/* the command ended by itself */
};

/* Is it of events that are over? */
bool pgmap_run_is_replay(const struct run *run);

/* The time now, as events have it, once the source is open. */
__u64 pgmap_run_now(const struct run *run);

/* One line to the user. Returns the exit code that goes with it. */
enum pgmap_exit pgmap_run_complain(const char *what, int err);

/* Everything that has to be there before the first event. */
enum pgmap_exit pgmap_run_open(struct run *run);

#endif
