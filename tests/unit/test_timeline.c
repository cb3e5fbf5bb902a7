// SPDX-License-Identifier: GPL-2.0-only
/* What is kept for plots: columns that widen, the slowest faults, the most telling lives. */
#include "core/timeline.h"
#include "events.h"

static void fault(struct pgmap_model *model, __u64 time, __u64 ns)
{
	page(model, PGMAP_EVENT_FAULT_ENTER, A, time, 1);
	page(model, PGMAP_EVENT_FAULT_EXIT, A, time + ns, 1);
}

static __u64 all_in(const struct pgmap_heat *heat)
{
	__u64 all = 0;
	__u32 i, row;

	for (i = 0; i < heat->nr; i++)
		for (row = 0; row < PGMAP_HEAT_ROWS; row++)
			all += heat->columns[i].rows[row];
	return all;
}

static void test_heat_keeps_every_value_while_its_columns_widen(void **state)
{
	struct pgmap_heat heat = { 0 };
	__u64 i;

	(void)state;
	for (i = 0; i < 5000; i++)
		assert_int_equal(pgmap_heat_add(&heat, 1000 + i * 1000000, 100 + i), 0);
	assert_in_range(heat.nr, PGMAP_HEAT_COLUMNS / 2, PGMAP_HEAT_COLUMNS);
	assert_true(heat.start_ns + heat.nr * heat.width_ns > 1000 + 4999 * 1000000ULL);
	assert_int_equal(all_in(&heat), 5000);
	assert_int_equal(heat.columns[heat.nr - 1].max_ns, 5099);
	pgmap_heat_free(&heat);
}

static void test_heat_puts_a_value_into_the_column_of_its_time(void **state)
{
	struct pgmap_heat heat = { 0 };
	__u32 i;

	(void)state;
	pgmap_heat_add(&heat, 1000, 50);
	pgmap_heat_add(&heat, 1000 + 1000000000, 7000);
	pgmap_heat_add(&heat, 1000 + 500000000, 300);
	for (i = 0; i < heat.nr; i++) {
		__u64 from = heat.start_ns + i * heat.width_ns, to = from + heat.width_ns;
		bool holds = i == 0 || (from <= 500001000 && 500001000 < to) || i == heat.nr - 1;

		assert_int_equal(heat.columns[i].total, holds);
	}
	/* one that is late is in the first */
	pgmap_heat_add(&heat, 10, 50);
	assert_int_equal(heat.columns[0].total, 2);
	pgmap_heat_free(&heat);
}

static void test_heat_percentiles_are_within_a_row(void **state)
{
	struct pgmap_heat heat = { 0 };
	__u64 i;

	(void)state;
	for (i = 1; i <= 1000; i++)
		pgmap_heat_add(&heat, 1000, i * 100);
	assert_in_range(pgmap_heat_percentile(&heat.columns[0], 500), 46900, 53200);
	assert_in_range(pgmap_heat_percentile(&heat.columns[0], 990), 92700, 100000);
	assert_int_equal(pgmap_heat_percentile(&heat.columns[1], 500), 0);
	pgmap_heat_free(&heat);
}

static void test_the_slowest_stay_in_order_of_time(void **state)
{
	struct pgmap_slowest slowest = { 0 };
	struct pgmap_open_fault end = { 0 };
	size_t i;

	(void)state;
	/* 7 has no factor in common with 1000: each of 1 .. 999 comes once */
	for (i = 1; i < 1000; i++) {
		end.time_ns = 10000 + i * 1000;
		assert_int_equal(pgmap_slowest_add(&slowest, &end, i * 7 % 1000), 0);
	}
	pgmap_slowest_finish(&slowest);
	assert_int_equal(slowest.nr, PGMAP_MAX_SLOWEST);
	assert_int_equal(slowest.left_out, 999 - PGMAP_MAX_SLOWEST);
	for (i = 0; i < slowest.nr; i++) {
		assert_in_range(slowest.faults[i].ns, 1000 - PGMAP_MAX_SLOWEST, 999);
		if (i)
			assert_true(slowest.faults[i - 1].end.time_ns <
				    slowest.faults[i].end.time_ns);
	}
	pgmap_slowest_free(&slowest);
}

