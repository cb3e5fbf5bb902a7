// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two questions, since a latency varies in two ways.
 *
 * Within a run: a percentile of some values is an estimate. How many values lie below
 * the true percentile follows a binomial law, whatever the law of the values is, so
 * two of the sorted values enclose it with a known confidence. A histogram has them
 * to the bucket. That holds for the tail as for the middle, needs no assumption on
 * the shape and no random numbers; a rank test over all values would only tell that
 * the shapes differ, which with ten thousand faults they always do. Two intervals of
 * 99 % that do not meet are less than one chance in a thousand, so a table of some
 * dozen lines does not cry wolf.
 *
 * Between runs: values of one run share the state of the machine, so however many
 * there are, they say nothing of what the next boot brings. Once there are several
 * runs, each counts as one number, and Wilcoxon's rank sum test on these few decides,
 * exactly rather than by its normal limit.
 */
#include <math.h>
#include <string.h>

#include "significance.h"

#define Z_99		2.5758	/* of the normal law, two sides */
#define CHANCE		0.05	/* of the rank sum test, one side */

enum {
	MAX_RUNS = 32,
	LEAST_FOR_MEAN = 20,	/* the normal law is a limit */
};

static __u32 bucket_at_rank(const struct pgmap_latency *values, __u64 rank)
{
	__u64 seen = 0;
	__u32 i;

	for (i = 0; i + 1 < values->nr; i++) {
		seen += values->buckets[i].count;
		if (seen >= rank)
			break;
	}
	return values->buckets[i].bucket;
}

struct pgmap_interval pgmap_percentile_interval(const struct pgmap_latency *values,
						__u32 permille)
{
	struct pgmap_interval interval = { .known = false };
	double nr = pgmap_latency_total(values, PGMAP_LATENCY_ALL), below = nr * permille / 1000;
	double spread = Z_99 * sqrt(below * (1000 - permille) / 1000);
	/* ranks count from 1 */
	double low = floor(below - spread), high = ceil(below + spread) + 1;

	/* a rank that no value has: the percentile may lie beyond all values */
	if (low < 1 || high > nr)
		return interval;
	interval.known = true;
	interval.low = bucket_at_rank(values, low);
	interval.high = bucket_at_rank(values, high);
	return interval;
}

/* Squares of the distances to @mean; within a bucket values are taken to be spread evenly. */
static double sum_of_squares(const struct pgmap_latency *values, double mean)
{
	double sum = 0;
	__u32 i;

	for (i = 0; i < values->nr; i++) {
		const struct pgmap_latency_bucket *one = &values->buckets[i];
		double half = pgmap_hist_value(one->bucket) - pgmap_hist_low(one->bucket) + 0.5;
		double away = one->count ? (double)one->sum_ns / one->count - mean : 0;

		sum += one->count * (away * away + half * half / 3);
	}
	return sum;
}

struct pgmap_mean_interval pgmap_mean_interval(const struct pgmap_latency *values)
{
	struct pgmap_mean_interval interval = { .known = false };
	double nr = pgmap_latency_total(values, PGMAP_LATENCY_ALL), mean, spread;

	if (nr < LEAST_FOR_MEAN)
		return interval;
	mean = pgmap_latency_mean(values);
	spread = Z_99 * sqrt(sum_of_squares(values, mean) / (nr - 1) / nr);
	interval.known = true;
	interval.low = mean - spread;
	interval.high = mean + spread;
	return interval;
}

/* In how many pairs the one of @larger is not larger; a tie speaks against a difference. */
static __u32 count_inversions(const __u64 *smaller, __u32 nr_smaller, const __u64 *larger,
			      __u32 nr_larger)
{
	__u32 i, j, nr = 0;

	for (i = 0; i < nr_smaller; i++)
		for (j = 0; j < nr_larger; j++)
			nr += larger[j] <= smaller[i];
	return nr;
}

/*
 * The chance that so few pairs or fewer are inverted if all orders are equally likely. The
 * orders of m and n numbers with u inverted pairs are the coefficient of x^u in the product
 * of (1 - x^(n + i)) / (1 - x^i) over i = 1 .. m, of which only the first few are needed.
 */
static double chance_of(__u32 m, __u32 n, __u32 inversions)
{
	long double orders[MAX_RUNS * MAX_RUNS + 1] = { 1 }, all = 1, some = 0;
	__u32 i, u;

	for (i = 1; i <= m; i++) {
		all = all * (n + i) / i;
		for (u = inversions; u >= n + i; u--)
			orders[u] -= orders[u - n - i];
		for (u = i; u <= inversions; u++)
			orders[u] += orders[u - i];
	}
	for (u = 0; u <= inversions; u++)
		some += orders[u];
	return some / all;
}

bool pgmap_runs_are_apart(const __u64 *smaller, __u32 nr_smaller, const __u64 *larger,
			  __u32 nr_larger)
{
	__u32 inversions;

	if (nr_smaller > MAX_RUNS || nr_larger > MAX_RUNS)
		return false;
	if (nr_smaller + nr_larger <= 2)
		return true;
	inversions = count_inversions(smaller, nr_smaller, larger, nr_larger);
	/* so few runs that no order is unlikely enough: at least all must be the larger ones */
	return !inversions || chance_of(nr_smaller, nr_larger, inversions) <= CHANCE;
}
