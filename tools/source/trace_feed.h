/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of trace records in order of time, whether a running kernel or a file
 * had them: events for the core, with what they show of older pagemaps.
 */
#ifndef PGMAP_SOURCE_TRACE_FEED_H
#define PGMAP_SOURCE_TRACE_FEED_H

#include "addresses.h"
#include "source.h"
#include "trace_format.h"

/* All zero but for @formats is one at its beginning. */
struct pgmap_trace_feed {
	struct pgmap_trace_formats formats;
	struct pgmap_addresses known;	/* pagemaps that have shown themselves */
	__u64 newest_ns;		/* time of the newest record given out */
	__u64 late;			/* records older than that */
	__u64 ranges_past_limit;
	__u64 sent[PGMAP_NR_EVENTS];
};

/*
 * The @size bytes at @data as @record, of which process and name of the thread are left to
 * the caller. Returns 1, 0: it is no record of ours, or -EBADMSG: it is damaged.
 */
int pgmap_trace_feed_parse(const struct pgmap_trace_feed *feed, const void *data, size_t size,
			   __u64 time_ns, struct pgmap_trace_record *record);

/* Gives it to @sink, with all that goes with it. Returns 0 or what @sink returned. */
int pgmap_trace_feed_give(struct pgmap_trace_feed *feed, const struct pgmap_trace_record *record,
			  const struct pgmap_sink *sink);

/*
 * Tells of a pagemap that is known from elsewhere, as of @time_ns, unless it has shown itself
 * before. Returns 0, -ENOMEM or what @sink returned.
 */
int pgmap_trace_feed_older(struct pgmap_trace_feed *feed, const struct pgmap_source_older *older,
			   __u64 time_ns, const struct pgmap_sink *sink);

/* Losses and records of each kind; @lost: how many the caller knows to be missing. */
void pgmap_trace_feed_counts(const struct pgmap_trace_feed *feed, __u64 lost,
			     const struct pgmap_sink *sink);

/* Leaves it empty. */
void pgmap_trace_feed_free(struct pgmap_trace_feed *feed);

#endif