static void test_a_life_has_its_times_and_faults(void **state)
{
	struct pgmap_timeline timeline = { 0 };
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(A, 1000, A, 16);

	model->timeline = &timeline;
	ev.u.add.setup_ns = 300;
	feed(model, ev);
	fault(model, 2000, 50);
	fault(model, 3000, 70);
	kill_drain_release(model, A, 4000);
	assert_int_equal(pgmap_timeline_finish(&timeline, model, 900, 5000), 0);
	assert_int_equal(timeline.nr, 1);
	assert_int_equal(timeline.zero_ns, 900);
	assert_int_equal(timeline.start_ns, 700);
	assert_int_equal(timeline.lives[0].begin_ns, 700);
	assert_int_equal(timeline.lives[0].killed_ns, 4000);
	assert_int_equal(timeline.lives[0].drained_ns, 4001);
	assert_int_equal(timeline.lives[0].released_ns, 4002);
	assert_int_equal(timeline.lives[0].faults.count, 2);
	assert_int_equal(timeline.lives[0].faults.max_ns, 70);
	assert_int_equal(timeline.slowest.nr, 2);
	assert_string_equal(timeline.slowest.faults[0].end.comm, "test");
	assert_int_equal(all_in(&timeline.heat), 2);
	pgmap_timeline_free(&timeline);
}

static void test_a_replaced_life_ends_when_it_is_replaced(void **state)
{
	struct pgmap_timeline timeline = { 0 };
	struct pgmap_model *model = *state;

	model->timeline = &timeline;
	add(model, A, 100);
	feed(model, add_of(A, 200, B, 16));
	pgmap_timeline_finish(&timeline, model, 50, 300);
	assert_int_equal(timeline.nr, 2);
	assert_int_equal(timeline.lives[0].replaced_ns, 200);
	assert_int_equal(timeline.lives[1].replaced_ns, 0);
	assert_int_equal(timeline.lives[1].findings, 1);
	pgmap_timeline_free(&timeline);
}

/* Ten thousand, of which one early did much, and one early was wrong. */
static void test_of_too_many_the_telling_ones_stay(void **state)
{
	struct pgmap_timeline timeline = { 0 };
	struct pgmap_model *model = *state;
	bool busy = false, wrong = false;
	__u64 i, time = 1000;
	size_t nr;

	model->timeline = &timeline;
	for (i = 0; i < 10000; i++, time += 10) {
		__u64 pgmap = 0x100000 + i * 0x1000;

		feed(model, add_of(pgmap, time, 0x100000, 16));
		if (i == 17)
			page(model, PGMAP_EVENT_PAGE_ALLOC, pgmap, time + 1, 1);
		if (i == 17)
			page(model, PGMAP_EVENT_PAGE_FREE, pgmap, time + 1, 1);
		if (i == 23)
			step(model, PGMAP_EVENT_DRAINED, pgmap, time + 1);
		kill_drain_release(model, pgmap, time + 2);
	}
	assert_int_equal(pgmap_timeline_finish(&timeline, model, 1000, time), 0);
	assert_int_equal(timeline.nr, PGMAP_MAX_LIVES);
	assert_int_equal(timeline.left_out, 10000 - PGMAP_MAX_LIVES);
	for (nr = 0; nr < timeline.nr; nr++) {
		busy |= timeline.lives[nr].row.pgmap == 0x100000 + 17 * 0x1000;
		wrong |= timeline.lives[nr].row.pgmap == 0x100000 + 23 * 0x1000;
		if (nr)
			assert_true(timeline.lives[nr - 1].begin_ns <= timeline.lives[nr].begin_ns);
	}
	assert_true(busy);
	assert_true(wrong);
	pgmap_timeline_free(&timeline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heat_keeps_every_value_while_its_columns_widen),
		cmocka_unit_test(test_heat_puts_a_value_into_the_column_of_its_time),
		cmocka_unit_test(test_heat_percentiles_are_within_a_row),
		cmocka_unit_test(test_the_slowest_stay_in_order_of_time),
		model_test(test_a_life_has_its_times_and_faults),
		model_test(test_a_replaced_life_ends_when_it_is_replaced),
		model_test(test_of_too_many_the_telling_ones_stay),
	};

	return PGMAP_RUN_TESTS(tests);
}
