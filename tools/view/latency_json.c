// SPDX-License-Identifier: GPL-2.0-only
/*
 * Latencies as one JSON object: numbers for whoever reads it, and the buckets, so that
 * nothing is lost when it is read back (tools/saved/).
 */
#include <string.h>

#include <pgmap/names.h>

#include "json_value.h"
#include "latency.h"

static json *of_buckets(const struct pgmap_latency *values)
{
	json *all = json_object_new_array();
	__u32 i;

	for (i = 0; i < values->nr; i++) {
		json *pair = json_object_new_array();

		json_object_array_add(pair, json_object_new_int64(values->buckets[i].bucket));
		json_object_array_add(pair, json_object_new_uint64(values->buckets[i].count));
		json_object_array_add(all, pair);
	}
	return all;
}

/* Of each bucket: what its middle only comes near to. */
static json *of_sums(const struct pgmap_latency *values)
{
	json *all = json_object_new_array();
	__u32 i;

	for (i = 0; i < values->nr; i++)
		json_object_array_add(all, json_object_new_uint64(values->buckets[i].sum_ns));
	return all;
}

static json *of_metric(const struct pgmap_summary *summary, const struct pgmap_group *group,
		       enum pgmap_metric_id id)
{
	const struct pgmap_metric *metric = &group->metrics[id];
	struct pgmap_metric_stats stats = pgmap_metric_stats(metric);
	json *one = json_object_new_object();

	pgmap_put_u64(one, "count", stats.count);
	json_object_object_add(one, "rate",
			       json_object_new_double(pgmap_rate_of(summary, stats.count)));
	pgmap_put_u64(one, "mean_ns", stats.mean_ns);
	pgmap_put_u64(one, "p50_ns", stats.p50_ns);
	pgmap_put_u64(one, "p90_ns", stats.p90_ns);
	pgmap_put_u64(one, "p99_ns", stats.p99_ns);
	pgmap_put_u64(one, "p999_ns", stats.p999_ns);
	pgmap_put_u64(one, "max_ns", stats.max_ns);
	if (pgmap_metric_has_pairs(summary, id)) {
		pgmap_put_u64(one, "unended", metric->unended);
		pgmap_put_u64(one, "unstarted", metric->unstarted);
	}
	json_object_object_add(one, "buckets", of_buckets(&metric->values));
	json_object_object_add(one, "sums_ns", of_sums(&metric->values));
	return one;
}

static void put_identity(json *to, const struct pgmap_group *group)
{
	pgmap_put_address(to, "pgmap", group->pgmap);
	pgmap_put_u64(to, "generation", group->generation);
	pgmap_put_text(to, "type", pgmap_type_name(group->type));
	pgmap_put_text(to, "driver", group->driver);
	pgmap_put_text(to, "device", group->device);
	pgmap_put_bool(to, "rest", group->rest);
}

void pgmap_put_group(json *to, enum pgmap_by by, const struct pgmap_group *group)
{
	char comm[PGMAP_COMM_LEN + 1] = "";

	switch (by) {
	case PGMAP_BY_DRIVER:
		pgmap_put_text(to, "driver", group->driver);
		return;
	case PGMAP_BY_TYPE:
		pgmap_put_text(to, "type", pgmap_type_name(group->type));
		return;
	case PGMAP_BY_NODE:
		pgmap_put_s64(to, "node", group->node);
		return;
	case PGMAP_BY_COMM:
		memcpy(comm, group->comm, PGMAP_COMM_LEN);
		pgmap_put_text(to, "comm", comm);
		return;
	case PGMAP_BY_CPU:
		pgmap_put_u64(to, "cpu", group->cpu);
		return;
	case PGMAP_BY_PHASE:
		pgmap_put_text(to, "phase", pgmap_phase_name(group->phase));
		return;
	default:
		put_identity(to, group);
	}
}

static json *of_group(const struct pgmap_summary *summary, const struct pgmap_group *group)
{
	json *one = json_object_new_object();
	json *metrics = json_object_new_object();
	int id;

	pgmap_put_group(one, summary->by, group);
	if (!pgmap_by_needs_groups(summary->by)) {
		pgmap_put_bool(one, "partial", group->partial);
		pgmap_put_u64(one, "pagemaps", group->pagemaps);
		pgmap_put_u64(one, "failed_adds", group->failed_adds);
		pgmap_put_u64(one, "fault_errors", group->fault_errors);
	}
	for (id = 0; id < PGMAP_NR_METRICS; id++)
		if (pgmap_metric_is_known(summary, id))
			json_object_object_add(metrics, pgmap_metric_name(id),
					       of_metric(summary, group, id));
	json_object_object_add(one, "metrics", metrics);
	return one;
}

void pgmap_put_origin(json *to, const struct pgmap_origin *origin)
{
	pgmap_put_text(to, "tool", origin->tool);
	pgmap_put_text(to, "kernel", origin->kernel);
	pgmap_put_text(to, "arch", origin->arch);
	pgmap_put_text(to, "backend", origin->backend);
	pgmap_put_u64(to, "cpus", origin->cpus);
}

void pgmap_json_latencies(struct pgmap_view *view, const struct pgmap_summary *summary)
{
	json *line = pgmap_json_start(view, "latency", summary->time_ns);
	json *groups = json_object_new_array();
	json *lost = json_object_new_object();
	int cause;
	size_t i;

	pgmap_put_origin(line, &summary->origin);
	pgmap_put_u64(line, "duration_ns", summary->duration_ns);
	pgmap_put_text(line, "by", pgmap_by_name(summary->by));
	pgmap_put_u64(line, "sub_buckets", PGMAP_HIST_SUB);
	pgmap_put_bool(line, "incomplete", summary->incomplete);
	for (cause = PGMAP_LOSS_NONE + 1; cause < PGMAP_NR_LOSSES; cause++)
		pgmap_put_u64(lost, pgmap_loss_name(cause), summary->losses[cause]);
	json_object_object_add(line, "lost", lost);
	json_object_object_add(line, "unseen", pgmap_json_unseen(summary->unseen));
	for (i = 0; i < summary->nr; i++)
		json_object_array_add(groups, of_group(summary, &summary->groups[i]));
	json_object_object_add(line, "groups", groups);
	pgmap_json_finish(view, line);
}
