// SPDX-License-Identifier: GPL-2.0-only
/* Numbers from a source into the model. */
#include "intake.h"

static int take_counts(void *model, __u64 pgmap, __u32 generation,
		       const struct pgmap_counts *counts)
{
	return pgmap_model_counts(model, pgmap, generation, counts);
}

static int take_latency(void *model, __u64 pgmap, __u32 generation, __u32 bucket,
			const struct pgmap_hist_sum *sum)
{
	return pgmap_model_latency(model, pgmap, generation, bucket, sum);
}

static void take_group(void *context, const struct pgmap_group_key *key,
		       const struct pgmap_group_value *value)
{
	struct pgmap_model *model = context;

	if (model->summary)
		pgmap_summary_set(model->summary, key, value);
}

static void take_lost(void *model, enum pgmap_loss cause, __u64 count)
{
	pgmap_model_lost(model, cause, count);
}

static void take_sent(void *model, enum pgmap_event_id event, __u64 count)
{
	pgmap_model_sent(model, event, count);
}

struct pgmap_sink pgmap_intake(struct pgmap_model *model)
{
	return (struct pgmap_sink){
		.counts = take_counts,
		.latency = take_latency,
		.group = take_group,
		.lost = take_lost,
		.sent = take_sent,
		.context = model,
	};
}
