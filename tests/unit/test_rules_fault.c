// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules on faults that go on for ever, in circles or in one go: stories that
 * break them, and those next to them that must not.
 */
#include <pgmap/rules.h>

#include "page_events.h"

enum { MS = 1000000, LONG = 2100 /* ms, so many faults at 1 ms each */ };

/* @times faults, 1 ms each, which leave the page where it is. */
static __u64 storm(struct pgmap_model *model, __u64 from, int times, __u32 result)
{
	int i;

	for (i = 0; i < times; i++) {
		enter(model, from, FIRST, TID);
		leave(model, from + MS, FIRST, TID, result);
		from += MS;
	}
	return from;
}

static void begin(struct pgmap_model *model)
{
	add(model, A, 100);
	alloc(model, 110, FIRST);
}

/* ---- FAULT_NO_PROGRESS ---- */

static void test_the_same_fault_again_and_again(void **state)
{
	struct pgmap_model *model = *state;
	const struct pgmap_finding *finding;

	begin(model);
	/* the last one is the first that comes after a second */
	storm(model, 1000, 1002, 0);
	finding = assert_only(model, PGMAP_RULE_FAULT_NO_PROGRESS, PGMAP_SEVERITY_WARNING);
	assert_int_equal(finding->nr_faults, 1001);
	assert_int_equal(finding->pfn, FIRST);
	assert_int_equal(finding->address, 0x7f0000000000);
	assert_int_equal(pgmap_model_verdict(model), PGMAP_VERDICT_CLEAN);
}

/* An eviction that holds the page's lock: many faults, but not for long. */
static void test_a_page_that_is_locked_for_a_moment(void **state)
{
	struct pgmap_model *model = *state;
	__u64 now;

	begin(model);
	now = storm(model, 1000, 9 * PGMAP_REPEAT_COUNT, 0);
	drop(model, now, FIRST);
	assert_findings(model, 0);
	/* in use again, and the same once more */
	alloc(model, now, FIRST);
	storm(model, now, 9 * PGMAP_REPEAT_COUNT, 0);
	assert_findings(model, 0);
}

static void test_a_storm_is_told_of_once_in_its_window(void **state)
{
	struct pgmap_model *model = *state;

	begin(model);
	storm(model, 1000, LONG, 0);
	assert_int_equal(model->findings.nr, 1);
	assert_int_equal(model->findings.times[PGMAP_RULE_FAULT_NO_PROGRESS], 2);
}

/* @times faults at once, and one more when their second is over. */
static void storm_and_one(struct pgmap_model *model, int times, __u64 then)
{
	begin(model);
	storm(model, 1000, times, 0);
	storm(model, then, 1, 0);
}

static void test_so_many_in_a_second_are_a_storm(void **state)
{
	struct pgmap_model *model = *state;

	storm_and_one(model, PGMAP_REPEAT_COUNT, 1010 * (__u64)MS);
	assert_int_equal(assert_only(model, PGMAP_RULE_FAULT_NO_PROGRESS,
				     PGMAP_SEVERITY_WARNING)->nr_faults, PGMAP_REPEAT_COUNT);
}

static void test_one_fault_less_is_no_storm(void **state)
{
	struct pgmap_model *model = *state;

	storm_and_one(model, PGMAP_REPEAT_COUNT - 1, 1010 * (__u64)MS);
	assert_findings(model, 0);
}

static void test_a_storm_that_was_over_long_ago_is_over(void **state)
{
	struct pgmap_model *model = *state;

	storm_and_one(model, PGMAP_REPEAT_COUNT, 2010 * (__u64)MS);
	assert_findings(model, 0);
}

static void test_the_same_fault_now_and_then_is_time_slicing(void **state)
{
	struct pgmap_model *model = *state;
	__u64 i;

	begin(model);
	for (i = 1; i < 10 * PGMAP_REPEAT_COUNT; i++)
		storm(model, i * 20 * MS, 1, 0);
	assert_findings(model, 0);
}

static void test_a_retry_enters_twice_and_is_no_storm(void **state)
{
	struct pgmap_model *model = *state;

	begin(model);
	storm(model, 1000, LONG, RETRY);
	assert_findings(model, 0);
}

static void test_a_fault_that_says_it_failed_is_no_storm(void **state)
{
	struct pgmap_model *model = *state;

	begin(model);
	storm(model, 1000, LONG, SIGBUS);
	assert_findings(model, 0);
}

static void test_good_results_but_zero_are_a_storm_too(void **state)
{
	struct pgmap_model *model = *state;

	begin(model);
	storm(model, 1000, 1002, MAJOR | NOPAGE);
	assert_only(model, PGMAP_RULE_FAULT_NO_PROGRESS, PGMAP_SEVERITY_WARNING);
}

static void test_a_page_that_comes_back_makes_progress(void **state)
{
	struct pgmap_model *model = *state;
	__u64 now = 1000;
	int i;

	begin(model);
	/* migrated there and back: the device likes this page */
	for (i = 0; i < LONG; i++) {
		now = storm(model, now, 1, 0);
		drop(model, now, FIRST);
		alloc(model, now, FIRST);
	}
	assert_findings(model, 0);
}

