// SPDX-License-Identifier: GPL-2.0-only
/* Each rule: the story that breaks it, and the stories next to it that must not. */
#include "events.h"

/* ---- ADD_ON_ACTIVE ---- */

static void test_add_on_active(void **state)
{
	struct pgmap_model *model = *state;
	const struct pgmap_finding *finding;

	add(model, A, 100);
	add(model, A, 200);
	/* the range is the same one too: that is another rule, and true */
	assert_findings(model, 2);
	finding = &model->findings.all[0];
	assert_int_equal(finding->rule, PGMAP_RULE_ADD_ON_ACTIVE);
	assert_int_equal(finding->severity, PGMAP_SEVERITY_ERROR);
	assert_int_equal(finding->state, PGMAP_STATE_LIVE);
	assert_int_equal(finding->generation, 2);
	assert_int_equal(finding->other_generation, 1);
	/* the events that led to it: the first add, then this one */
	assert_int_equal(finding->history.nr, 2);
	assert_int_equal(finding->history.moments[0].time_ns, 100);
	assert_int_equal(finding->history.moments[1].time_ns, 200);
}

static void test_add_that_began_before_the_release_is_on_active(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(A, 150, 0x500, 1);

	add(model, A, 100);
	kill_drain_release(model, A, 120);
	ev.u.add.setup_ns = 40;		/* began at 110, released at 122 */
	feed(model, ev);
	assert_only(model, PGMAP_RULE_ADD_ON_ACTIVE, PGMAP_SEVERITY_ERROR);
}

static void test_re_add_after_release_is_legal(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(A, 150, A, 16);

	add(model, A, 100);
	kill_drain_release(model, A, 120);
	ev.u.add.setup_ns = 28;		/* began at 122, when it was released */
	feed(model, ev);
	assert_findings(model, 0);
}

static void test_add_refused_while_active_breaks_two_rules(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(A, 200, A, 16);

	add(model, A, 100);
	ev.u.add.error = -22;
	feed(model, ev);
	assert_findings(model, 2);
	assert_int_equal(model->findings.all[0].rule, PGMAP_RULE_ADD_ON_ACTIVE);
	assert_int_equal(model->findings.all[1].rule, PGMAP_RULE_ADD_FAILED);
	/* and the old one lives on */
	assert_int_equal(pgmap_table_latest(&model->table, A)->generation, 1);
	assert_int_equal(state_of(model, A), PGMAP_STATE_LIVE);
}

/* ---- ADD_OVERLAP ---- */

static void overlap(struct pgmap_model *model, __u64 first, __u64 pages, size_t findings)
{
	feed(model, add_of(A, 100, 100, 50));
	feed(model, add_of(B, 200, first, pages));
	assert_findings(model, findings);
	if (findings)
		assert_only(model, PGMAP_RULE_ADD_OVERLAP, PGMAP_SEVERITY_ERROR);
}

static void test_overlap_at_the_start(void **state)
{
	overlap(*state, 90, 11, 1);
}

static void test_overlap_in_the_middle(void **state)
{
	/* the kernel looks at both ends of the new range only: it would miss this */
	overlap(*state, 90, 100, 1);
}

static void test_neighbours_do_not_overlap(void **state)
{
	struct pgmap_model *model = *state;

	overlap(model, 150, 50, 0);
	feed(model, add_of(C, 300, 50, 50));
	assert_findings(model, 0);
}

static void test_overlap_of_a_later_range(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(B, 200, 900, 1);
	struct pgmap_event more = event_of(PGMAP_EVENT_RANGE, B, 201);

	feed(model, add_of(A, 100, 100, 50));
	ev.u.add.nr_range = 2;
	feed(model, ev);
	assert_findings(model, 0);
	more.u.range.nr_here = 1;
	more.u.range.ranges[0] = (struct pgmap_range){ 120 << 12, (121 << 12) - 1 };
	feed(model, more);
	assert_only(model, PGMAP_RULE_ADD_OVERLAP, PGMAP_SEVERITY_ERROR);
	assert_int_equal(model->findings.all[0].other, A);
	assert_int_equal(model->findings.all[0].range.start, 120 << 12);
}

static void test_overlap_with_a_dying_one(void **state)
{
	struct pgmap_model *model = *state;

	feed(model, add_of(A, 100, 100, 50));
	step(model, PGMAP_EVENT_KILL, A, 110);
	step(model, PGMAP_EVENT_DRAINED, A, 120);
	feed(model, add_of(B, 200, 100, 50));
	assert_only(model, PGMAP_RULE_ADD_OVERLAP, PGMAP_SEVERITY_ERROR);
}

static void test_a_released_range_is_free(void **state)
{
	struct pgmap_model *model = *state;

	feed(model, add_of(A, 100, 100, 50));
	kill_drain_release(model, A, 110);
	feed(model, add_of(B, 200, 100, 50));
	assert_findings(model, 0);
}

static void test_released_after_the_add_began_is_not_free(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(B, 200, 100, 50);

	feed(model, add_of(A, 100, 100, 50));
	kill_drain_release(model, A, 150);
	ev.u.add.setup_ns = 80;		/* began at 120 */
	feed(model, ev);
	assert_only(model, PGMAP_RULE_ADD_OVERLAP, PGMAP_SEVERITY_ERROR);
}

