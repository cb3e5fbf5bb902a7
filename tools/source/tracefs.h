/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the tracefs source share this and nobody else includes it. */
#ifndef PGMAP_SOURCE_TRACEFS_H
#define PGMAP_SOURCE_TRACEFS_H

#include "source.h"
#include "trace_feed.h"
#include "tracefs_cpus.h"
#include "tracefs_guard.h"
#include "tracefs_tasks.h"

struct tep_handle;
struct tracefs_instance;

/* An instance of tracefs of our own, in which the eight tracepoints are recorded. */
struct pgmap_trace_instance {
	struct tracefs_instance *tracefs;
	struct pgmap_trace_guard guard;
	char name[64];
	int names;		/* descriptor of saved_cmdlines, or -1 */
	int switch_fd;		/* of tracing_on, or -1 */
	__u32 buffer_bytes;	/* of one CPU */
};

struct pgmap_source {
	struct pgmap_trace_instance instance;
	struct pgmap_trace_feed feed;
	struct pgmap_trace_cpus cpus;
	struct pgmap_tasks tasks;
	__u64 last_tick_ns;
	__u32 pages;			/* as in the options */
	bool filtered;
	enum pgmap_type type;		/* as in the options, like what follows */
	__u64 pgmap;
	struct pgmap_trace_older *older; /* found, but not told of yet; in order of time */
};

/* ---- tracefs_instance.c; each returns 0, or a negative errno with one line in @why ---- */

/* Are tracefs and our tracepoints there, and may we make an instance of it? */
int pgmap_trace_instance_check(char why[PGMAP_WHY_LEN]);

/* What the kernel's records look like, and the size of a page of its buffers in bytes. */
int pgmap_trace_instance_formats(struct pgmap_trace_formats *formats, size_t *page_size,
				 char why[PGMAP_WHY_LEN]);

/* Of one CPU: what the user wants, or the usual. */
__u32 pgmap_trace_buffer_bytes(const struct pgmap_source_options *options);

/* Makes it, switched off, with a guard; takes away what killed runs have left. */
int pgmap_trace_instance_make(struct pgmap_trace_instance *instance, __u32 buffer_bytes,
			      char why[PGMAP_WHY_LEN]);

/* What @options filter out is not recorded. */
int pgmap_trace_instance_filter(const struct pgmap_trace_instance *instance,
				const struct pgmap_trace_formats *formats,
				const struct pgmap_source_options *options,
				char why[PGMAP_WHY_LEN]);

/* All eight at one moment. */
int pgmap_trace_instance_start(struct pgmap_trace_instance *instance, char why[PGMAP_WHY_LEN]);

/* Nothing more is recorded. */
void pgmap_trace_instance_stop(const struct pgmap_trace_instance *instance);

/* Removes it; all that was opened in it has to be closed. Takes one that was never made. */
void pgmap_trace_instance_remove(struct pgmap_trace_instance *instance);

/* ---- tracefs_older.c ---- */

/* As the source's adopt(): 0 also for one that the filters hide. */
int pgmap_tracefs_adopt(struct pgmap_source *source, const struct pgmap_source_older *found);

/*
 * Tells of those that were found by @until_ns, all records before that having been given, but
 * not of those that showed themselves meanwhile. Returns 0 or a negative errno.
 */
int pgmap_tracefs_give_older(struct pgmap_source *source, __u64 until_ns,
			     const struct pgmap_sink *sink);

void pgmap_tracefs_free_older(struct pgmap_source *source);

#endif
