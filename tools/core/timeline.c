// SPDX-License-Identifier: GPL-2.0-only
/* Lives in two halves: up to PGMAP_MAX_LIVES that stay, and as many that may take their place. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "timeline.h"

enum { ROOM = 2 * PGMAP_MAX_LIVES };

void pgmap_timeline_fault(struct pgmap_timeline *timeline, const struct pgmap_open_fault *end,
			  __u64 ns)
{
	if (!timeline->error)
		timeline->error = pgmap_heat_add(&timeline->heat, end->time_ns, ns);
	if (!timeline->error)
		timeline->error = pgmap_slowest_add(&timeline->slowest, end, ns);
}

/* ---- which ones stay ---- */

static __u64 findings_of(const struct pgmap_findings *findings, const struct pgmap_life *life)
{
	__u64 nr = 0;
	size_t i;

	for (i = 0; i < findings->nr; i++)
		nr += findings->all[i].pgmap == life->row.pgmap &&
		      findings->all[i].generation == life->row.generation;
	return nr;
}

static __u64 activity(const struct pgmap_life *life)
{
	const struct pgmap_counts *sums = &life->row.sums;

	return sums->allocs + sums->frees + sums->fault_enters;
}

static int compare_numbers(__u64 a, __u64 b)
{
	return a < b ? -1 : a > b;
}

static int by_birth(const void *one, const void *other)
{
	const struct pgmap_life *a = one, *b = other;
	int order = compare_numbers(a->begin_ns, b->begin_ns);

	if (!order)
		order = compare_numbers(a->row.pgmap, b->row.pgmap);
	return order ? order : compare_numbers(a->row.generation, b->row.generation);
}

static int by_importance(const void *one, const void *other)
{
	const struct pgmap_life *a = one, *b = other;
	int order = compare_numbers(b->findings, a->findings);

	if (!order)
		order = compare_numbers(activity(b), activity(a));
	return order ? order : by_birth(one, other);
}

static void cut(struct pgmap_timeline *timeline)
{
	if (timeline->nr <= PGMAP_MAX_LIVES)
		return;
	qsort(timeline->lives, timeline->nr, sizeof(*timeline->lives), by_importance);
	timeline->left_out += timeline->nr - PGMAP_MAX_LIVES;
	timeline->nr = PGMAP_MAX_LIVES;
}

/* ---- lives ---- */

static void fill(struct pgmap_life *life, const struct pgmap_instance *one,
		 const struct pgmap_model *model)
{
	const struct pgmap_metric faults = {
		.values = one->latency, .max_ns = one->counts.fault_max_ns
	};

	memset(life, 0, sizeof(*life));
	pgmap_snapshot_fill(&life->row, one, model->now_ns, model->options.unseen);
	if (one->nr_known)
		life->where = one->ranges[0];
	life->row.ranges = NULL;
	life->row.nr_known = 0;
	life->begin_ns = one->begin_ns;
	life->killed_ns = one->killed_ns;
	life->drained_ns = one->drained_ns;
	life->released_ns = one->released_ns;
	life->replaced_ns = one->replaced_ns;
	life->findings = findings_of(&model->findings, life);
	life->faults = pgmap_metric_stats(&faults);
}

void pgmap_timeline_add(struct pgmap_timeline *timeline, const struct pgmap_instance *instance,
			const struct pgmap_model *model)
{
	if (!timeline->lives && !timeline->error) {
		timeline->lives = calloc(ROOM, sizeof(*timeline->lives));
		timeline->error = timeline->lives ? 0 : -ENOMEM;
	}
	if (timeline->error)
		return;
	if (timeline->nr == ROOM)
		cut(timeline);
	fill(&timeline->lives[timeline->nr++], instance, model);
}

static void add_list(struct pgmap_timeline *timeline, const struct pgmap_instance_list *list,
		     const struct pgmap_model *model)
{
	const struct pgmap_instance *one;

	TAILQ_FOREACH(one, list, order)
		pgmap_timeline_add(timeline, one, model);
}

int pgmap_timeline_finish(struct pgmap_timeline *timeline, const struct pgmap_model *model,
			  __u64 zero_ns, __u64 end_ns)
{
	size_t i;

	add_list(timeline, &model->table.active, model);
	add_list(timeline, &model->table.ended, model);
	cut(timeline);
	timeline->zero_ns = zero_ns;
	timeline->start_ns = zero_ns;
	timeline->end_ns = end_ns;
	if (!timeline->nr)
		return timeline->error;
	qsort(timeline->lives, timeline->nr, sizeof(*timeline->lives), by_birth);
	for (i = 0; i < timeline->nr; i++)
		/* an add is recorded at its end */
		if (timeline->lives[i].begin_ns && timeline->lives[i].begin_ns < timeline->start_ns)
			timeline->start_ns = timeline->lives[i].begin_ns;
	pgmap_slowest_finish(&timeline->slowest);
	return timeline->error;
}

void pgmap_timeline_free(struct pgmap_timeline *timeline)
{
	pgmap_heat_free(&timeline->heat);
	pgmap_slowest_free(&timeline->slowest);
	free(timeline->lives);
	memset(timeline, 0, sizeof(*timeline));
}
