// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules on single pages, for page events one by one: stories that break
 * them, and those next to them that must not.
 */
#include "page_events.h"

/* ---- DOUBLE_FREE, REF_IMBALANCE ---- */

static void test_a_page_freed_twice(void **state)
{
	struct pgmap_model *model = *state;
	const struct pgmap_finding *finding;

	add(model, A, 100);
	alloc(model, 110, FIRST);
	alloc(model, 111, FIRST + 1);
	drop(model, 120, FIRST);
	assert_findings(model, 0);
	drop(model, 121, FIRST);
	/* the sums still look right: another page is out */
	finding = assert_only(model, PGMAP_RULE_DOUBLE_FREE, PGMAP_SEVERITY_ERROR);
	assert_int_equal(finding->pfn, FIRST);
	assert_int_equal(finding->history.moments[finding->history.nr - 1].event,
			 PGMAP_EVENT_PAGE_FREE);
}

static void test_a_page_never_allocated_is_freed(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	drop(model, 110, FIRST);
	assert_int_equal(model->findings.times[PGMAP_RULE_DOUBLE_FREE], 1);
	assert_int_equal(model->findings.times[PGMAP_RULE_REF_IMBALANCE], 1);
	assert_findings(model, 2);
}

static void test_alloc_free_alloc_free_is_usual(void **state)
{
	struct pgmap_model *model = *state;
	__u64 i;

	add(model, A, 100);
	for (i = 0; i < 10; i++) {
		alloc(model, 200 + i * 2, FIRST);
		drop(model, 201 + i * 2, FIRST);
	}
	kill_drain_release(model, A, 300);
	assert_findings(model, 0);
	assert_int_equal(model->pages.nr, 0);
}

static void test_a_page_from_before_the_observer_may_be_freed(void **state)
{
	struct pgmap_model *model = *state;

	step(model, PGMAP_EVENT_SEEN, A, 100);
	drop(model, 110, FIRST);
	assert_findings(model, 0);
	/* what cannot be judged is not kept either */
	alloc(model, 120, FIRST);
	assert_int_equal(model->pages.nr, 0);
}

static void test_a_page_that_found_no_room_may_be_freed(void **state)
{
	struct pgmap_model *model = *state;

	model->pages.limit = 1;
	add(model, A, 100);
	alloc(model, 110, FIRST);
	alloc(model, 111, FIRST + 1);
	drop(model, 120, FIRST + 1);
	assert_findings(model, 0);
	/* and that is shown */
	assert_int_equal(pgmap_model_losses(model, PGMAP_LOSS_PAGES), 1);
	assert_int_equal(pgmap_model_verdict(model), PGMAP_VERDICT_INCONCLUSIVE);
}

static void test_other_types_free_what_was_never_allocated(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(A, 100, A, PAGES);

	ev.type = PGMAP_TYPE_FS_DAX;
	feed(model, ev);
	drop(model, 110, FIRST);
	assert_findings(model, 0);
}

static void test_a_free_after_the_release_is_one_finding(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	alloc(model, 105, FIRST);
	drop(model, 106, FIRST);
	kill_drain_release(model, A, 110);
	drop(model, 120, FIRST);
	assert_only(model, PGMAP_RULE_FREE_AFTER_RELEASE, PGMAP_SEVERITY_ERROR);
}

static void test_a_page_left_by_the_last_generation_is_not_this_one_s(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	alloc(model, 105, FIRST);
	kill_drain_release(model, A, 110);
	assert_only(model, PGMAP_RULE_DRAINED_OUTSTANDING, PGMAP_SEVERITY_ERROR);
	assert_int_equal(model->pages.nr, 0);
	add(model, A, 200);
	alloc(model, 210, FIRST + 1);
	drop(model, 220, FIRST);
	assert_int_equal(model->findings.times[PGMAP_RULE_DOUBLE_FREE], 1);
}

