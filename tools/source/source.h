/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where events come from: a running kernel, or a file. A source gives them in order of
 * time, with its own losses; core cannot tell which source ran.
 */
#ifndef PGMAP_SOURCE_H
#define PGMAP_SOURCE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <pgmap/event.h>
#include <pgmap/grouping.h>
#include <pgmap/histogram.h>
#include <pgmap/sight.h>

enum { PGMAP_WHY_LEN = 512, PGMAP_MAX_FACTS = 24, PGMAP_FACT_LEN = 256 };

/* What can show the events, in the order in which "auto" tries them. */
#define PGMAP_BACKENDS(X)	\
	X(AUTO, "auto")	\
	X(TP_BTF, "tp_btf")	\
	X(FENTRY, "fentry")	\
	X(KPROBE, "kprobe")	\
	X(TRACEFS, "tracefs")

enum pgmap_backend {
#define X(id, name) PGMAP_BACKEND_##id,
	PGMAP_BACKENDS(X)
#undef X
	PGMAP_NR_BACKENDS
};

struct pgmap_source_options {
	enum pgmap_backend backend;
	enum pgmap_type type;		/* 0 all */
	__u64 pgmap;			/* address, 0 all */
	char driver[PGMAP_NAME_LEN];	/* empty: all */
	__u32 pages;			/* keep the state of so many pages; 0: of none */
	bool probe_get;			/* probe get_dev_pagemap() */
	enum pgmap_by by;		/* tell faults apart by this too: COMM, CPU, PHASE */
	__u64 stall_ns;			/* tell of faults that are open for so long */
	__u32 buffer_bytes;		/* of the ring buffer; a power of two, >= 4096; 0: usual */
	const char *file;		/* to replay; NULL: the running kernel is watched */
	/* what libraries say, for whoever asked for it; may be NULL */
	void (*log)(const char *format, va_list args);
};

/* Where a source puts what it has. Each returns 0 or a negative errno that ends the run. */
struct pgmap_sink {
	int (*event)(void *context, const struct pgmap_event *ev);
	/* a record has come, which is given in its order later; may be NULL */
	void (*arrived)(void *context, const struct pgmap_event *ev);
	/* absolute sums of one generation */
	int (*counts)(void *context, __u64 pgmap, __u32 generation,
		      const struct pgmap_counts *counts);
	/*
	 * What has come into one of its latency buckets since the last time, of which @event has
	 * told. NULL: not wanted, it stays where it is
	 */
	int (*latency)(void *context, __u64 pgmap, __u32 generation, __u32 bucket,
		       const struct pgmap_hist_sum *sum);
	/* absolute: one bucket of the faults by thread name, CPU or phase, when asked for */
	void (*group)(void *context, const struct pgmap_group_key *key,
		      const struct pgmap_group_value *value);
	/* absolute, since the start */
	void (*lost)(void *context, enum pgmap_loss cause, __u64 count);
	/* absolute: records that crossed from the kernel one by one */
	void (*sent)(void *context, enum pgmap_event_id event, __u64 count);
	void *context;
};

/* What a source says about itself, for --check. */
struct pgmap_fact {
	const char *key;
	char value[PGMAP_FACT_LEN];
};

/* A pagemap that was mapped before there was a source, as who found it knows it. */
struct pgmap_source_older {
	__u64 pgmap;
	__u64 pages;		/* 0: not known */
	__u32 type;		/* enum pgmap_type */
	__u32 nr_range;
	__u32 nr_here;		/* of @ranges */
	char driver[PGMAP_NAME_LEN];	/* empty: not known, as below */
	char device[PGMAP_NAME_LEN];
	struct pgmap_range ranges[PGMAP_MAX_RANGES];
};

struct pgmap_source;

struct pgmap_source_ops {
	const char *name;
	__u32 groups;		/* what of pgmap_source_options.by it knows: 1 << enum pgmap_by */
	/*
	 * Do rights and kernel allow it, as far as a look tells? Returns 0, or a negative
	 * errno with one line for the user in @why.
	 */
	int (*check)(char why[PGMAP_WHY_LEN]);
	/*
	 * From here on nothing is missed. Returns 0, or a negative errno with
	 * one line for the user in @why: what failed and what to do.
	 */
	int (*open)(struct pgmap_source **source, const struct pgmap_source_options *options,
		    char why[PGMAP_WHY_LEN]);
	/* what it shows on this kernel: a set of PGMAP_SIGHT_* */
	__u32 (*sight)(const struct pgmap_source *source);
	/* readable when there is something to read; the source's own */
	int (*fd)(const struct pgmap_source *source);
	/* what has arrived and is old enough at @now_ns to be in order; all of it at ~0 */
	int (*read)(struct pgmap_source *source, __u64 now_ns, const struct pgmap_sink *sink);
	/* events wait for their order: come back soon, even if the fd is silent */
	bool (*is_holding)(const struct pgmap_source *source);
	/*
	 * Takes over a pagemap that was mapped before the source was open: its SEEN
	 * comes as any event. Returns 1, 0: its add or release has been seen, or a
	 * negative errno. NULL: it is a file.
	 */
	int (*adopt)(struct pgmap_source *source, const struct pgmap_source_older *older);
	/* does it go on attaching while it watches, for which it needs its rights? NULL: no */
	bool (*attaches)(const struct pgmap_source *source);
	/* would it be allowed to, with its rights of now? 0 or an errno; NULL as above */
	int (*may_attach)(const struct pgmap_source *source);
	/*
	 * Of a source whose events are over, in a file: where its time stands. Its fd is -1,
	 * each read() takes a part of it, and none is left when nothing is held. NULL: time is
	 * CLOCK_MONOTONIC, as for the two that follow.
	 */
	__u64 (*now)(const struct pgmap_source *source);
	/* has it said that what was watched ended by itself? */
	bool (*is_complete)(const struct pgmap_source *source);
	/* what read() failed of, one line for the user; NULL: its errno says it all */
	const char *(*failure)(const struct pgmap_source *source);
	/* sums and losses as of now */
	int (*read_counts)(struct pgmap_source *source, const struct pgmap_sink *sink);
	/* Returns their number. */
	size_t (*facts)(const struct pgmap_source *source,
			struct pgmap_fact facts[PGMAP_MAX_FACTS]);
	/* Detaches everything; takes NULL and half-opened ones. */
	void (*free)(struct pgmap_source *source);
};

extern const struct pgmap_source_ops pgmap_source_live;
extern const struct pgmap_source_ops pgmap_source_tracefs;
extern const struct pgmap_source_ops pgmap_source_file;

/* As on the command line. */
const char *pgmap_backend_name(enum pgmap_backend backend);

/* Returns 0, or -EINVAL: no such backend. */
int pgmap_backend_parse(const char *text, enum pgmap_backend *backend);

#endif
