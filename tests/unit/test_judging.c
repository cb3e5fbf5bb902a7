// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is judged and what is told: rules the source saw broken, sums, what is
 * left at the end, rules that are off, and what a finding holds.
 */
#include <errno.h>

#include "events.h"

static struct pgmap_event seen_by_source(enum pgmap_event_id id, enum pgmap_rule rule, __u64 time)
{
	struct pgmap_event ev = event_of(id, A, time);

	ev.rule = rule;
	ev.flags = PGMAP_FLAG_COUNTED;
	ev.u.page.pfn = A + 1;
	ev.u.page.address = 0x7000;
	ev.u.page.pages = 1;
	return ev;
}

/* ---- rules the source saw broken ---- */

static void test_a_page_rule_the_source_saw_broken(void **state)
{
	struct pgmap_model *model = *state;

	model->options.pages = true;
	add(model, A, 100);
	feed(model, seen_by_source(PGMAP_EVENT_PAGE_FREE, PGMAP_RULE_FREE_DURING_FAULT, 110));
	assert_int_equal(assert_only(model, PGMAP_RULE_FREE_DURING_FAULT,
				     PGMAP_SEVERITY_ERROR)->pfn, A + 1);
}

static void test_a_storm_the_source_saw(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = seen_by_source(PGMAP_EVENT_FAULT_EXIT,
					       PGMAP_RULE_FAULT_NO_PROGRESS, 110);
	const struct pgmap_finding *finding;

	model->options.pages = true;
	add(model, A, 100);
	ev.u.page.times = 123;
	feed(model, ev);
	finding = assert_only(model, PGMAP_RULE_FAULT_NO_PROGRESS, PGMAP_SEVERITY_WARNING);
	assert_int_equal(finding->nr_faults, 123);
	assert_int_equal(finding->address, 0x7000);
}

static void test_a_look_up_after_the_kill(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 110);
	feed(model, seen_by_source(PGMAP_EVENT_GET, PGMAP_RULE_GET_AFTER_KILL, 120));
	assert_int_equal(assert_only(model, PGMAP_RULE_GET_AFTER_KILL,
				     PGMAP_SEVERITY_ERROR)->state, PGMAP_STATE_KILLED);
}

static void test_a_look_up_no_rule_is_named_for(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 110);
	feed(model, seen_by_source(PGMAP_EVENT_GET, PGMAP_RULE_NONE, 111));
	assert_findings(model, 0);
}

static void test_source_and_automaton_agree_once(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 110);
	step(model, PGMAP_EVENT_DRAINED, A, 120);
	feed(model, seen_by_source(PGMAP_EVENT_PAGE_FREE, PGMAP_RULE_FREE_AFTER_RELEASE, 130));
	assert_int_equal(assert_only(model, PGMAP_RULE_FREE_AFTER_RELEASE,
				     PGMAP_SEVERITY_ERROR)->times, 1);
}

static void test_an_event_with_no_such_rule_is_refused(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = seen_by_source(PGMAP_EVENT_PAGE_FREE, PGMAP_NR_RULES, 110);

	assert_int_equal(pgmap_model_event(model, &ev), -EINVAL);
}

/* ---- REF_IMBALANCE ---- */

static struct pgmap_event with_sums(enum pgmap_event_id id, __u64 time, __u64 allocs, __u64 frees)
{
	struct pgmap_event ev = event_of(id, A, time);

	ev.flags = PGMAP_FLAG_COUNTS;
	ev.u.counts.allocs = allocs;
	ev.u.counts.alloc_pages = allocs;
	ev.u.counts.frees = frees;
	ev.u.counts.free_pages = frees;
	return ev;
}

static void test_more_frees_than_allocs_in_the_sums(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	feed(model, with_sums(PGMAP_EVENT_KILL, 110, 3, 3));
	feed(model, with_sums(PGMAP_EVENT_DRAINED, 111, 3, 4));
	assert_int_equal(assert_only(model, PGMAP_RULE_REF_IMBALANCE,
				     PGMAP_SEVERITY_ERROR)->outstanding, -1);
	feed(model, with_sums(PGMAP_EVENT_RELEASE, 112, 3, 4));
	assert_findings(model, 1);
}

