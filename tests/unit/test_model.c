// SPDX-License-Identifier: GPL-2.0-only
/* Lives as the model sees them: the usual ones, generations, take-over, bounds. */
#include <errno.h>

#include "events.h"

static void test_a_usual_life_is_clean(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 110, 1);
	step(model, PGMAP_EVENT_KILL, A, 120);
	page(model, PGMAP_EVENT_PAGE_FREE, A, 130, 1);
	step(model, PGMAP_EVENT_DRAINED, A, 140);
	step(model, PGMAP_EVENT_RELEASE, A, 150);
	assert_findings(model, 0);
	assert_int_equal(state_of(model, A), PGMAP_STATE_RELEASED);
	assert_int_equal(pgmap_model_verdict(model), PGMAP_VERDICT_CLEAN);
}

static void test_reused_address_is_a_new_generation(void **state)
{
	struct pgmap_model *model = *state;
	int i;

	for (i = 0; i < 3; i++) {
		add(model, A, 100 + i * 100);
		page(model, PGMAP_EVENT_PAGE_ALLOC, A, 110 + i * 100, 1 + i);
		page(model, PGMAP_EVENT_PAGE_FREE, A, 111 + i * 100, 1 + i);
		kill_drain_release(model, A, 120 + i * 100);
	}
	assert_findings(model, 0);
	for (i = 0; i < 3; i++)
		assert_int_equal(pgmap_table_find(&model->table, A, i + 1)->counts.alloc_pages,
				 1 + i);
	assert_int_equal(pgmap_table_latest(&model->table, A)->generation, 3);
}

static void test_older_than_the_observer_is_taken_over(void **state)
{
	struct pgmap_model *model = *state;

	page(model, PGMAP_EVENT_PAGE_FREE, A, 100, 1);
	assert_int_equal(state_of(model, A), PGMAP_STATE_UNKNOWN);
	step(model, PGMAP_EVENT_DRAINED, B, 101);
	step(model, PGMAP_EVENT_RELEASE, C, 102);
	assert_findings(model, 0);
	assert_true(pgmap_table_latest(&model->table, A)->partial);
	/* and an add at an address that looked older is no second add */
	add(model, A, 200);
	assert_findings(model, 0);
}

static void test_page_rules_are_off_without_a_seen_add(void **state)
{
	struct pgmap_model *model = *state;

	step(model, PGMAP_EVENT_KILL, A, 100);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 101, 1);
	step(model, PGMAP_EVENT_DRAINED, A, 102);
	page(model, PGMAP_EVENT_PAGE_FREE, A, 103, 1);
	page(model, PGMAP_EVENT_FAULT_ENTER, A, 104, 0);
	assert_findings(model, 0);
}

static void test_page_rules_are_off_for_other_types(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(A, 100, 1, 1);

	ev.type = PGMAP_TYPE_PCI_P2PDMA;
	feed(model, ev);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 110, 1);
	kill_drain_release(model, A, 120);
	page(model, PGMAP_EVENT_PAGE_FREE, A, 130, 1);
	assert_findings(model, 0);
}

static void test_times_of_a_life(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(A, 1000, 1, 16);
	const struct pgmap_instance *one;

	ev.u.add.setup_ns = 300;
	feed(model, ev);
	kill_drain_release(model, A, 2000);
	one = pgmap_table_latest(&model->table, A);
	assert_int_equal(one->begin_ns, 700);
	assert_int_equal(one->killed_ns, 2000);
	assert_int_equal(one->drained_ns, 2001);
	assert_int_equal(one->released_ns, 2002);
}

