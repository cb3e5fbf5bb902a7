/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A finding: which rule was broken on which pagemap, when, by whom, and the
 * events that led to it. And a bounded list of them.
 */
#ifndef PGMAP_CORE_FINDING_H
#define PGMAP_CORE_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include <pgmap/event.h>
#include <pgmap/lifetime.h>

enum { PGMAP_MAX_MOMENTS = 6, PGMAP_MAX_FINDINGS = 256 };

/* One event in a pagemap's life, as much of it as a reader of a finding needs. */
struct pgmap_moment {
	__u64 time_ns;
	__u32 generation;
	__u32 pid;
	__u16 event;
	__u16 flags;
	__s32 error;
	char comm[PGMAP_COMM_LEN];
};

/* The last PGMAP_MAX_MOMENTS of them, oldest first. */
struct pgmap_history {
	struct pgmap_moment moments[PGMAP_MAX_MOMENTS];
	__u32 nr;
};

struct pgmap_finding {
	__u16 rule;
	__u16 severity;
	__u16 state;		/* before the event that broke the rule */
	__u16 type;
	__u64 time_ns;
	__u64 pgmap;
	__u32 generation;
	__u32 pid;
	char comm[PGMAP_COMM_LEN];
	char driver[PGMAP_NAME_LEN];
	char device[PGMAP_NAME_LEN];
	__u64 times;		/* how often, all on this pagemap */
	__u64 change;		/* number of the change that made it so: new, or more severe */
	/* by rule, otherwise 0 */
	__s32 error;		/* ADD_FAILED */
	__u32 other_generation;	/* ADD_OVERLAP, ADD_ON_ACTIVE: the pagemap in the way */
	__u64 other;
	struct pgmap_range range; /* ADD_OVERLAP: what both want */
	__u64 pfn;		/* page rules: the page */
	__u64 address;		/* fault rules: of the fault */
	__s64 outstanding;	/* of the pagemap, base pages */
	bool outstanding_unknown; /* the number above says nothing */
	__u32 unseen;		/* PGMAP_SIGHT_* that the source does not show */
	__u64 for_ns;		/* stalls, FAULT_NO_EXIT: how long by then */
	__u32 tid;		/* thread, of process pid */
	__u32 nr_range;
	struct pgmap_range where; /* the pagemap's first range; 0-0 unknown */
	__u32 nr_frames;	/* of the thread that did it; stalls: of the killer */
	__u32 nr_faults;	/* FAULT_NO_PROGRESS: how many */
	__u64 stack[PGMAP_MAX_FRAMES];
	struct pgmap_history history;
};

/* All zero is an empty one. */
struct pgmap_findings {
	struct pgmap_finding *all;
	size_t nr;
	size_t room;
	__u64 changes;		/* findings with a larger number than then are news */
	__u64 times[PGMAP_NR_RULES];
	__u64 dropped;		/* past PGMAP_MAX_FINDINGS: counted only */
	__u64 breaches;		/* all that were reported, also those that are no news */
	bool errors;		/* one of them, kept or not, is an error */
};

/* What is kept of @ev, which is about @generation. */
struct pgmap_moment pgmap_moment_of(const struct pgmap_event *ev, __u32 generation);

/* The oldest makes room for one too many. */
void pgmap_history_add(struct pgmap_history *history, const struct pgmap_event *ev,
		       __u32 generation);

/*
 * Adds a copy of @finding, or counts it when the same rule was broken on the
 * same pagemap before, or when there are PGMAP_MAX_FINDINGS. A new one is last;
 * one more severe than before takes the place of the old one. @finding->times is
 * 0 for what is no new breach, only a graver one.
 */
void pgmap_findings_add(struct pgmap_findings *findings, const struct pgmap_finding *finding);

/* How severe it counts: where events are missing (@incomplete) no error is certain. */
enum pgmap_severity pgmap_finding_severity(const struct pgmap_finding *finding, bool incomplete);

/* Leaves it empty. */
void pgmap_findings_free(struct pgmap_findings *findings);

#endif