static void test_pages_at_the_kill_may_still_come_home(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	feed(model, with_sums(PGMAP_EVENT_KILL, 110, 4, 3));
	feed(model, with_sums(PGMAP_EVENT_DRAINED, 111, 4, 4));
	feed(model, with_sums(PGMAP_EVENT_RELEASE, 112, 4, 4));
	assert_findings(model, 0);
}

/* One page too many was freed: its reference is missing, so this one never drains. */
static void test_more_frees_than_allocs_at_the_kill(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	feed(model, with_sums(PGMAP_EVENT_KILL, 110, 3, 4));
	assert_only(model, PGMAP_RULE_REF_IMBALANCE, PGMAP_SEVERITY_ERROR);
}

static void test_more_frees_than_allocs_one_by_one(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 110, 1);
	page(model, PGMAP_EVENT_PAGE_FREE, A, 111, 1);
	assert_findings(model, 0);
	page(model, PGMAP_EVENT_PAGE_FREE, A, 112, 1);
	assert_only(model, PGMAP_RULE_REF_IMBALANCE, PGMAP_SEVERITY_ERROR);
}

static void test_allocs_from_before_the_observer_are_no_imbalance(void **state)
{
	struct pgmap_model *model = *state;

	step(model, PGMAP_EVENT_SEEN, A, 100);
	page(model, PGMAP_EVENT_PAGE_FREE, A, 110, 1);
	feed(model, with_sums(PGMAP_EVENT_KILL, 120, 0, 1));
	feed(model, with_sums(PGMAP_EVENT_DRAINED, 121, 0, 1));
	assert_findings(model, 0);
}

/* ---- LEAK ---- */

static void test_pages_left_at_the_end_are_reported(void **state)
{
	struct pgmap_model *model = *state;
	const struct pgmap_finding *finding;

	add(model, A, 100);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 110, 5);
	pgmap_model_end(model, 200, true);
	finding = assert_only(model, PGMAP_RULE_LEAK, PGMAP_SEVERITY_REPORT);
	assert_int_equal(finding->outstanding, 5);
	assert_int_equal(finding->time_ns, 200);
	assert_int_equal(finding->change, model->findings.changes);
	assert_int_equal(pgmap_model_verdict(model), PGMAP_VERDICT_CLEAN);
}

static void test_an_observer_stopped_half_way_reports_no_leak(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 110, 5);
	pgmap_model_end(model, 200, false);
	assert_findings(model, 0);
}

static void test_what_is_empty_killed_or_older_is_no_leak(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	add(model, B, 110);
	page(model, PGMAP_EVENT_PAGE_ALLOC, B, 111, 5);
	step(model, PGMAP_EVENT_KILL, B, 112);
	step(model, PGMAP_EVENT_SEEN, C, 113);
	page(model, PGMAP_EVENT_PAGE_ALLOC, C, 114, 5);
	pgmap_model_end(model, 200, true);
	assert_findings(model, 0);
}

/* ---- rules that are off ---- */

static void break_double_kill(struct pgmap_model *model)
{
	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 110);
	step(model, PGMAP_EVENT_KILL, A, 111);
}

static void test_a_disabled_rule_is_not_judged(void **state)
{
	struct pgmap_model *model = *state;

	model->options.disabled = 1U << PGMAP_RULE_DOUBLE_KILL;
	break_double_kill(model);
	assert_findings(model, 0);
	assert_int_equal(model->findings.times[PGMAP_RULE_DOUBLE_KILL], 0);
	assert_int_equal(pgmap_model_verdict(model), PGMAP_VERDICT_CLEAN);
	step(model, PGMAP_EVENT_RELEASE, A, 112);
	assert_only(model, PGMAP_RULE_RELEASE_BEFORE_DRAINED, PGMAP_SEVERITY_ERROR);
}

static void test_only_the_rules_asked_for_are_judged(void **state)
{
	struct pgmap_model *model = *state;

	model->options.only = 1U << PGMAP_RULE_DOUBLE_KILL;
	break_double_kill(model);
	step(model, PGMAP_EVENT_RELEASE, A, 112);
	assert_only(model, PGMAP_RULE_DOUBLE_KILL, PGMAP_SEVERITY_ERROR);
}