static void test_more_ranges_than_fit_continue(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(A, 100, 0, 1);
	struct pgmap_event more = event_of(PGMAP_EVENT_RANGE, A, 101);
	const struct pgmap_instance *one;
	int i;

	ev.u.add.nr_range = 6;
	ev.u.add.nr_here = 4;
	for (i = 0; i < 4; i++)
		ev.u.add.ranges[i] = (struct pgmap_range){ i * 0x10000, i * 0x10000 + 0xfff };
	feed(model, ev);
	more.u.range.first = 4;
	more.u.range.nr_here = 2;
	for (i = 0; i < 2; i++)
		more.u.range.ranges[i] = (struct pgmap_range){ (i + 4) * 0x10000,
							       (i + 4) * 0x10000 + 0xfff };
	feed(model, more);
	one = pgmap_table_latest(&model->table, A);
	assert_int_equal(one->nr_known, 6);
	assert_int_equal(one->ranges[5].start, 0x50000);
	assert_findings(model, 0);
}

static void test_more_ranges_than_a_record_can_say_are_refused(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(A, 100, 0, 1);
	struct pgmap_event more = event_of(PGMAP_EVENT_RANGE, A, 101);
	int known, err = 0;

	ev.u.add.nr_range = PGMAP_MAX_RANGES;
	feed(model, ev);
	known = pgmap_table_latest(&model->table, A)->nr_known;
	more.u.range.nr_here = 1;
	for (; known < PGMAP_MAX_RANGES && !err; known++)
		err = pgmap_model_event(model, &more);
	assert_int_equal(err, 0);
	assert_int_equal(pgmap_model_event(model, &more), -EINVAL);
	assert_int_equal(pgmap_table_latest(&model->table, A)->nr_known, PGMAP_MAX_RANGES);
}

static void test_counts_from_the_kernel_only_grow(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_counts newer = { .allocs = 10, .alloc_pages = 10, .frees = 4 };
	struct pgmap_counts older = { .allocs = 9, .alloc_pages = 9, .frees = 5 };

	add(model, A, 100);
	pgmap_model_counts(model, A, 1, &newer);
	pgmap_model_counts(model, A, 1, &older);
	assert_int_equal(pgmap_table_latest(&model->table, A)->counts.allocs, 10);
	assert_int_equal(pgmap_table_latest(&model->table, A)->counts.frees, 5);
	/* what the model has not heard of is not invented */
	assert_int_equal(pgmap_model_counts(model, B, 1, &newer), 0);
	assert_null(pgmap_table_latest(&model->table, B));
}

static void test_counted_events_are_not_counted_twice(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = event_of(PGMAP_EVENT_PAGE_ALLOC, A, 120);

	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 110);
	ev.u.page.pages = 1;
	ev.flags = PGMAP_FLAG_COUNTED;
	feed(model, ev);
	assert_int_equal(pgmap_table_latest(&model->table, A)->counts.allocs, 0);
	assert_only(model, PGMAP_RULE_ALLOC_AFTER_KILL, PGMAP_SEVERITY_WARNING);
}

static void test_a_generation_the_source_names_is_kept(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(A, 100, 1, 1);

	ev.generation = 5000;
	feed(model, ev);
	ev = event_of(PGMAP_EVENT_KILL, A, 110);
	ev.generation = 5000;
	feed(model, ev);
	assert_int_equal(pgmap_table_find(&model->table, A, 5000)->state, PGMAP_STATE_KILLED);
}

static void test_a_later_generation_out_of_nothing_replaces(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = event_of(PGMAP_EVENT_KILL, A, 200);

	add(model, A, 100);
	/* its add was lost: no finding, the old one is over */
	ev.generation = 2;
	feed(model, ev);
	assert_findings(model, 0);
	assert_true(pgmap_table_find(&model->table, A, 1)->replaced);
	assert_true(pgmap_table_find(&model->table, A, 2)->partial);
}

