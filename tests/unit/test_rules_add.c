// SPDX-License-Identifier: GPL-2.0-only
/* The rules of adds: stories that break them, and those next to them that must not. */
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

/* Of an add that fails the observer may come to see the end of its unwinding only. */
static void test_unwinding_that_was_half_seen_is_one_report(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(A, 150, A, 16);

	step(model, PGMAP_EVENT_DRAINED, A, 121);
	step(model, PGMAP_EVENT_RELEASE, A, 122);
	ev.u.add.error = -12;
	ev.u.add.setup_ns = 40;		/* began at 110, before what was seen of it */
	feed(model, ev);
	assert_only(model, PGMAP_RULE_ADD_FAILED, PGMAP_SEVERITY_REPORT);
}

static void test_what_failed_was_not_there_until_a_later_release(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(A, 100, A, 16);

	ev.u.add.error = -12;
	feed(model, ev);
	step(model, PGMAP_EVENT_RELEASE, A, 120);	/* of nothing: that is wrong by itself */
	assert_findings(model, 2);
	ev = add_of(A, 130, A, 16);
	ev.u.add.setup_ns = 20;				/* began at 110, long after the failure */
	feed(model, ev);
	assert_findings(model, 2);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(test_add_on_active),
		model_test(test_add_that_began_before_the_release_is_on_active),
		model_test(test_unwinding_that_was_half_seen_is_one_report),
		model_test(test_what_failed_was_not_there_until_a_later_release),
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
	};

	return PGMAP_RUN_TESTS(tests);
}