static void test_nor_is_one_that_the_sums_of_the_last_generation_hid(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	alloc(model, 105, FIRST);
	drop(model, 106, FIRST + 1);
	kill_drain_release(model, A, 110);
	assert_only(model, PGMAP_RULE_DOUBLE_FREE, PGMAP_SEVERITY_ERROR);
	add(model, A, 200);
	alloc(model, 210, FIRST + 1);
	drop(model, 220, FIRST);
	assert_int_equal(model->findings.times[PGMAP_RULE_DOUBLE_FREE], 2);
	assert_int_equal(model->findings.all[1].generation, 2);
}

static void test_what_bpf_has_seen_is_not_judged_again(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = page_of(PGMAP_EVENT_PAGE_FREE, 110, FIRST);

	add(model, A, 100);
	ev.flags = PGMAP_FLAG_COUNTED;
	feed(model, ev);
	assert_findings(model, 0);
	ev.rule = PGMAP_RULE_DOUBLE_FREE;
	feed(model, ev);
	assert_only(model, PGMAP_RULE_DOUBLE_FREE, PGMAP_SEVERITY_ERROR);
}

static void test_page_rules_are_off_unless_asked_for(void **state)
{
	struct pgmap_model *model = *state;

	model->options.pages = false;
	add(model, A, 100);
	alloc(model, 110, FIRST + PAGES);
	alloc(model, 111, FIRST);
	alloc(model, 112, FIRST + 1);
	enter(model, 120, FIRST, TID);
	drop(model, 121, FIRST);
	drop(model, 122, FIRST);
	assert_findings(model, 0);
	assert_int_equal(model->pages.nr, 0);
}

/* ---- ALLOC_PGMAP_MISMATCH ---- */

static void test_a_page_outside_the_ranges(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	alloc(model, 110, FIRST + PAGES);
	assert_int_equal(assert_only(model, PGMAP_RULE_ALLOC_PGMAP_MISMATCH,
				     PGMAP_SEVERITY_ERROR)->pfn, FIRST + PAGES);
	/* wherever it came from, it was allocated */
	drop(model, 120, FIRST + PAGES);
	assert_findings(model, 1);
}

static void test_pages_that_reach_past_the_end(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = page_of(PGMAP_EVENT_PAGE_ALLOC, 110, FIRST + PAGES - 1);

	add(model, A, 100);
	ev.u.page.pages = 2;
	feed(model, ev);
	assert_only(model, PGMAP_RULE_ALLOC_PGMAP_MISMATCH, PGMAP_SEVERITY_ERROR);
}

static void test_first_and_last_page_are_inside(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = page_of(PGMAP_EVENT_PAGE_ALLOC, 120, FIRST);

	add(model, A, 100);
	alloc(model, 110, FIRST);
	alloc(model, 111, FIRST + PAGES - 1);
	ev.u.page.pages = PAGES;
	feed(model, ev);
	assert_findings(model, 0);
}

static void test_a_page_of_a_range_that_was_not_told_of_yet(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(A, 100, FIRST, PAGES);

	ev.u.add.nr_range = 2;
	feed(model, ev);
	alloc(model, 110, 0x900);
	assert_findings(model, 0);
	ev = event_of(PGMAP_EVENT_RANGE, A, 120);
	ev.u.range.nr_here = 1;
	ev.u.range.ranges[0] = (struct pgmap_range){ 0x900 << 12, (0x910 << 12) - 1 };
	feed(model, ev);
	alloc(model, 130, 0x90f);
	assert_findings(model, 0);
	alloc(model, 131, 0x910);
	assert_only(model, PGMAP_RULE_ALLOC_PGMAP_MISMATCH, PGMAP_SEVERITY_ERROR);
}

