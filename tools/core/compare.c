// SPDX-License-Identifier: GPL-2.0-only
/* Which groups belong together, and the verdict on each percentile or mean of theirs. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "significance.h"

/* What is judged: the usual case, the tail and, when asked for, all of it. */
static const __u32 permilles[] = { 500, 990, PGMAP_COMPARE_MEAN };

/* One metric of one group on one side. */
struct pool {
	struct pgmap_latency values;		/* of all runs together */
	__u64 max_ns;
	__u64 of_run[PGMAP_MAX_RUNS];		/* the number of each run that has values */
	__u32 runs;
};

static __u64 number_of(const struct pgmap_latency *values, __u32 permille, __u64 max_ns)
{
	__u64 ns;

	if (permille == PGMAP_COMPARE_MEAN)
		return llround(pgmap_latency_mean(values));
	ns = pgmap_latency_percentile(values, PGMAP_LATENCY_ALL, permille);
	return ns < max_ns ? ns : max_ns;
}

static const struct pgmap_group *find_group(const struct pgmap_summary *summary,
					    const struct pgmap_group *wanted)
{
	size_t i;

	for (i = 0; i < summary->nr; i++)
		if (summary->groups[i].ordinal == wanted->ordinal &&
		    pgmap_group_is_like(summary->by, &summary->groups[i], wanted))
			return &summary->groups[i];
	return NULL;
}

static int fill_pool(struct pool *pool, const struct pgmap_runs *runs,
		     const struct pgmap_group *wanted, enum pgmap_metric_id id)
{
	const struct pgmap_metric *metric;
	const struct pgmap_group *group;
	__u32 i;
	int err = 0;

	memset(pool, 0, sizeof(*pool));
	for (i = 0; i < runs->nr && !err; i++) {
		group = find_group(&runs->all[i], wanted);
		if (!group)
			continue;
		metric = &group->metrics[id];
		if (metric->max_ns > pool->max_ns)
			pool->max_ns = metric->max_ns;
		err = pgmap_latency_merge(&pool->values, &metric->values);
	}
	return err;
}

/* The percentile or mean of each run: what the runs are compared by. */
static void fill_runs(struct pool *pool, const struct pgmap_runs *runs,
		      const struct pgmap_group *wanted, enum pgmap_metric_id id, __u32 permille)
{
	const struct pgmap_group *group;
	__u32 i;

	pool->runs = 0;
	for (i = 0; i < runs->nr; i++) {
		const struct pgmap_metric *metric;

		group = find_group(&runs->all[i], wanted);
		metric = group ? &group->metrics[id] : NULL;
		if (metric && pgmap_latency_total(&metric->values, PGMAP_LATENCY_ALL))
			pool->of_run[pool->runs++] = number_of(&metric->values, permille,
							       metric->max_ns);
	}
}

static struct pgmap_side side_of(const struct pool *pool, __u32 permille)
{
	return (struct pgmap_side){
		.ns = number_of(&pool->values, permille, pool->max_ns),
		.count = pgmap_latency_total(&pool->values, PGMAP_LATENCY_ALL),
		.runs = pool->runs,
	};
}

/* Between which numbers the true one lies: buckets, for a percentile. */
static struct pgmap_mean_interval interval_of(const struct pgmap_latency *values, __u32 permille)
{
	struct pgmap_interval buckets;

	if (permille == PGMAP_COMPARE_MEAN)
		return pgmap_mean_interval(values);
	buckets = pgmap_percentile_interval(values, permille);
	return (struct pgmap_mean_interval){ buckets.known, buckets.low, buckets.high };
}

static bool is_larger(const struct pool *larger, const struct pool *smaller, __u32 permille)
{
	struct pgmap_mean_interval high = interval_of(&larger->values, permille);
	struct pgmap_mean_interval low = interval_of(&smaller->values, permille);

	return high.known && low.known && low.high < high.low &&
	       pgmap_runs_are_apart(smaller->of_run, smaller->runs, larger->of_run, larger->runs);
}

static bool is_much(__u64 larger_ns, __u64 smaller_ns, const struct pgmap_compare_options *options)
{
	return larger_ns > smaller_ns && larger_ns - smaller_ns >= options->floor_ns &&
	       (long double)larger_ns * 1000 >=
	       (long double)smaller_ns * (1000 + options->ratio_permille);
}

static bool is_enough(const struct pool *pool, const struct pgmap_side *side, __u32 permille,
		      const struct pgmap_compare_options *options)
{
	return side->count >= options->min_count &&
	       interval_of(&pool->values, permille).known;
}

static enum pgmap_change judge(const struct pgmap_comparison *one, const struct pool *base,
			       const struct pool *fresh,
			       const struct pgmap_compare_options *options)
{
	if (!one->fresh.count)
		return PGMAP_CHANGE_ONLY_BASE;
	if (!one->base.count)
		return PGMAP_CHANGE_ONLY_NEW;
	if (!is_enough(base, &one->base, one->permille, options) ||
	    !is_enough(fresh, &one->fresh, one->permille, options))
		return PGMAP_CHANGE_TOO_FEW;
	if (is_much(one->fresh.ns, one->base.ns, options))
		return is_larger(fresh, base, one->permille) ? PGMAP_CHANGE_SLOWER :
							       PGMAP_CHANGE_UNSURE;
	if (is_much(one->base.ns, one->fresh.ns, options))
		return is_larger(base, fresh, one->permille) ? PGMAP_CHANGE_FASTER :
							       PGMAP_CHANGE_UNSURE;
	return PGMAP_CHANGE_SAME;
}

static struct pgmap_comparison *append(struct pgmap_comparisons *comparisons)
{
	size_t room = comparisons->room ? comparisons->room * 2 : 64;
	struct pgmap_comparison *more;

