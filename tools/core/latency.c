// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sparse histogram: a pagemap's faults fall into some dozen of the 1920
 * buckets, and there may be ten thousand pagemaps.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "latency.h"

static __u32 find_place(const struct pgmap_latency *latency, __u32 bucket)
{
	__u32 low = 0, high = latency->nr;

	while (low < high) {
		__u32 middle = low + (high - low) / 2;

		if (latency->buckets[middle].bucket < bucket)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int make_room(struct pgmap_latency *latency)
{
	__u32 room = latency->room ? latency->room * 2 : 16;
	struct pgmap_latency_bucket *more;

	if (latency->nr < latency->room)
		return 0;
	more = reallocarray(latency->buckets, room, sizeof(*more));
	if (!more)
		return -ENOMEM;
	latency->buckets = more;
	latency->room = room;
	return 0;
}

static int find_or_insert(struct pgmap_latency *latency, __u32 bucket,
			  struct pgmap_latency_bucket **found)
{
	__u32 place = find_place(latency, bucket);
	int err;

	if (bucket >= PGMAP_HIST_BUCKETS)
		return -EINVAL;
	if (place == latency->nr || latency->buckets[place].bucket != bucket) {
		err = make_room(latency);
		if (err)
			return err;
		memmove(&latency->buckets[place + 1], &latency->buckets[place],
			(latency->nr - place) * sizeof(**found));
		latency->buckets[place] = (struct pgmap_latency_bucket){ .bucket = bucket };
		latency->nr++;
	}
	*found = &latency->buckets[place];
	return 0;
}

int pgmap_latency_set(struct pgmap_latency *latency, __u32 bucket,
		      const struct pgmap_hist_sum *sum)
{
	struct pgmap_latency_bucket *found;
	int err = find_or_insert(latency, bucket, &found);

	if (err)
		return err;
	found->count = sum->count;
	found->sum_ns = sum->sum_ns;
	return 0;
}

static int add_to_bucket(struct pgmap_latency *latency, __u32 bucket, __u64 count, __u64 sum_ns)
{
	struct pgmap_latency_bucket *found;
	int err = find_or_insert(latency, bucket, &found);

	if (err)
		return err;
	found->count += count;
	found->sum_ns += sum_ns;
	return 0;
}

int pgmap_latency_add_sum(struct pgmap_latency *latency, __u32 bucket,
			  const struct pgmap_hist_sum *sum)
{
	return add_to_bucket(latency, bucket, sum->count, sum->sum_ns);
}

int pgmap_latency_add(struct pgmap_latency *latency, __u64 ns)
{
	return add_to_bucket(latency, pgmap_hist_bucket(ns), 1, ns);
}

int pgmap_latency_merge(struct pgmap_latency *latency, const struct pgmap_latency *more)
{
	__u32 i;
	int err = 0;

	for (i = 0; i < more->nr && !err; i++)
		err = add_to_bucket(latency, more->buckets[i].bucket, more->buckets[i].count,
				    more->buckets[i].sum_ns);
	return err;
}

void pgmap_latency_mark(struct pgmap_latency *latency)
{
	__u32 i;

	for (i = 0; i < latency->nr; i++)
		latency->buckets[i].marked = latency->buckets[i].count;
}

static __u64 count_in(const struct pgmap_latency_bucket *bucket, enum pgmap_latency_span span)
{
	return bucket->count - (span == PGMAP_LATENCY_INTERVAL ? bucket->marked : 0);
}

__u64 pgmap_latency_total(const struct pgmap_latency *latency, enum pgmap_latency_span span)
{
	__u64 total = 0;
	__u32 i;

	for (i = 0; i < latency->nr; i++)
		total += count_in(&latency->buckets[i], span);
	return total;
}

double pgmap_latency_mean(const struct pgmap_latency *latency)
{
	__u64 count = pgmap_latency_total(latency, PGMAP_LATENCY_ALL);
	__u64 sum = 0;
	__u32 i;

	for (i = 0; i < latency->nr; i++)
		sum += latency->buckets[i].sum_ns;
	return count ? (double)sum / count : 0;
}

__u64 pgmap_latency_percentile(const struct pgmap_latency *latency,
			       enum pgmap_latency_span span, __u32 permille)
{
	__u64 total = pgmap_latency_total(latency, span);
	__u64 want = (total * permille + 999) / 1000;
	__u64 seen = 0;
	__u32 i;

	for (i = 0; total && i < latency->nr; i++) {
		seen += count_in(&latency->buckets[i], span);
		if (seen >= want && seen)
			return pgmap_hist_value(latency->buckets[i].bucket);
	}
	return 0;
}

void pgmap_latency_free(struct pgmap_latency *latency)
{
	free(latency->buckets);
	memset(latency, 0, sizeof(*latency));
}
