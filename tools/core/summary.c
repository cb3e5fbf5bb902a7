// SPDX-License-Identifier: GPL-2.0-only
/* From lives to groups: which group, and what of a life is a latency. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "summary.h"

static __u64 larger(__u64 a, __u64 b)
{
	return a > b ? a : b;
}

static __u64 above(__u64 a, __u64 b)
{
	return a > b ? a - b : 0;
}

static const __u32 needs[PGMAP_NR_METRICS] = {
	[PGMAP_METRIC_FAULT] = PGMAP_SIGHT_FAULT,
	[PGMAP_METRIC_SETUP] = PGMAP_SIGHT_ADD,
	[PGMAP_METRIC_DRAIN] = PGMAP_SIGHT_KILL | PGMAP_SIGHT_DRAINED,
	[PGMAP_METRIC_RELEASE] = PGMAP_SIGHT_DRAINED | PGMAP_SIGHT_RELEASE,
};

bool pgmap_metric_is_known(const struct pgmap_summary *summary, enum pgmap_metric_id metric)
{
	if (pgmap_by_needs_groups(summary->by) && metric != PGMAP_METRIC_FAULT)
		return false;
	return !(needs[metric] & summary->unseen);
}

bool pgmap_metric_has_pairs(const struct pgmap_summary *summary, enum pgmap_metric_id metric)
{
	if (metric == PGMAP_METRIC_FAULT && summary->unseen & PGMAP_SIGHT_ENTER)
		return false;
	return !pgmap_by_needs_groups(summary->by);
}

/* ---- metrics ---- */

int pgmap_metric_add(struct pgmap_metric *metric, __u64 ns)
{
	metric->max_ns = larger(metric->max_ns, ns);
	return pgmap_latency_add(&metric->values, ns);
}

/*
 * Both are read while the kernel goes on counting, one a moment after the other: what is more
 * than it can be has come in between and is none of the unpaired.
 */
static int add_faults(struct pgmap_metric *metric, const struct pgmap_instance *one)
{
	__u64 measured = pgmap_latency_total(&one->latency, PGMAP_LATENCY_ALL);

	metric->max_ns = larger(metric->max_ns, one->counts.fault_max_ns);
	metric->unended += above(one->counts.fault_enters, measured);
	metric->unstarted += above(one->counts.faults, measured);
	return pgmap_latency_merge(&metric->values, &one->latency);
}

/* From one moment of a life to the next; 0 is a moment that was not seen. */
static int add_span(struct pgmap_metric *metric, __u64 from_ns, __u64 to_ns)
{
	if (from_ns && to_ns >= from_ns)
		return pgmap_metric_add(metric, to_ns - from_ns);
	metric->unended += from_ns != 0;
	metric->unstarted += to_ns != 0;
	return 0;
}

static int add_life(struct pgmap_group *group, const struct pgmap_instance *one)
{
	struct pgmap_metric *metrics = group->metrics;
	int err;

	if (one->error) {
		group->failed_adds++;
		return 0;
	}
	/* a pagemap older than the observer has no add, neither half of it */
	err = one->setup_ns ? pgmap_metric_add(&metrics[PGMAP_METRIC_SETUP], one->setup_ns) : 0;
	if (!err)
		err = add_span(&metrics[PGMAP_METRIC_DRAIN], one->killed_ns, one->drained_ns);
	if (!err)
		err = add_span(&metrics[PGMAP_METRIC_RELEASE], one->drained_ns, one->released_ns);
	return err;
}

/* A bucket's middle may lie above the exact maximum. */
static __u64 percentile(const struct pgmap_metric *metric, __u32 permille)
{
	__u64 ns = pgmap_latency_percentile(&metric->values, PGMAP_LATENCY_ALL, permille);

	return ns < metric->max_ns ? ns : metric->max_ns;
}

struct pgmap_metric_stats pgmap_metric_stats(const struct pgmap_metric *metric)
{
	struct pgmap_metric_stats stats = {
		.count = pgmap_latency_total(&metric->values, PGMAP_LATENCY_ALL),
	};

