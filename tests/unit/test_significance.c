// SPDX-License-Identifier: GPL-2.0-only
/* Confidence intervals and rank sums, against tables and against made-up samples. */
#include "core/significance.h"
#include "unit.h"

static __u64 seed;

static __u64 random_below(__u64 limit)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (seed >> 33) % limit;
}

/* @nr values of a law with a long tail; its percentiles grow with @scale. */
static void draw(struct pgmap_latency *latency, __u32 nr, __u64 scale)
{
	__u32 i;

	for (i = 0; i < nr; i++) {
		__u64 uniform = random_below(1000000) + 1;

		pgmap_latency_add(latency, scale * 1000000 / uniform);
	}
}

static void test_too_few_values_have_no_interval(void **state)
{
	struct pgmap_latency latency = { 0 };
	__u32 nr;

	(void)state;
	assert_false(pgmap_percentile_interval(&latency, 500).known);
	for (nr = 1; nr <= 700; nr++) {
		pgmap_latency_add(&latency, pgmap_hist_low(nr));
		/* as by the binomial law: 8 values for a median, 600 and some for p99 */
		if (nr < 8)
			assert_false(pgmap_percentile_interval(&latency, 500).known);
		if (nr > 16)
			assert_true(pgmap_percentile_interval(&latency, 500).known);
		if (nr < 500)
			assert_false(pgmap_percentile_interval(&latency, 990).known);
	}
	pgmap_latency_free(&latency);
	draw(&latency, 1000, 1000);
	assert_true(pgmap_percentile_interval(&latency, 990).known);
	pgmap_latency_free(&latency);
}

static void test_intervals_hold_the_true_percentile(void **state)
{
	enum { SAMPLES = 2000, VALUES = 2000 };
	const __u32 permilles[] = { 500, 990 };
	int held[2] = { 0 }, i, k;

	(void)state;
	seed = 1;
	for (i = 0; i < SAMPLES; i++) {
		struct pgmap_latency latency = { 0 };

		draw(&latency, VALUES, 1000);
		for (k = 0; k < 2; k++) {
			struct pgmap_interval interval =
				pgmap_percentile_interval(&latency, permilles[k]);
			/* of scale / uniform: scale / (1 - q) */
			__u32 truth = pgmap_hist_bucket(1000000 / (1000 - permilles[k]));

			assert_true(interval.known);
			held[k] += interval.low <= truth && truth <= interval.high;
		}
		pgmap_latency_free(&latency);
	}
	/* 99 % promised; three standard deviations of this experiment below that */
	assert_true(held[0] >= SAMPLES * 0.983);
	assert_true(held[1] >= SAMPLES * 0.983);
}

static void test_intervals_hold_the_true_mean(void **state)
{
	enum { SAMPLES = 2000, VALUES = 500 };
	int held = 0, i, k;

	(void)state;
	seed = 3;
	for (i = 0; i < SAMPLES; i++) {
		struct pgmap_latency latency = { 0 };
		struct pgmap_mean_interval interval;

		for (k = 0; k < VALUES; k++)
			pgmap_latency_add(&latency, 1000 + random_below(9001));
		interval = pgmap_mean_interval(&latency);
		assert_true(interval.known);
		held += interval.low <= 5500 && 5500 <= interval.high;
		pgmap_latency_free(&latency);
	}
	/* 99 %, neither less nor always */
	assert_in_range(held, SAMPLES * 0.983, SAMPLES * 0.997);
}

static void test_a_mean_of_few_values_has_no_interval(void **state)
{
	struct pgmap_latency latency = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 19; i++)
		pgmap_latency_add(&latency, 5000);
	assert_false(pgmap_mean_interval(&latency).known);
	pgmap_latency_add(&latency, 5000);
	assert_true(pgmap_mean_interval(&latency).known);
	pgmap_latency_free(&latency);
}

static void test_one_run_each_is_taken_as_it_is(void **state)
{
	const __u64 low[] = { 10 }, high[] = { 11 };

	(void)state;
	assert_true(pgmap_runs_are_apart(low, 1, high, 1));
}

static void test_few_runs_have_to_be_apart_altogether(void **state)
{
	const __u64 low[] = { 10, 12 }, high[] = { 13, 14 };
	const __u64 mixed[] = { 11, 14 }, tie[] = { 12, 14 };

	(void)state;
	assert_true(pgmap_runs_are_apart(low, 2, high, 2));
	assert_false(pgmap_runs_are_apart(low, 2, mixed, 2));
	assert_false(pgmap_runs_are_apart(low, 2, tie, 2));
}

/* Five runs on each side, of which @inversions pairs are in the wrong order. */
static bool five_apart(__u32 inversions)
{
	__u64 low[5] = { 1, 2, 3, 9, 9 }, high[5] = { 10, 11, 12, 13, 14 };

	low[4] += inversions < 5 ? inversions : 5;
	low[3] += inversions < 5 ? 0 : inversions - 5;
	return pgmap_runs_are_apart(low, 5, high, 5);
}

static void test_five_runs_each_agree_with_the_tables(void **state)
{
	__u64 large[32], small[32];
	__u32 i;

	(void)state;
	/* one-sided 5 % for n1 = n2 = 5: U = 4 in the tables of Mann and Whitney */
	assert_true(five_apart(0));
	assert_true(five_apart(3));
	assert_true(five_apart(4));
	assert_false(five_apart(5));
	assert_false(five_apart(6));
	for (i = 0; i < 32; i++) {
		small[i] = i;
		large[i] = i + 16;
	}
	assert_true(pgmap_runs_are_apart(small, 32, large, 32));
	assert_false(pgmap_runs_are_apart(small, 32, small, 32));
	assert_false(pgmap_runs_are_apart(large, 32, small, 32));
}

static void test_runs_alike_are_rarely_apart(void **state)
{
	enum { TIMES = 4000 };
	int apart = 0, i, k;

	(void)state;
	seed = 7;
	for (i = 0; i < TIMES; i++) {
		__u64 low[6], high[6];

		for (k = 0; k < 6; k++) {
			low[k] = random_below(1 << 30);
			high[k] = random_below(1 << 30);
		}
		apart += pgmap_runs_are_apart(low, 6, high, 6);
	}
	/* one in twenty at most, and not never: the test is exact, for six and six 4.7 % */
	assert_in_range(apart, TIMES * 0.03, TIMES * 0.06);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_too_few_values_have_no_interval),
		cmocka_unit_test(test_intervals_hold_the_true_percentile),
		cmocka_unit_test(test_intervals_hold_the_true_mean),
		cmocka_unit_test(test_a_mean_of_few_values_has_no_interval),
		cmocka_unit_test(test_one_run_each_is_taken_as_it_is),
		cmocka_unit_test(test_few_runs_have_to_be_apart_altogether),
		cmocka_unit_test(test_five_runs_each_agree_with_the_tables),
		cmocka_unit_test(test_runs_alike_are_rarely_apart),
	};

	return PGMAP_RUN_TESTS(tests);
}
