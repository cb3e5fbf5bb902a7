// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of a life's end and of pages: stories that break them, and those
 * next to them that must not. Loss, and how findings are kept.
 */
#include "events.h"

/* ---- the end of a life ---- */

static void test_double_kill(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 110);
	step(model, PGMAP_EVENT_KILL, A, 111);
	assert_only(model, PGMAP_RULE_DOUBLE_KILL, PGMAP_SEVERITY_ERROR);
	assert_int_equal(pgmap_model_verdict(model), PGMAP_VERDICT_VIOLATED);
}

static void test_kill_after_release(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	kill_drain_release(model, A, 110);
	step(model, PGMAP_EVENT_KILL, A, 120);
	assert_only(model, PGMAP_RULE_DOUBLE_KILL, PGMAP_SEVERITY_ERROR);
}

static void test_drained_while_live(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	step(model, PGMAP_EVENT_DRAINED, A, 110);
	assert_only(model, PGMAP_RULE_DRAINED_UNEXPECTED, PGMAP_SEVERITY_ERROR);
}

static void test_drained_twice(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 110);
	step(model, PGMAP_EVENT_DRAINED, A, 120);
	step(model, PGMAP_EVENT_DRAINED, A, 121);
	assert_only(model, PGMAP_RULE_DRAINED_UNEXPECTED, PGMAP_SEVERITY_ERROR);
}

static void test_release_before_drained(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 110);
	step(model, PGMAP_EVENT_RELEASE, A, 120);
	assert_only(model, PGMAP_RULE_RELEASE_BEFORE_DRAINED, PGMAP_SEVERITY_ERROR);
}

static void test_drained_with_pages_outstanding(void **state)
{
	struct pgmap_model *model = *state;
	const struct pgmap_finding *finding;

	add(model, A, 100);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 105, 8);
	page(model, PGMAP_EVENT_PAGE_FREE, A, 106, 1);
	kill_drain_release(model, A, 110);
	finding = assert_only(model, PGMAP_RULE_DRAINED_OUTSTANDING, PGMAP_SEVERITY_ERROR);
	assert_int_equal(finding->outstanding, 7);
	assert_int_equal(finding->times, 2);	/* at drained and at release */
}

static void test_the_kernel_s_own_sum_decides_at_drained(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_counts later = { .allocs = 1, .alloc_pages = 1, .frees = 1, .free_pages = 1 };
	struct pgmap_event ev = event_of(PGMAP_EVENT_DRAINED, A, 120);

	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 110);
	pgmap_model_counts(model, A, 1, &later);
	ev.flags = PGMAP_FLAG_COUNTS;
	ev.u.counts.allocs = 1;
	ev.u.counts.alloc_pages = 1;
	feed(model, ev);
	assert_only(model, PGMAP_RULE_DRAINED_OUTSTANDING, PGMAP_SEVERITY_ERROR);
}

static void test_pages_from_before_the_observer_are_not_missing(void **state)
{
	struct pgmap_model *model = *state;

	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 100, 5);
	kill_drain_release(model, A, 110);
	assert_findings(model, 0);
}

/* ---- pages of the dead ---- */

static void test_alloc_after_kill_is_a_warning(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 110);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 120, 1);
	assert_only(model, PGMAP_RULE_ALLOC_AFTER_KILL, PGMAP_SEVERITY_WARNING);
	assert_int_equal(pgmap_model_verdict(model), PGMAP_VERDICT_CLEAN);
}

static void test_alloc_after_drained_is_an_error(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 110);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 115, 1);
	page(model, PGMAP_EVENT_PAGE_FREE, A, 116, 1);
	step(model, PGMAP_EVENT_DRAINED, A, 120);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 130, 1);
	assert_int_equal(assert_only(model, PGMAP_RULE_ALLOC_AFTER_KILL,
				     PGMAP_SEVERITY_ERROR)->times, 2);
	assert_int_equal(pgmap_model_verdict(model), PGMAP_VERDICT_VIOLATED);
}