	if (!stats.count)
		return stats;
	stats.max_ns = metric->max_ns;
	stats.mean_ns = llround(pgmap_latency_mean(&metric->values));
	if (stats.mean_ns > stats.max_ns)
		stats.mean_ns = stats.max_ns;	/* a file of which sums are not known */
	stats.p50_ns = percentile(metric, 500);
	stats.p90_ns = percentile(metric, 900);
	stats.p99_ns = percentile(metric, 990);
	stats.p999_ns = percentile(metric, 999);
	return stats;
}

/* ---- groups ---- */

struct pgmap_group *pgmap_summary_append(struct pgmap_summary *summary)
{
	size_t room = summary->room ? summary->room * 2 : 16;
	struct pgmap_group *more, *group;

	if (summary->nr == summary->room) {
		more = reallocarray(summary->groups, room, sizeof(*more));
		if (!more)
			return NULL;
		summary->groups = more;
		summary->room = room;
	}
	group = &summary->groups[summary->nr++];
	memset(group, 0, sizeof(*group));
	group->node = -1;
	return group;
}

bool pgmap_group_is_like(enum pgmap_by by, const struct pgmap_group *a,
			 const struct pgmap_group *b)
{
	switch (by) {
	case PGMAP_BY_PGMAP:
		return a->type == b->type && a->rest == b->rest && !strcmp(a->driver, b->driver) &&
		       !strcmp(a->device, b->device);
	case PGMAP_BY_DRIVER:
		return !strcmp(a->driver, b->driver);
	case PGMAP_BY_TYPE:
		return a->type == b->type;
	case PGMAP_BY_NODE:
		return a->node == b->node;
	case PGMAP_BY_COMM:
		return !strncmp(a->comm, b->comm, PGMAP_COMM_LEN);
	case PGMAP_BY_CPU:
		return a->cpu == b->cpu;
	case PGMAP_BY_PHASE:
		return a->phase == b->phase;
	default:
		return false;
	}
}

/* The group of those that are like @wanted, made when there is none. */
static struct pgmap_group *group_like(struct pgmap_summary *summary,
				      const struct pgmap_group *wanted)
{
	struct pgmap_group *group;
	size_t i;

	for (i = 0; i < summary->nr; i++)
		if (pgmap_group_is_like(summary->by, &summary->groups[i], wanted))
			return &summary->groups[i];
	group = pgmap_summary_append(summary);
	if (group)
		*group = *wanted;
	return group;
}

static struct pgmap_group group_of(const struct pgmap_instance *one)
{
	struct pgmap_group group = {
		.pgmap = one->pgmap,
		.generation = one->generation,
		.type = one->type,
		.node = one->node,
		.begin_ns = one->begin_ns,
	};

	memcpy(group.driver, one->driver, sizeof(group.driver));
	memcpy(group.device, one->device, sizeof(group.device));
	return group;
}

static struct pgmap_group *find_group(struct pgmap_summary *summary,
				      const struct pgmap_instance *one, bool keep)
{
	struct pgmap_group wanted = group_of(one);
	struct pgmap_group *group;

	if (summary->by != PGMAP_BY_PGMAP)
		return group_like(summary, &wanted);
	if (!keep) {
		wanted = (struct pgmap_group){ .rest = true, .node = -1 };
		return group_like(summary, &wanted);
	}
	group = pgmap_summary_append(summary);
	if (group)
		*group = wanted;
	return group;
}

static int add_instance(struct pgmap_summary *summary, const struct pgmap_instance *one,
			bool keep)
{
	struct pgmap_group *group = find_group(summary, one, keep);
	int err;

	if (!group)
		return -ENOMEM;
	group->pagemaps++;
	group->partial |= one->partial;
	group->fault_errors += one->counts.fault_errors;
	err = add_faults(&group->metrics[PGMAP_METRIC_FAULT], one);
	return err ? err : add_life(group, one);
}

void pgmap_summary_add(struct pgmap_summary *summary, const struct pgmap_instance *one, bool keep)
{
	if (!summary->error && !pgmap_by_needs_groups(summary->by))
		summary->error = add_instance(summary, one, keep);
}

