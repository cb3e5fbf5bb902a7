// SPDX-License-Identifier: GPL-2.0-only
/* Which pagemaps have a row when not all can have one. */
#include "core/busiest.h"
#include "core/snapshot.h"
#include "events.h"

/* What is taken of these ranks, by their place, when @room fit. */
static __u32 taken(const __u64 *ranks, size_t nr, size_t room)
{
	struct pgmap_busiest busiest = { 0 };
	__u32 places = 0;
	size_t i;

	assert_int_equal(pgmap_busiest_begin(&busiest, room), 0);
	for (i = 0; i < nr; i++)
		pgmap_busiest_add(&busiest, ranks[i]);
	pgmap_busiest_finish(&busiest);
	for (i = 0; i < nr; i++)
		places |= (__u32)pgmap_busiest_take(&busiest, ranks[i]) << i;
	pgmap_busiest_free(&busiest);
	return places;
}

static void test_the_highest_ranks_are_taken(void **state)
{
	const __u64 ranks[] = { 5, 1, 9, 3, 9, 7, 0, 2 };

	(void)state;
	assert_int_equal(taken(ranks, 8, 3), 1 << 2 | 1 << 4 | 1 << 5);
	assert_int_equal(taken(ranks, 8, 1), 1 << 2);
	assert_int_equal(taken(ranks, 8, 8), 0xff);
	assert_int_equal(taken(ranks, 8, 9), 0xff);
}

static void test_of_equals_the_first_are_taken(void **state)
{
	const __u64 ranks[] = { 0, 4, 0, 0, 0 };

	(void)state;
	assert_int_equal(taken(ranks, 5, 3), 1 << 0 | 1 << 1 | 1 << 2);
}

static void alloc(struct pgmap_model *model, __u64 pgmap, __u64 nr)
{
	const struct pgmap_counts counts = { .allocs = nr, .alloc_pages = nr };

	assert_int_equal(pgmap_model_counts(model, pgmap, 1, &counts), 0);
}

static void test_rows_are_of_what_leaves_and_of_the_busiest_in_order_of_birth(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_snapshot snapshot = { .max_rows = 2 };

	add(model, A, 10);
	add(model, B, 20);
	add(model, C, 30);
	alloc(model, A, 5);
	alloc(model, B, 9);
	step(model, PGMAP_EVENT_KILL, C, 40);
	assert_int_equal(pgmap_snapshot_take(&snapshot, model, 100, 90, false), 0);
	assert_int_equal(snapshot.nr_rows, 2);
	assert_int_equal(snapshot.rows[0].pgmap, B);
	assert_int_equal(snapshot.rows[1].pgmap, C);
	assert_int_equal(snapshot.left_out, 1);
	/* and nothing of it is missing in the totals */
	assert_int_equal(snapshot.totals.sums.allocs, 14);
	assert_int_equal(snapshot.totals.delta.allocs, 14);
	assert_int_equal(snapshot.totals.outstanding, 14);
	assert_int_equal(snapshot.totals.states[PGMAP_STATE_LIVE], 2);
	pgmap_snapshot_free(&snapshot);
}

static void test_a_sum_of_what_a_file_claims_wraps(void **state)
{
	const struct pgmap_counts most = { .alloc_pages = 1ULL << 63, .allocs = 1 };
	struct pgmap_model *model = *state;
	struct pgmap_snapshot snapshot = { 0 };

	add(model, A, 10);
	add(model, B, 20);
	assert_int_equal(pgmap_model_counts(model, A, 1, &most), 0);
	assert_int_equal(pgmap_model_counts(model, B, 1, &most), 0);
	assert_int_equal(pgmap_snapshot_take(&snapshot, model, 100, 90, false), 0);
	assert_int_equal(snapshot.totals.outstanding, 0);
	pgmap_snapshot_free(&snapshot);
}

static void test_busy_is_who_was_so_in_this_interval(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_snapshot snapshot = { .max_rows = 1 };

	add(model, A, 10);
	add(model, B, 20);
	alloc(model, A, 100);
	pgmap_model_mark(model);
	alloc(model, B, 1);
	assert_int_equal(pgmap_snapshot_take(&snapshot, model, 100, 90, false), 0);
	assert_int_equal(snapshot.rows[0].pgmap, B);
	pgmap_snapshot_free(&snapshot);
}

static void test_without_a_bound_all_have_rows(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_snapshot snapshot = { 0 };

	add(model, A, 10);
	add(model, B, 20);
	assert_int_equal(pgmap_snapshot_take(&snapshot, model, 100, 90, false), 0);
	assert_int_equal(snapshot.nr_rows, 2);
	assert_int_equal(snapshot.left_out, 0);
	pgmap_snapshot_free(&snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_highest_ranks_are_taken),
		cmocka_unit_test(test_of_equals_the_first_are_taken),
		model_test(test_rows_are_of_what_leaves_and_of_the_busiest_in_order_of_birth),
		model_test(test_a_sum_of_what_a_file_claims_wraps),
		model_test(test_busy_is_who_was_so_in_this_interval),
		model_test(test_without_a_bound_all_have_rows),
	};

	return PGMAP_RUN_TESTS(tests);
}
