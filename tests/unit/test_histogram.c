// SPDX-License-Identifier: GPL-2.0-only
/* The histogram's buckets against exact values, over the whole range of 64 bits. */
#include <pgmap/histogram.h>

#include "unit.h"

/* Values around every power of two and between, deterministic and dense in the logarithm. */
static __u64 sample(__u32 i)
{
	__u32 bit = i / 64;
	__u64 base = 1ULL << bit;

	/* 64 points in [base, 2 * base) */
	return base + (bit >= 6 ? (base >> 6) * (i % 64) : (base * (i % 64)) >> 6);
}

enum { SAMPLES = 64 * 64 };

static void test_small_values_are_exact(void **state)
{
	__u64 value;

	(void)state;
	for (value = 0; value < 64; value++) {
		assert_int_equal(pgmap_hist_bucket(value), value);
		assert_int_equal(pgmap_hist_value(value), value);
	}
}

static void test_error_is_below_three_percent(void **state)
{
	__u32 i;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		__u64 exact = sample(i);
		__u64 shown = pgmap_hist_value(pgmap_hist_bucket(exact));
		__u64 error = shown > exact ? shown - exact : exact - shown;

		assert_true(error <= exact / 100 * 3 + exact % 100 * 3 / 100);
	}
}

static void test_buckets_grow_with_values(void **state)
{
	__u32 i;

	(void)state;
	for (i = 1; i < SAMPLES; i++)
		assert_true(pgmap_hist_bucket(sample(i)) >= pgmap_hist_bucket(sample(i - 1)));
}

static void test_every_bucket_is_where_its_values_are(void **state)
{
	__u32 bucket;

	(void)state;
	for (bucket = 0; bucket < PGMAP_HIST_BUCKETS; bucket++) {
		assert_int_equal(pgmap_hist_bucket(pgmap_hist_low(bucket)), bucket);
		assert_int_equal(pgmap_hist_bucket(pgmap_hist_value(bucket)), bucket);
		if (bucket)
			assert_int_equal(pgmap_hist_bucket(pgmap_hist_low(bucket) - 1), bucket - 1);
	}
}

static void test_largest_value_has_the_last_bucket(void **state)
{
	(void)state;
	assert_int_equal(pgmap_hist_bucket(~0ULL), PGMAP_HIST_BUCKETS - 1);
}

static void test_log2_is_the_highest_bit(void **state)
{
	int bit;

	(void)state;
	assert_int_equal(pgmap_log2(0), 0);
	for (bit = 0; bit < 64; bit++) {
		assert_int_equal(pgmap_log2(1ULL << bit), bit);
		assert_int_equal(pgmap_log2((1ULL << bit) | ((1ULL << bit) - 1)), bit);
	}
}

static void test_key_holds_slot_and_bucket(void **state)
{
	__u32 key = pgmap_hist_key(16383, PGMAP_HIST_BUCKETS - 1);

	(void)state;
	assert_int_equal(key >> PGMAP_HIST_KEY_BITS, 16383);
	assert_int_equal(key & ((1 << PGMAP_HIST_KEY_BITS) - 1), PGMAP_HIST_BUCKETS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small_values_are_exact),
		cmocka_unit_test(test_error_is_below_three_percent),
		cmocka_unit_test(test_buckets_grow_with_values),
		cmocka_unit_test(test_every_bucket_is_where_its_values_are),
		cmocka_unit_test(test_largest_value_has_the_last_bucket),
		cmocka_unit_test(test_log2_is_the_highest_bit),
		cmocka_unit_test(test_key_holds_slot_and_bucket),
	};

	return PGMAP_RUN_TESTS(tests);
}