static int set_bucket(struct pgmap_summary *summary, const struct pgmap_group_key *key,
		      const struct pgmap_group_value *value)
{
	const struct pgmap_hist_sum sum = { .count = value->count, .sum_ns = value->sum_ns };
	struct pgmap_group wanted = { .node = -1 };
	struct pgmap_metric *metric;
	struct pgmap_group *group;

	if (summary->by == PGMAP_BY_PHASE)
		wanted.phase = key->number;
	else
		wanted.cpu = key->number;
	memcpy(wanted.comm, key->comm, sizeof(wanted.comm));
	group = group_like(summary, &wanted);
	if (!group)
		return -ENOMEM;
	metric = &group->metrics[PGMAP_METRIC_FAULT];
	metric->max_ns = larger(metric->max_ns, value->max_ns);
	return pgmap_latency_set(&metric->values, key->bucket, &sum);
}

void pgmap_summary_set(struct pgmap_summary *summary, const struct pgmap_group_key *key,
		       const struct pgmap_group_value *value)
{
	if (!summary->error && pgmap_by_needs_groups(summary->by))
		summary->error = set_bucket(summary, key, value);
}

void pgmap_summary_fault(struct pgmap_summary *summary, const struct pgmap_event *ev, __u64 ns)
{
	struct pgmap_group wanted = { .node = -1 }, *group;

	if (summary->error || !pgmap_by_needs_groups(summary->by))
		return;
	if (summary->by == PGMAP_BY_COMM)
		memcpy(wanted.comm, ev->comm, sizeof(wanted.comm));
	else
		wanted.cpu = ev->cpu;
	group = group_like(summary, &wanted);
	summary->error = group ? pgmap_metric_add(&group->metrics[PGMAP_METRIC_FAULT], ns) :
			 -ENOMEM;
}

/* ---- the end ---- */

static void add_list(struct pgmap_summary *summary, const struct pgmap_instance_list *list)
{
	const struct pgmap_instance *one;

	TAILQ_FOREACH(one, list, order)
		pgmap_summary_add(summary, one, true);
}

static int compare_numbers(__u64 a, __u64 b)
{
	return a < b ? -1 : a > b;
}

/*
 * In order of birth, so that another run of the same work has them in the same order; what is
 * older than both runs comes first, by address, which stays what it was. The rest is last.
 */
static int compare_groups(const void *one, const void *other)
{
	const struct pgmap_group *a = one, *b = other;
	int order = a->rest - b->rest;

	if (!order)
		order = strncmp(a->comm, b->comm, PGMAP_COMM_LEN);
	if (!order)
		order = compare_numbers(a->cpu, b->cpu);
	if (!order)
		order = compare_numbers(a->phase, b->phase);
	if (!order)
		order = compare_numbers(a->begin_ns, b->begin_ns);
	if (!order)
		order = compare_numbers(a->pgmap, b->pgmap);
	return order ? order : compare_numbers(a->generation, b->generation);
}

void pgmap_summary_number(struct pgmap_summary *summary)
{
	struct pgmap_group *group;
	size_t i, j;

	for (i = 0; i < summary->nr; i++) {
		group = &summary->groups[i];
		group->ordinal = 0;
		for (j = i; j-- && !group->ordinal;)
			if (pgmap_group_is_like(summary->by, group, &summary->groups[j]))
				group->ordinal = summary->groups[j].ordinal + 1;
	}
}

int pgmap_summary_finish(struct pgmap_summary *summary, const struct pgmap_model *model,
			 __u64 time_ns, __u64 duration_ns)
{
	int cause;

	add_list(summary, &model->table.active);
	add_list(summary, &model->table.ended);
	summary->time_ns = time_ns;
	summary->duration_ns = duration_ns;
	summary->unseen = model->options.unseen;
	summary->incomplete = pgmap_model_is_incomplete(model);
	for (cause = 0; cause < PGMAP_NR_LOSSES; cause++)
		summary->losses[cause] = pgmap_model_losses(model, cause);
	if (summary->nr)
		qsort(summary->groups, summary->nr, sizeof(*summary->groups), compare_groups);
	pgmap_summary_number(summary);
	return summary->error;
}

void pgmap_summary_free(struct pgmap_summary *summary)
{
	size_t i;
	int metric;

	for (i = 0; i < summary->nr; i++)
		for (metric = 0; metric < PGMAP_NR_METRICS; metric++)
			pgmap_latency_free(&summary->groups[i].metrics[metric].values);
	free(summary->groups);
	summary->groups = NULL;
	summary->nr = 0;
	summary->room = 0;
	summary->error = 0;
}