/* Judges pages at both ends of a range, and behind it, where pages have 1 << @shift bytes. */
static void judge_larger_pages(struct pgmap_model *model, unsigned int shift)
{
	struct pgmap_event ev = add_of(A, 100, FIRST, PAGES);

	ev.u.add.ranges[0].start = (__u64)FIRST << shift;
	ev.u.add.ranges[0].end = ((__u64)(FIRST + PAGES) << shift) - 1;
	feed(model, ev);
	alloc(model, 110, FIRST);
	alloc(model, 111, FIRST + PAGES - 1);
	assert_findings(model, 0);
	alloc(model, 112, FIRST + PAGES);
	assert_only(model, PGMAP_RULE_ALLOC_PGMAP_MISMATCH, PGMAP_SEVERITY_ERROR);
}

static void test_pages_may_have_16_kib(void **state)
{
	judge_larger_pages(*state, 14);
}

static void test_pages_may_have_64_kib(void **state)
{
	judge_larger_pages(*state, 16);
}

/* ---- FREE_DURING_FAULT ---- */

static void test_a_page_freed_inside_its_fault(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	alloc(model, 110, FIRST);
	enter(model, 120, FIRST, TID);
	drop(model, 121, FIRST);
	leave(model, 122, FIRST, TID, 0);
	assert_only(model, PGMAP_RULE_FREE_DURING_FAULT, PGMAP_SEVERITY_ERROR);
}

static void test_a_page_freed_after_its_fault(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	alloc(model, 110, FIRST);
	enter(model, 120, FIRST, TID);
	leave(model, 121, FIRST, TID, 0);
	drop(model, 122, FIRST);
	assert_findings(model, 0);
}

static void test_of_two_faults_on_a_page_the_last_counts(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	alloc(model, 110, FIRST);
	enter(model, 120, FIRST, TID);
	enter(model, 121, FIRST, OTHER_TID);
	leave(model, 122, FIRST, TID, 0);
	drop(model, 123, FIRST);
	assert_only(model, PGMAP_RULE_FREE_DURING_FAULT, PGMAP_SEVERITY_ERROR);
}

static void test_another_page_may_be_freed_meanwhile(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	alloc(model, 110, FIRST);
	alloc(model, 111, FIRST + 1);
	enter(model, 120, FIRST, TID);
	drop(model, 121, FIRST + 1);
	leave(model, 122, FIRST, TID, 0);
	assert_findings(model, 0);
}

static void test_pages_come_home_while_it_is_killed(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	alloc(model, 110, FIRST);
	step(model, PGMAP_EVENT_KILL, A, 115);
	enter(model, 120, FIRST, TID);
	leave(model, 121, FIRST, TID, 0);
	drop(model, 122, FIRST);
	step(model, PGMAP_EVENT_DRAINED, A, 123);
	step(model, PGMAP_EVENT_RELEASE, A, 124);
	assert_findings(model, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		page_test(test_a_page_freed_twice),
		page_test(test_a_page_never_allocated_is_freed),
		page_test(test_alloc_free_alloc_free_is_usual),
		page_test(test_a_page_from_before_the_observer_may_be_freed),
		page_test(test_a_page_that_found_no_room_may_be_freed),
		page_test(test_other_types_free_what_was_never_allocated),
		page_test(test_a_free_after_the_release_is_one_finding),
		page_test(test_a_page_left_by_the_last_generation_is_not_this_one_s),
		page_test(test_nor_is_one_that_the_sums_of_the_last_generation_hid),
		page_test(test_what_bpf_has_seen_is_not_judged_again),
		page_test(test_page_rules_are_off_unless_asked_for),
		page_test(test_a_page_outside_the_ranges),
		page_test(test_pages_that_reach_past_the_end),
		page_test(test_first_and_last_page_are_inside),
		page_test(test_pages_may_have_16_kib),
		page_test(test_pages_may_have_64_kib),
		page_test(test_a_page_of_a_range_that_was_not_told_of_yet),
		page_test(test_a_page_freed_inside_its_fault),
		page_test(test_a_page_freed_after_its_fault),
		page_test(test_of_two_faults_on_a_page_the_last_counts),
		page_test(test_another_page_may_be_freed_meanwhile),
		page_test(test_pages_come_home_while_it_is_killed),
	};

	return PGMAP_RUN_TESTS(tests);
}