static void test_a_rule_both_asked_for_and_disabled_is_off(void **state)
{
	struct pgmap_model *model = *state;

	model->options.only = 1U << PGMAP_RULE_DOUBLE_KILL;
	model->options.disabled = 1U << PGMAP_RULE_DOUBLE_KILL;
	break_double_kill(model);
	assert_findings(model, 0);
}

/* ---- what a finding holds ---- */

static void test_a_finding_has_place_and_thread(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = event_of(PGMAP_EVENT_DRAINED, A, 110);
	const struct pgmap_finding *finding;

	add(model, A, 100);
	ev.tid = OTHER_TID;
	ev.nr_frames = PGMAP_MAX_FRAMES;
	ev.stack[PGMAP_MAX_FRAMES - 1] = 42;
	feed(model, ev);
	finding = assert_only(model, PGMAP_RULE_DRAINED_UNEXPECTED, PGMAP_SEVERITY_ERROR);
	assert_int_equal(finding->nr_range, 1);
	assert_int_equal(finding->where.start, A << 12);
	assert_int_equal(finding->where.end, ((A + 16) << 12) - 1);
	assert_int_equal(finding->pid, TID);
	assert_int_equal(finding->tid, OTHER_TID);
	assert_int_equal(finding->nr_frames, PGMAP_MAX_FRAMES);
	assert_int_equal(finding->stack[PGMAP_MAX_FRAMES - 1], 42);
}

static void test_an_add_tells_its_place_before_it_is_learnt(void **state)
{
	struct pgmap_model *model = *state;
	const struct pgmap_finding *finding;

	add(model, A, 100);
	feed(model, add_of(A, 200, 0x777, 1));
	finding = assert_only(model, PGMAP_RULE_ADD_ON_ACTIVE, PGMAP_SEVERITY_ERROR);
	assert_int_equal(finding->where.start, 0x777000);
	assert_string_equal(finding->driver, "driver");
}

static void test_a_graver_breach_takes_the_place_of_the_first(void **state)
{
	struct pgmap_model *model = *state;
	const struct pgmap_finding *finding;
	__u64 told;

	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 110);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 120, 1);
	page(model, PGMAP_EVENT_PAGE_FREE, A, 121, 1);
	told = model->findings.changes;
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 122, 1);
	page(model, PGMAP_EVENT_PAGE_FREE, A, 123, 1);
	assert_int_equal(model->findings.changes, told);
	step(model, PGMAP_EVENT_DRAINED, A, 130);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 140, 1);
	finding = assert_only(model, PGMAP_RULE_ALLOC_AFTER_KILL, PGMAP_SEVERITY_ERROR);
	assert_true(finding->change > told);
	assert_int_equal(finding->state, PGMAP_STATE_DRAINED);
	assert_int_equal(finding->time_ns, 140);
	assert_int_equal(finding->times, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(test_a_page_rule_the_source_saw_broken),
		model_test(test_a_storm_the_source_saw),
		model_test(test_a_look_up_after_the_kill),
		model_test(test_a_look_up_no_rule_is_named_for),
		model_test(test_source_and_automaton_agree_once),
		model_test(test_an_event_with_no_such_rule_is_refused),
		model_test(test_more_frees_than_allocs_in_the_sums),
		model_test(test_pages_at_the_kill_may_still_come_home),
		model_test(test_more_frees_than_allocs_at_the_kill),
		model_test(test_more_frees_than_allocs_one_by_one),
		model_test(test_allocs_from_before_the_observer_are_no_imbalance),
		model_test(test_pages_left_at_the_end_are_reported),
		model_test(test_an_observer_stopped_half_way_reports_no_leak),
		model_test(test_what_is_empty_killed_or_older_is_no_leak),
		model_test(test_a_disabled_rule_is_not_judged),
		model_test(test_only_the_rules_asked_for_are_judged),
		model_test(test_a_rule_both_asked_for_and_disabled_is_off),
		model_test(test_a_finding_has_place_and_thread),
		model_test(test_an_add_tells_its_place_before_it_is_learnt),
		model_test(test_a_graver_breach_takes_the_place_of_the_first),
	};

	return PGMAP_RUN_TESTS(tests);
}
