/* SPDX-License-Identifier: GPL-2.0-only */
/* The sentences of the table view: details of events, findings, totals, verdict. */
#ifndef PGMAP_VIEW_PROSE_H
#define PGMAP_VIEW_PROSE_H

#include <stdio.h>

#include "units.h"
#include "view.h"

enum { PGMAP_PROSE_LEN = 256 };

/* What is special about @ev; @row may be NULL. */
void pgmap_prose_event(char detail[PGMAP_PROSE_LEN], const struct pgmap_event *ev,
		       const struct pgmap_row *row);

/* How severe, which rule, what it means; which pagemap; by whom: a line each. */
void pgmap_prose_finding(FILE *out, const struct pgmap_finding *finding,
			 enum pgmap_severity severity);

/* @time_ns as seconds since the run began or, with timestamps, as the time of day. */
struct pgmap_text pgmap_prose_time(const struct pgmap_view_options *options, __u64 time_ns);

/* The events that led to it, one line each. */
void pgmap_prose_history(const struct pgmap_view_options *options,
			 const struct pgmap_finding *finding);

/* A kernel stack, innermost first, a line each. */
void pgmap_prose_stack(const struct pgmap_view_options *options, const __u64 *stack, __u32 nr);

/* Why a pagemap does not drain: who waits, what is left, who holds it. */
void pgmap_prose_explanation(const struct pgmap_view_options *options,
			     const struct pgmap_explanation *why);

/* The pagemaps there are now, a line each, more ranges below. */
void pgmap_prose_listing(const struct pgmap_view_options *options,
			 const struct pgmap_listing *listing);

/* One line about rules that are off since the source does not show what they need, if any. */
void pgmap_prose_rules_off(FILE *out, const struct pgmap_snapshot *snapshot);

/* One line each: pagemaps by state with rates or with sums, and what was lost. */
void pgmap_prose_totals(FILE *out, const struct pgmap_snapshot *snapshot);
void pgmap_prose_sums(FILE *out, const struct pgmap_snapshot *snapshot);

/* A line of what was lost: a number for each cause, or nothing; @unseen: of PGMAP_SIGHT_. */
void pgmap_prose_losses(FILE *out, const __u64 losses[PGMAP_NR_LOSSES], __u32 unseen);

void pgmap_prose_verdict(FILE *out, const struct pgmap_snapshot *snapshot);

#endif
