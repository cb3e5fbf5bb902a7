// SPDX-License-Identifier: GPL-2.0-only
/* Overlap queries, against looking at every pair. */
#include <errno.h>

#include "core/ranges.h"
#include "unit.h"

static const struct pgmap_range *range_of(__u64 start, __u64 end)
{
	static struct pgmap_range range;

	range.start = start;
	range.end = end;
	return &range;
}

static size_t count_meeting(const struct pgmap_ranges *ranges, const struct pgmap_range *range)
{
	long at = ranges->nr;
	size_t nr = 0;

	while ((at = pgmap_ranges_next(ranges, range, at)) >= 0)
		nr++;
	return nr;
}

static void test_ends_are_inclusive(void **state)
{
	struct pgmap_ranges ranges = { 0 };

	(void)state;
	pgmap_ranges_insert(&ranges, range_of(100, 199), NULL);
	assert_int_equal(count_meeting(&ranges, range_of(0, 99)), 0);
	assert_int_equal(count_meeting(&ranges, range_of(0, 100)), 1);
	assert_int_equal(count_meeting(&ranges, range_of(199, 300)), 1);
	assert_int_equal(count_meeting(&ranges, range_of(200, 300)), 0);
	pgmap_ranges_free(&ranges);
}

static void test_one_inside_the_other_meets_both_ways(void **state)
{
	struct pgmap_ranges ranges = { 0 };

	(void)state;
	pgmap_ranges_insert(&ranges, range_of(100, 999), NULL);
	assert_int_equal(count_meeting(&ranges, range_of(500, 510)), 1);
	assert_int_equal(count_meeting(&ranges, range_of(0, 5000)), 1);
	pgmap_ranges_free(&ranges);
}

static void test_a_long_range_far_left_is_found(void **state)
{
	struct pgmap_ranges ranges = { 0 };
	__u64 i;

	(void)state;
	pgmap_ranges_insert(&ranges, range_of(0, 100000), NULL);
	for (i = 1; i < 100; i++)
		pgmap_ranges_insert(&ranges, range_of(i * 100, i * 100 + 9), NULL);
	assert_int_equal(count_meeting(&ranges, range_of(9950, 9960)), 1);
	pgmap_ranges_free(&ranges);
}

static void test_removal_takes_the_owner_s_own(void **state)
{
	struct pgmap_ranges ranges = { 0 };
	int one, two;

	(void)state;
	pgmap_ranges_insert(&ranges, range_of(1, 2), &one);
	pgmap_ranges_insert(&ranges, range_of(1, 2), &two);
	pgmap_ranges_remove(&ranges, range_of(1, 2), &one);
	pgmap_ranges_remove(&ranges, range_of(1, 2), &one);
	assert_int_equal(ranges.nr, 1);
	assert_ptr_equal(ranges.held[0].owner, &two);
	pgmap_ranges_free(&ranges);
}

static void test_backward_range_is_refused(void **state)
{
	struct pgmap_ranges ranges = { 0 };

	(void)state;
	assert_int_equal(pgmap_ranges_insert(&ranges, range_of(2, 1), NULL), -EINVAL);
	pgmap_ranges_free(&ranges);
}

static __u64 next_random(__u64 *seed, __u64 limit)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (*seed >> 33) % limit;
}

static void test_random_ranges_as_by_looking_at_all(void **state)
{
	struct pgmap_ranges ranges = { 0 };
	struct pgmap_range all[300], asked;
	size_t i, round, want;
	__u64 seed = 1;

	(void)state;
	for (i = 0; i < 300; i++) {
		all[i].start = next_random(&seed, 10000);
		all[i].end = all[i].start + next_random(&seed, i % 10 ? 50 : 3000);
		pgmap_ranges_insert(&ranges, &all[i], &all[i]);
	}
	for (i = 200; i < 300; i++)
		pgmap_ranges_remove(&ranges, &all[i], &all[i]);
	for (round = 0; round < 2000; round++) {
		asked.start = next_random(&seed, 12000);
		asked.end = asked.start + next_random(&seed, 100);
		for (want = 0, i = 0; i < 200; i++)
			want += all[i].start <= asked.end && all[i].end >= asked.start;
		assert_int_equal(count_meeting(&ranges, &asked), want);
	}
	pgmap_ranges_free(&ranges);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends_are_inclusive),
		cmocka_unit_test(test_one_inside_the_other_meets_both_ways),
		cmocka_unit_test(test_a_long_range_far_left_is_found),
		cmocka_unit_test(test_removal_takes_the_owner_s_own),
		cmocka_unit_test(test_backward_range_is_refused),
		cmocka_unit_test(test_random_ranges_as_by_looking_at_all),
	};

	return PGMAP_RUN_TESTS(tests);
}