static void test_many_processes_fault_once_each(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = page_of(PGMAP_EVENT_FAULT_EXIT, 0, FIRST);
	__u32 i;

	begin(model);
	for (i = 0; i < LONG; i++) {
		enter(model, 1000 + (__u64)i * MS, FIRST, 100 + i);
		ev.time_ns = 1000 + (__u64)i * MS;
		ev.pid = 100 + i;
		ev.tid = 100 + i;
		feed(model, ev);
	}
	assert_findings(model, 0);
}

static void test_many_addresses_fault_once_each(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = page_of(PGMAP_EVENT_FAULT_EXIT, 0, FIRST);
	__u32 i;

	begin(model);
	for (i = 0; i < LONG; i++) {
		enter(model, 1000 + (__u64)i * MS, FIRST, TID);
		ev.time_ns = 1000 + (__u64)i * MS;
		ev.u.page.address = i << 12;
		feed(model, ev);
	}
	assert_findings(model, 0);
}

/* ---- FAULT_NO_EXIT ---- */

static void tick(struct pgmap_model *model, __u64 time)
{
	feed(model, event_of(PGMAP_EVENT_TICK, 0, time));
}

static const __u64 second = 1000000000;

static void test_a_fault_that_does_not_return(void **state)
{
	struct pgmap_model *model = *state;
	const struct pgmap_finding *finding;

	begin(model);
	enter(model, 1 * second, FIRST, OTHER_TID);
	tick(model, 11 * second - 1);
	assert_findings(model, 0);
	tick(model, 12 * second);
	tick(model, 13 * second);
	finding = assert_only(model, PGMAP_RULE_FAULT_NO_EXIT, PGMAP_SEVERITY_WARNING);
	assert_int_equal(finding->times, 1);
	assert_int_equal(finding->for_ns, 11 * second);
	assert_int_equal(finding->tid, OTHER_TID);
	assert_int_equal(finding->pid, TID);
	assert_string_equal(finding->comm, "test");
	assert_int_equal(finding->pfn, FIRST);
	assert_int_equal(finding->address, 0x7f0000000000);
}

static void test_a_slow_fault_that_returns(void **state)
{
	struct pgmap_model *model = *state;

	begin(model);
	enter(model, 1 * second, FIRST, TID);
	tick(model, 10 * second);
	leave(model, 10 * second + 1, FIRST, TID, 0);
	enter(model, 10 * second + 2, FIRST, TID);
	tick(model, 20 * second);
	assert_findings(model, 0);
}

static void test_an_open_fault_the_source_tells_of(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = page_of(PGMAP_EVENT_FAULT_OPEN, 12 * second, FIRST);
	const struct pgmap_finding *finding;

	add(model, A, 100);
	ev.u.page.since_ns = 1 * second;
	feed(model, ev);
	finding = assert_only(model, PGMAP_RULE_FAULT_NO_EXIT, PGMAP_SEVERITY_WARNING);
	assert_int_equal(finding->for_ns, 11 * second);
}

static void test_an_open_fault_on_an_older_pagemap_is_let_be(void **state)
{
	struct pgmap_model *model = *state;

	step(model, PGMAP_EVENT_SEEN, A, 100);
	enter(model, 1 * second, FIRST, TID);
	tick(model, 100 * second);
	assert_findings(model, 0);
}

static void test_open_faults_are_off_without_the_page_rules(void **state)
{
	struct pgmap_model *model = *state;

	model->options.pages = false;
	begin(model);
	enter(model, 1 * second, FIRST, TID);
	assert_false(pgmap_model_is_due(model, 100 * second));
	tick(model, 100 * second);
	assert_findings(model, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		page_test(test_the_same_fault_again_and_again),
		page_test(test_a_storm_is_told_of_once_in_its_window),
		page_test(test_a_page_that_is_locked_for_a_moment),
		page_test(test_so_many_in_a_second_are_a_storm),
		page_test(test_a_storm_that_was_over_long_ago_is_over),
		page_test(test_one_fault_less_is_no_storm),
		page_test(test_the_same_fault_now_and_then_is_time_slicing),
		page_test(test_a_retry_enters_twice_and_is_no_storm),
		page_test(test_a_fault_that_says_it_failed_is_no_storm),
		page_test(test_good_results_but_zero_are_a_storm_too),
		page_test(test_a_page_that_comes_back_makes_progress),
		page_test(test_many_processes_fault_once_each),
		page_test(test_many_addresses_fault_once_each),
		page_test(test_a_fault_that_does_not_return),
		page_test(test_a_slow_fault_that_returns),
		page_test(test_an_open_fault_the_source_tells_of),
		page_test(test_an_open_fault_on_an_older_pagemap_is_let_be),
		page_test(test_open_faults_are_off_without_the_page_rules),
	};

	return PGMAP_RUN_TESTS(tests);
}