static void test_a_failed_add_overlaps_nothing(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(B, 200, 100, 50);

	feed(model, add_of(A, 100, 100, 50));
	ev.u.add.error = -12;
	feed(model, ev);
	assert_only(model, PGMAP_RULE_ADD_FAILED, PGMAP_SEVERITY_REPORT);
	/* nor does it hold its range afterwards */
	kill_drain_release(model, A, 300);
	feed(model, add_of(C, 400, 100, 50));
	assert_findings(model, 1);
}

/* ---- ADD_FAILED ---- */

static void test_refused_arguments_are_reported_and_no_violation(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(A, 100, A, 16);

	ev.u.add.error = -22;
	feed(model, ev);
	assert_int_equal(assert_only(model, PGMAP_RULE_ADD_FAILED, PGMAP_SEVERITY_REPORT)->error,
			 -22);
	assert_int_equal(pgmap_model_verdict(model), PGMAP_VERDICT_CLEAN);
	add(model, A, 200);
	assert_findings(model, 1);
}

static void unwind(struct pgmap_model *model, __u64 pgmap, __u64 time, __u32 generation)
{
	struct pgmap_event ev = event_of(PGMAP_EVENT_KILL, pgmap, time);

	/* nr_range may be 0 there: nothing is known of it but its address */
	ev.flags = PGMAP_FLAG_ADDING;
	ev.generation = generation;
	feed(model, ev);
	ev = event_of(PGMAP_EVENT_DRAINED, pgmap, time + 1);
	ev.generation = generation;
	feed(model, ev);
	ev = event_of(PGMAP_EVENT_RELEASE, pgmap, time + 2);
	ev.generation = generation;
	feed(model, ev);
	ev = add_of(pgmap, time + 3, pgmap, 16);
	ev.generation = generation;
	ev.u.add.error = -12;
	ev.u.add.setup_ns = 13;		/* began before its own release */
	feed(model, ev);
}

static void test_unwinding_is_one_generation_and_one_report(void **state)
{
	struct pgmap_model *model = *state;

	unwind(model, A, 100, 0);
	assert_only(model, PGMAP_RULE_ADD_FAILED, PGMAP_SEVERITY_REPORT);
	assert_int_equal(model->findings.all[0].generation, 1);
	assert_int_equal(model->findings.all[0].history.nr, 4);
	assert_int_equal(model->table.nr, 1);
	add(model, A, 200);
	assert_findings(model, 1);
	assert_int_equal(pgmap_table_latest(&model->table, A)->generation, 2);
}

static void test_unwinding_with_generations_from_the_source(void **state)
{
	struct pgmap_model *model = *state;

	unwind(model, A, 100, 1);
	unwind(model, A, 200, 2);
	assert_int_equal(model->findings.times[PGMAP_RULE_ADD_FAILED], 2);
	assert_int_equal(model->findings.nr, 2);
	assert_int_equal(model->table.nr, 2);
	assert_int_equal(pgmap_model_verdict(model), PGMAP_VERDICT_CLEAN);
}

static void test_another_thread_s_add_is_no_unwinding(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = event_of(PGMAP_EVENT_KILL, A, 100);

	ev.flags = PGMAP_FLAG_ADDING;
	feed(model, ev);
	step(model, PGMAP_EVENT_DRAINED, A, 101);
	step(model, PGMAP_EVENT_RELEASE, A, 102);
	ev = add_of(A, 200, A, 16);
	ev.tid = OTHER_TID;
	ev.u.add.error = -22;
	feed(model, ev);
	assert_int_equal(pgmap_table_latest(&model->table, A)->generation, 2);
}

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

/* ---- keeping findings ---- */

static void count_finding(void *context, const struct pgmap_finding *finding)
{
	(void)finding;
	++*(size_t *)context;
}

static void test_findings_are_bounded_and_told_once(void **state)
{
	struct pgmap_model *model = *state;
	size_t told = 0;
	__u64 i;

	model->on_finding = count_finding;
	model->context = &told;
	for (i = 1; i <= PGMAP_MAX_FINDINGS + 10; i++) {
		feed(model, add_of(i << 12, i * 100, i, 1));
		step(model, PGMAP_EVENT_DRAINED, i << 12, i * 100 + 1);
		step(model, PGMAP_EVENT_DRAINED, i << 12, i * 100 + 2);
	}
	assert_int_equal(model->findings.nr, PGMAP_MAX_FINDINGS);
	assert_int_equal(told, PGMAP_MAX_FINDINGS);
	assert_int_equal(model->findings.dropped, 20);
	assert_int_equal(model->findings.times[PGMAP_RULE_DRAINED_UNEXPECTED],
			 2 * (PGMAP_MAX_FINDINGS + 10));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(test_add_on_active),
		model_test(test_add_that_began_before_the_release_is_on_active),
		model_test(test_re_add_after_release_is_legal),
		model_test(test_add_refused_while_active_breaks_two_rules),
		model_test(test_overlap_at_the_start),
		model_test(test_overlap_in_the_middle),
		model_test(test_neighbours_do_not_overlap),
		model_test(test_overlap_of_a_later_range),
		model_test(test_overlap_with_a_dying_one),
		model_test(test_a_released_range_is_free),
		model_test(test_released_after_the_add_began_is_not_free),
		model_test(test_a_failed_add_overlaps_nothing),
		model_test(test_refused_arguments_are_reported_and_no_violation),
		model_test(test_unwinding_is_one_generation_and_one_report),
		model_test(test_unwinding_with_generations_from_the_source),
		model_test(test_another_thread_s_add_is_no_unwinding),
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
		model_test(test_findings_are_bounded_and_told_once),
	};

	return PGMAP_RUN_TESTS(tests);
}