static void test_released_pagemaps_are_bounded(void **state)
{
	struct pgmap_model *model = *state;
	__u64 i;

	for (i = 1; i <= 3 * PGMAP_MAX_ENDED; i++) {
		feed(model, add_of(i << 12, i * 100, i, 1));
		page(model, PGMAP_EVENT_PAGE_ALLOC, i << 12, i * 100 + 1, 1);
		page(model, PGMAP_EVENT_PAGE_FREE, i << 12, i * 100 + 2, 1);
		kill_drain_release(model, i << 12, i * 100 + 10);
	}
	assert_int_equal(model->table.nr, PGMAP_MAX_ENDED);
	assert_int_equal(model->held.nr, PGMAP_MAX_ENDED);
	assert_int_equal(model->forgotten, 2 * PGMAP_MAX_ENDED);
	assert_int_equal(model->forgotten_counts.allocs, 2 * PGMAP_MAX_ENDED);
	assert_findings(model, 0);
}

static void test_generations_of_the_forgotten_are_not_given_again(void **state)
{
	struct pgmap_model *model = *state;
	__u64 i;

	for (i = 1; i <= 3; i++) {
		add(model, A, i * 100);
		kill_drain_release(model, A, i * 100 + 10);
	}
	for (i = 1; i <= PGMAP_MAX_ENDED; i++) {
		feed(model, add_of(A + (i << 12), 1000 + i * 100, i, 1));
		kill_drain_release(model, A + (i << 12), 1000 + i * 100 + 10);
	}
	assert_null(pgmap_table_latest(&model->table, A));
	add(model, A, 1000000);
	assert_int_equal(pgmap_table_latest(&model->table, A)->generation, 4);
}

static void test_each_breach_is_counted_also_when_it_is_no_news(void **state)
{
	struct pgmap_model *model = *state;
	__u64 before;

	add(model, A, 100);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 110, 1);
	assert_int_equal(model->findings.breaches, 0);
	step(model, PGMAP_EVENT_KILL, A, 120);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 130, 1);
	before = model->findings.breaches;
	assert_int_equal(before, 1);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 140, 1);
	assert_int_equal(model->findings.breaches, before + 1);
	assert_findings(model, 1);
}

static void test_ten_thousand_live_pagemaps_are_found(void **state)
{
	struct pgmap_model *model = *state;
	__u64 i;

	for (i = 1; i <= 10000; i++)
		feed(model, add_of(i * 192, i, i, 1));
	for (i = 1; i <= 10000; i++)
		assert_int_equal(pgmap_table_latest(&model->table, i * 192)->pgmap, i * 192);
	assert_findings(model, 0);
}

static void test_an_event_of_no_kind_is_refused(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = event_of(PGMAP_EVENT_NONE, A, 1);

	assert_int_equal(pgmap_model_event(model, &ev), -EINVAL);
	ev.event = PGMAP_NR_EVENTS;
	assert_int_equal(pgmap_model_event(model, &ev), -EINVAL);
	assert_null(pgmap_table_latest(&model->table, A));
}

static void test_free_takes_what_was_never_filled(void **state)
{
	struct pgmap_model empty = { 0 };

	(void)state;
	pgmap_model_free(&empty);
	pgmap_instance_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(test_a_usual_life_is_clean),
		model_test(test_reused_address_is_a_new_generation),
		model_test(test_older_than_the_observer_is_taken_over),
		model_test(test_page_rules_are_off_without_a_seen_add),
		model_test(test_page_rules_are_off_for_other_types),
		model_test(test_times_of_a_life),
		model_test(test_more_ranges_than_fit_continue),
		model_test(test_more_ranges_than_a_record_can_say_are_refused),
		model_test(test_counts_from_the_kernel_only_grow),
		model_test(test_counted_events_are_not_counted_twice),
		model_test(test_a_generation_the_source_names_is_kept),
		model_test(test_a_later_generation_out_of_nothing_replaces),
		model_test(test_released_pagemaps_are_bounded),
		model_test(test_generations_of_the_forgotten_are_not_given_again),
		model_test(test_each_breach_is_counted_also_when_it_is_no_news),
		model_test(test_ten_thousand_live_pagemaps_are_found),
		model_test(test_an_event_of_no_kind_is_refused),
		cmocka_unit_test(test_free_takes_what_was_never_filled),
	};

	return PGMAP_RUN_TESTS(tests);
}
