/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules that need more than the transition table, and how a finding is made. */
#ifndef PGMAP_CORE_JUDGE_H
#define PGMAP_CORE_JUDGE_H

#include <pgmap/names.h>

#include "model.h"

/* What is about to be reported: the rule and what the rules fill in. */
struct pgmap_breach {
	enum pgmap_rule rule;
	enum pgmap_severity severity;
	enum pgmap_state state;		/* before the event */
	const struct pgmap_instance *other; /* the pagemap in the way, or NULL */
	struct pgmap_range range;
	__u64 for_ns;			/* stalls: how long by now */
	bool known;			/* told of before: this is no new one, only graver */
};

/*
 * Turns a breach of @instance by @ev into a finding, unless the rule is off or does
 * not hold for it. A TICK stands for nobody's doing.
 */
void pgmap_judge_report(struct pgmap_model *model, const struct pgmap_instance *instance,
			const struct pgmap_event *ev, const struct pgmap_breach *breach);

/*
 * The part of an add that goes by time: did it begin before the pagemap that
 * was last at this address (@before, may be NULL) was released?
 */
bool pgmap_judge_began_too_early(const struct pgmap_instance *before,
				 const struct pgmap_event *ev);

/* ADD_OVERLAP: does @range of @instance meet what another had not released at its begin? */
void pgmap_judge_overlap(struct pgmap_model *model, const struct pgmap_instance *instance,
			 const struct pgmap_event *ev, const struct pgmap_range *range);

/*
 * DRAINED_OUTSTANDING and REF_IMBALANCE, from the sums at drained and at release;
 * the latter also at the kill and at a free that was counted here.
 */
void pgmap_judge_sums(struct pgmap_model *model, const struct pgmap_instance *instance,
		      const struct pgmap_event *ev, enum pgmap_state before);

/* The rule that the source itself saw broken by @ev, if any. */
void pgmap_judge_by_source(struct pgmap_model *model, const struct pgmap_instance *instance,
			   const struct pgmap_event *ev, enum pgmap_state before);

/* LEAK: nothing more will come. */
void pgmap_judge_left(struct pgmap_model *model, const struct pgmap_instance *instance);

#endif
