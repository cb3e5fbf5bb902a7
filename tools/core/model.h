/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the events mean: feed it events in order of time, page counts and
 * losses; it keeps every pagemap's life, judges it by pgmap/lifetime.h and
 * holds the findings. No I/O, no clock: time comes from the events alone.
 */
#ifndef PGMAP_CORE_MODEL_H
#define PGMAP_CORE_MODEL_H

#include "faults.h"
#include "finding.h"
#include "instance.h"
#include "page_table.h"
#include "ranges.h"
#include "summary.h"

struct pgmap_timeline;

enum { PGMAP_MAX_ENDED = 1024 };	/* released pagemaps remembered */

/* What the user decides about judging. */
struct pgmap_judge_options {
	__u64 stall_warn_ns;	/* KILL_STALL and RELEASE_STALL warn, FAULT_NO_EXIT reports */
	__u64 stall_error_ns;	/* KILL_STALL becomes an error; 0 never */
	__u32 only;		/* rules to judge by, bit 1 << enum pgmap_rule; 0: all */
	__u32 disabled;		/* rules not to judge by, also of those */
	bool pages;		/* the rules of level PAGES too */
	__u32 unseen;		/* PGMAP_SIGHT_* that the source does not show: not the user's */
	__u32 max_pages;	/* states of pages kept here at once; 0: PGMAP_MAX_PAGES */
};

struct pgmap_model {
	struct pgmap_judge_options options;
	struct pgmap_table table;
	struct pgmap_ranges held;	/* owners: instances, also ended ones */
	struct pgmap_faults faults;
	struct pgmap_page_table pages;
	struct pgmap_findings findings;
	__u64 now_ns;			/* of the last event */
	__u64 due_ns;			/* before that no rule of the clock can be broken */
	__u64 losses[PGMAP_NR_LOSSES];	/* as the source says */
	__u64 own_losses[PGMAP_NR_LOSSES]; /* found here */
	__u64 sent[PGMAP_NR_EVENTS];	/* records of each kind, as the source says */
	__u64 events;
	__u64 adds;			/* successes */
	__u64 forgotten;		/* ended pagemaps dropped from the table */
	__u32 forgotten_generation;	/* the highest of theirs */
	struct pgmap_counts forgotten_counts;
	__s64 forgotten_outstanding;	/* of those of which it was known */
	struct pgmap_timeline *timeline; /* gets these, and faults; the caller's, or NULL */
	struct pgmap_summary *summary;	/* gets those that are forgotten; the caller's, or NULL */
};

/* Warn after 10 s, error after 120 s, no rule off, no page rules. */
struct pgmap_judge_options pgmap_judge_defaults(void);

/* Returns 0 or -ENOMEM; either way it may be freed. @options NULL: the defaults. */
int pgmap_model_init(struct pgmap_model *model, const struct pgmap_judge_options *options);

/*
 * The end of what is observed, at @time_ns. @complete: the work that was to be watched has
 * ended by itself, so what is left is left for good (LEAK).
 */
void pgmap_model_end(struct pgmap_model *model, __u64 time_ns, bool complete);

/*
 * One event, not older than the one before. Before it is looked at, its time is
 * news to the rules of the clock. Returns 0, -ENOMEM, or -EINVAL: see record.h.
 */
int pgmap_model_event(struct pgmap_model *model, const struct pgmap_event *ev);

/* Will the next event, if it comes at @time_ns, be judged by the counts as they are now? */
bool pgmap_model_is_due(const struct pgmap_model *model, __u64 time_ns);

/*
 * Sums since its birth, and what is new in one latency bucket, of one generation. Of what the
 * model has not heard of yet they are ignored: the next call brings the sums again. Returns 0
 * or a negative errno.
 */
int pgmap_model_counts(struct pgmap_model *model, __u64 pgmap, __u32 generation,
		       const struct pgmap_counts *counts);
int pgmap_model_latency(struct pgmap_model *model, __u64 pgmap, __u32 generation,
			__u32 bucket, const struct pgmap_hist_sum *sum);

/* @count of @cause since the start, as the source knows it. */
void pgmap_model_lost(struct pgmap_model *model, enum pgmap_loss cause, __u64 count);

/* @count records of @event since the start, as the source counts them. */
void pgmap_model_sent(struct pgmap_model *model, enum pgmap_event_id event, __u64 count);

/* All there is for one cause, the source's and the model's own. */
__u64 pgmap_model_losses(const struct pgmap_model *model, enum pgmap_loss cause);

/* Whether something is missing that could have changed a judgement. */
bool pgmap_model_is_incomplete(const struct pgmap_model *model);

enum pgmap_verdict pgmap_model_verdict(const struct pgmap_model *model);

/* How severe a finding counts now: any lost event turns errors into warnings. */
enum pgmap_severity pgmap_model_severity(const struct pgmap_model *model,
					 const struct pgmap_finding *finding);

/* What the source shows, as a set of PGMAP_SIGHT_*; it may turn out to be less than at first. */
void pgmap_model_set_sight(struct pgmap_model *model, __u32 sight);

/* Rules that the user wants judged and that need what the source does not show, as a set. */
__u32 pgmap_model_rules_off(const struct pgmap_model *model);

/* Ends an interval: the next one counts from here. */
void pgmap_model_mark(struct pgmap_model *model);

void pgmap_model_free(struct pgmap_model *model);

#endif
