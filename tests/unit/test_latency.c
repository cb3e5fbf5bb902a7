// SPDX-License-Identifier: GPL-2.0-only
/* Percentiles of the sparse histogram, against sorting the exact values. */
#include <errno.h>
#include <stdlib.h>

#include "core/latency.h"
#include "unit.h"

static int compare(const void *a, const void *b)
{
	const __u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static int set(struct pgmap_latency *latency, __u32 bucket, __u64 count)
{
	const struct pgmap_hist_sum sum = { .count = count, .sum_ns = count * bucket };

	return pgmap_latency_set(latency, bucket, &sum);
}

static void test_the_mean_is_exact_whatever_the_buckets_are(void **state)
{
	const __u64 values[] = { 1025, 1026, 1055, 70001, 2 };
	struct pgmap_latency latency = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		assert_int_equal(pgmap_latency_add(&latency, values[i]), 0);
	assert_int_equal(latency.nr, 3);
	assert_true(pgmap_latency_mean(&latency) * 5 == 1025 + 1026 + 1055 + 70001 + 2);
	pgmap_latency_free(&latency);
}

static void test_empty_has_no_percentile(void **state)
{
	struct pgmap_latency latency = { 0 };

	(void)state;
	assert_int_equal(pgmap_latency_percentile(&latency, PGMAP_LATENCY_ALL, 500), 0);
	assert_int_equal(pgmap_latency_total(&latency, PGMAP_LATENCY_ALL), 0);
	assert_true(pgmap_latency_mean(&latency) == 0);
	pgmap_latency_free(&latency);
}

static void test_percentiles_are_those_of_the_sorted_values(void **state)
{
	enum { NR = 5000 };
	static __u64 values[NR];
	const __u32 permilles[] = { 1, 250, 500, 900, 990, 999, 1000 };
	struct pgmap_latency latency = { 0 };
	__u64 seed = 42;
	size_t i;

	(void)state;
	for (i = 0; i < NR; i++) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		values[i] = 1000 + (seed >> (34 + seed % 16));
		assert_int_equal(pgmap_latency_add(&latency, values[i]), 0);
	}
	qsort(values, NR, sizeof(values[0]), compare);
	for (i = 0; i < sizeof(permilles) / sizeof(permilles[0]); i++) {
		__u64 exact = values[(NR * permilles[i] + 999) / 1000 - 1];

		assert_int_equal(pgmap_latency_percentile(&latency, PGMAP_LATENCY_ALL,
							  permilles[i]),
				 pgmap_hist_value(pgmap_hist_bucket(exact)));
	}
	pgmap_latency_free(&latency);
}

static void test_interval_counts_from_the_mark_on(void **state)
{
	struct pgmap_latency latency = { 0 };

	(void)state;
	set(&latency, 10, 100);
	pgmap_latency_mark(&latency);
	assert_int_equal(pgmap_latency_total(&latency, PGMAP_LATENCY_INTERVAL), 0);
	assert_int_equal(pgmap_latency_percentile(&latency, PGMAP_LATENCY_INTERVAL, 500), 0);
	set(&latency, 20, 3);
	assert_int_equal(pgmap_latency_percentile(&latency, PGMAP_LATENCY_INTERVAL, 500), 20);
	assert_int_equal(pgmap_latency_percentile(&latency, PGMAP_LATENCY_ALL, 500), 10);
	assert_int_equal(pgmap_latency_total(&latency, PGMAP_LATENCY_ALL), 103);
	pgmap_latency_free(&latency);
}

static void test_setting_again_replaces(void **state)
{
	struct pgmap_latency latency = { 0 };

	(void)state;
	set(&latency, 5, 1);
	set(&latency, 5, 4);
	assert_int_equal(pgmap_latency_total(&latency, PGMAP_LATENCY_ALL), 4);
	assert_int_equal(latency.nr, 1);
	pgmap_latency_free(&latency);
}

static void test_buckets_in_any_order_end_up_sorted(void **state)
{
	struct pgmap_latency latency = { 0 };
	__u32 i;

	(void)state;
	for (i = 0; i < 200; i++)
		set(&latency, i * 73 % 200, 1);
	assert_int_equal(latency.nr, 200);
	for (i = 0; i < 200; i++)
		assert_int_equal(latency.buckets[i].bucket, i);
	pgmap_latency_free(&latency);
}

static void test_merging_is_as_if_counted_together(void **state)
{
	struct pgmap_latency one = { 0 }, other = { 0 }, both = { 0 };
	__u64 seed = 9;
	__u64 ns;
	__u32 i;

	(void)state;
	for (i = 0; i < 3000; i++) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		ns = seed >> (20 + i % 40);
		pgmap_latency_add(i % 3 ? &one : &other, ns);
		pgmap_latency_add(&both, ns);
	}
	assert_int_equal(pgmap_latency_merge(&one, &other), 0);
	assert_int_equal(one.nr, both.nr);
	for (i = 0; i < one.nr; i++) {
		assert_int_equal(one.buckets[i].bucket, both.buckets[i].bucket);
		assert_int_equal(one.buckets[i].count, both.buckets[i].count);
		assert_true(one.buckets[i].sum_ns == both.buckets[i].sum_ns);
	}
	pgmap_latency_free(&one);
	pgmap_latency_free(&other);
	pgmap_latency_free(&both);
}

static void test_a_bucket_past_the_last_is_refused(void **state)
{
	struct pgmap_latency latency = { 0 };

	(void)state;
	assert_int_equal(set(&latency, PGMAP_HIST_BUCKETS, 1), -EINVAL);
	assert_int_equal(latency.nr, 0);
	pgmap_latency_free(&latency);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_mean_is_exact_whatever_the_buckets_are),
		cmocka_unit_test(test_empty_has_no_percentile),
		cmocka_unit_test(test_percentiles_are_those_of_the_sorted_values),
		cmocka_unit_test(test_interval_counts_from_the_mark_on),
		cmocka_unit_test(test_setting_again_replaces),
		cmocka_unit_test(test_buckets_in_any_order_end_up_sorted),
		cmocka_unit_test(test_merging_is_as_if_counted_together),
		cmocka_unit_test(test_a_bucket_past_the_last_is_refused),
	};

	return PGMAP_RUN_TESTS(tests);
}