	if (comparisons->nr == comparisons->room) {
		more = reallocarray(comparisons->all, room, sizeof(*more));
		if (!more)
			return NULL;
		comparisons->all = more;
		comparisons->room = room;
	}
	return &comparisons->all[comparisons->nr++];
}

/* ---- all of them ---- */

struct comparing {
	struct pgmap_comparisons *to;
	const struct pgmap_runs *base;
	const struct pgmap_runs *fresh;
	const struct pgmap_compare_options *options;
	struct pool pools[2];
};

/* Of fewer values than this it is but their maximum, and no news beside p50. */
static bool is_in_sight(const struct pool *pool, __u32 permille)
{
	return permille == 500 || permille == PGMAP_COMPARE_MEAN ||
	       pgmap_latency_total(&pool->values, PGMAP_LATENCY_ALL) * (1000 - permille) >= 1000;
}

static int compare_numbers(struct comparing *all, const struct pgmap_group *group,
			   enum pgmap_metric_id id)
{
	struct pool *base = &all->pools[0], *fresh = &all->pools[1];
	struct pgmap_comparison *one;
	size_t i;

	for (i = 0; i < sizeof(permilles) / sizeof(permilles[0]); i++) {
		if (permilles[i] == PGMAP_COMPARE_MEAN && !all->options->mean)
			continue;
		if (!is_in_sight(base, permilles[i]) && !is_in_sight(fresh, permilles[i]))
			continue;
		one = append(all->to);
		if (!one)
			return -ENOMEM;
		fill_runs(base, all->base, group, id, permilles[i]);
		fill_runs(fresh, all->fresh, group, id, permilles[i]);
		*one = (struct pgmap_comparison){
			.group = group,
			.metric = id,
			.permille = permilles[i],
			.base = side_of(base, permilles[i]),
			.fresh = side_of(fresh, permilles[i]),
		};
		one->change = judge(one, base, fresh, all->options);
		all->to->changes[one->change]++;
	}
	return 0;
}

static int compare_metric(struct comparing *all, const struct pgmap_group *group,
			  enum pgmap_metric_id id)
{
	struct pool *base = &all->pools[0], *fresh = &all->pools[1];
	int err = fill_pool(base, all->base, group, id);

	if (!err)
		err = fill_pool(fresh, all->fresh, group, id);
	if (!err && (base->values.nr || fresh->values.nr))
		err = compare_numbers(all, group, id);
	pgmap_latency_free(&base->values);
	pgmap_latency_free(&fresh->values);
	return err;
}

/* Is it in one of the first @nr runs? Then it has been compared already. */
static bool was_compared(const struct pgmap_runs *runs, __u32 nr, const struct pgmap_group *group)
{
	__u32 i;

	for (i = 0; i < nr; i++)
		if (find_group(&runs->all[i], group))
			return true;
	return false;
}

static int compare_run(struct comparing *all, const struct pgmap_runs *runs, __u32 which)
{
	const struct pgmap_summary *summary = &runs->all[which];
	int metric, err = 0;
	size_t i;

	for (i = 0; i < summary->nr && !err; i++) {
		const struct pgmap_group *group = &summary->groups[i];

		if (was_compared(runs, which, group) ||
		    (runs == all->fresh && was_compared(all->base, all->base->nr, group)))
			continue;
		for (metric = 0; metric < PGMAP_NR_METRICS && !err; metric++)
			err = compare_metric(all, group, metric);
	}
	return err;
}

int pgmap_compare(struct pgmap_comparisons *comparisons, const struct pgmap_runs *base,
		  const struct pgmap_runs *fresh, const struct pgmap_compare_options *options)
{
	struct comparing all = {
		.to = comparisons, .base = base, .fresh = fresh, .options = options
	};
	__u32 i;
	int err = 0;

	for (i = 0; i < base->nr && !err; i++)
		err = compare_run(&all, base, i);
	for (i = 0; i < fresh->nr && !err; i++)
		err = compare_run(&all, fresh, i);
	return err;
}

bool pgmap_comparisons_are_conclusive(const struct pgmap_comparisons *comparisons,
				      const struct pgmap_compare_options *options)
{
	const __u64 *changes = comparisons->changes;
	size_t i;

	for (i = 0; i < comparisons->nr; i++) {
		const struct pgmap_comparison *one = &comparisons->all[i];

		if (one->base.count >= options->min_count &&
		    one->fresh.count < options->min_count)
			return false;
	}
	return changes[PGMAP_CHANGE_SAME] || changes[PGMAP_CHANGE_SLOWER] ||
	       changes[PGMAP_CHANGE_FASTER];
}

/* ---- may they be compared at all ---- */

static bool texts_differ(const char *what, const char *base, const char *fresh, char *why,
			 size_t size)
{
	if (!strcmp(base, fresh))
		return false;
	snprintf(why, size, "%s: \"%s\" and \"%s\"", what, base, fresh);
	return true;
}

bool pgmap_summaries_differ(const struct pgmap_summary *base, const struct pgmap_summary *fresh,
			    char *why, size_t size)
{
	const struct pgmap_origin *a = &base->origin, *b = &fresh->origin;

	if (texts_differ("arch", a->arch, b->arch, why, size) ||
	    texts_differ("backend", a->backend, b->backend, why, size))
		return true;
	if (a->cpus == b->cpus)
		return false;
	snprintf(why, size, "cpus: %llu and %llu", a->cpus, b->cpus);
	return true;
}

void pgmap_comparisons_free(struct pgmap_comparisons *comparisons)
{
	free(comparisons->all);
	memset(comparisons, 0, sizeof(*comparisons));
}