static void test_free_after_release(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	kill_drain_release(model, A, 110);
	page(model, PGMAP_EVENT_PAGE_FREE, A, 120, 1);
	assert_only(model, PGMAP_RULE_FREE_AFTER_RELEASE, PGMAP_SEVERITY_ERROR);
}

static void test_free_belongs_to_its_own_generation(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	kill_drain_release(model, A, 110);
	add(model, A, 120);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 130, 1);
	page(model, PGMAP_EVENT_PAGE_FREE, A, 131, 1);
	assert_findings(model, 0);
}

static void test_fault_on_the_dead(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 110);
	page(model, PGMAP_EVENT_FAULT_ENTER, A, 111, 0);
	page(model, PGMAP_EVENT_FAULT_EXIT, A, 112, 0);
	assert_findings(model, 0);	/* on KILLED it is legal */
	step(model, PGMAP_EVENT_DRAINED, A, 120);
	page(model, PGMAP_EVENT_FAULT_ENTER, A, 121, 0);
	assert_only(model, PGMAP_RULE_FAULT_DEAD, PGMAP_SEVERITY_ERROR);
}

/* ---- loss ---- */

static void test_loss_turns_errors_into_warnings(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	step(model, PGMAP_EVENT_DRAINED, A, 110);
	pgmap_model_lost(model, PGMAP_LOSS_RINGBUF, 1);
	assert_int_equal(pgmap_model_verdict(model), PGMAP_VERDICT_INCONCLUSIVE);
	assert_int_equal(pgmap_model_severity(model, &model->findings.all[0]),
			 PGMAP_SEVERITY_WARNING);
}

static void test_a_fault_that_was_under_way_is_no_loss(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	page(model, PGMAP_EVENT_FAULT_EXIT, A, 110, 0);
	assert_int_equal(pgmap_model_losses(model, PGMAP_LOSS_STRAY_EXIT), 1);
	assert_false(pgmap_model_is_incomplete(model));
}

static void test_a_missing_stack_is_no_lost_event(void **state)
{
	struct pgmap_model *model = *state;

	pgmap_model_lost(model, PGMAP_LOSS_STACKS, 1);
	assert_int_equal(pgmap_model_verdict(model), PGMAP_VERDICT_CLEAN);
	pgmap_model_lost(model, PGMAP_LOSS_PAGES, 1);
	assert_int_equal(pgmap_model_verdict(model), PGMAP_VERDICT_INCONCLUSIVE);
}

/* ---- keeping findings ---- */

static void test_findings_are_bounded_and_kept_once(void **state)
{
	struct pgmap_model *model = *state;
	__u64 i;

	for (i = 1; i <= PGMAP_MAX_FINDINGS + 10; i++) {
		feed(model, add_of(i << 12, i * 100, i, 1));
		step(model, PGMAP_EVENT_DRAINED, i << 12, i * 100 + 1);
		step(model, PGMAP_EVENT_DRAINED, i << 12, i * 100 + 2);
	}
	assert_int_equal(model->findings.nr, PGMAP_MAX_FINDINGS);
	assert_int_equal(model->findings.dropped, 20);
	assert_int_equal(model->findings.times[PGMAP_RULE_DRAINED_UNEXPECTED],
			 2 * (PGMAP_MAX_FINDINGS + 10));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(test_double_kill),
		model_test(test_kill_after_release),
		model_test(test_drained_while_live),
		model_test(test_drained_twice),
		model_test(test_release_before_drained),
		model_test(test_drained_with_pages_outstanding),
		model_test(test_the_kernel_s_own_sum_decides_at_drained),
		model_test(test_pages_from_before_the_observer_are_not_missing),
		model_test(test_alloc_after_kill_is_a_warning),
		model_test(test_alloc_after_drained_is_an_error),
		model_test(test_free_after_release),
		model_test(test_free_belongs_to_its_own_generation),
		model_test(test_fault_on_the_dead),
		model_test(test_loss_turns_errors_into_warnings),
		model_test(test_a_fault_that_was_under_way_is_no_loss),
		model_test(test_a_missing_stack_is_no_lost_event),
		model_test(test_findings_are_bounded_and_kept_once),
	};

	return PGMAP_RUN_TESTS(tests);
}
