// SPDX-License-Identifier: GPL-2.0-only
/* Losses, severity, verdict, and the end of an interval. */
#include <string.h>

#include "model.h"

void pgmap_model_lost(struct pgmap_model *model, enum pgmap_loss cause, __u64 count)
{
	model->losses[cause] = count;
}

void pgmap_model_sent(struct pgmap_model *model, enum pgmap_event_id event, __u64 count)
{
	model->sent[event] = count;
}

__u64 pgmap_model_losses(const struct pgmap_model *model, enum pgmap_loss cause)
{
	return model->losses[cause] + model->own_losses[cause];
}

/*
 * A fault that was running when the observer came ends without a start: that
 * is no lost event. Nor is the stack of a page's alloc, which no rule looks at: the
 * page itself is known. All other causes are.
 */
static bool is_lost_event(enum pgmap_loss cause)
{
	return cause != PGMAP_LOSS_STRAY_EXIT && cause != PGMAP_LOSS_STACKS;
}

bool pgmap_model_is_incomplete(const struct pgmap_model *model)
{
	int cause;

	for (cause = PGMAP_LOSS_NONE + 1; cause < PGMAP_NR_LOSSES; cause++)
		if (is_lost_event(cause) && pgmap_model_losses(model, cause))
			return true;
	return false;
}

enum pgmap_verdict pgmap_model_verdict(const struct pgmap_model *model)
{
	if (pgmap_model_is_incomplete(model))
		return PGMAP_VERDICT_INCONCLUSIVE;
	return model->findings.errors ? PGMAP_VERDICT_VIOLATED : PGMAP_VERDICT_CLEAN;
}

enum pgmap_severity pgmap_model_severity(const struct pgmap_model *model,
					 const struct pgmap_finding *finding)
{
	return pgmap_finding_severity(finding, pgmap_model_is_incomplete(model));
}

void pgmap_model_set_sight(struct pgmap_model *model, __u32 sight)
{
	model->options.unseen = PGMAP_SIGHT_ALL & ~sight;
}

static void mark_list(struct pgmap_instance_list *list)
{
	struct pgmap_instance *one;

	TAILQ_FOREACH(one, list, order) {
		one->marked = one->counts;
		one->shown = one->ended;
		pgmap_latency_mark(&one->latency);
	}
}

void pgmap_model_mark(struct pgmap_model *model)
{
	mark_list(&model->table.active);
	mark_list(&model->table.ended);
}
