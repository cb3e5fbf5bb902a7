// SPDX-License-Identifier: GPL-2.0-only
/* Pagemaps that do not go on dying: stalls, told of twice at most, and who killed them. */
#include "events.h"

static const __u64 second = 1000000000;

static void tick(struct pgmap_model *model, __u64 time)
{
	feed(model, event_of(PGMAP_EVENT_TICK, 0, time));
}

static void kill(struct pgmap_model *model, __u64 time)
{
	struct pgmap_event ev = event_of(PGMAP_EVENT_KILL, A, time);

	strcpy(ev.comm, "killer");
	ev.pid = 70;
	ev.tid = 71;
	ev.nr_frames = 2;
	ev.stack[0] = 0xffffffff81000010;
	ev.stack[1] = 0xffffffff81000020;
	feed(model, ev);
}

/* ---- KILL_STALL ---- */

static void test_a_kill_that_does_not_drain_warns(void **state)
{
	struct pgmap_model *model = *state;
	const struct pgmap_finding *finding;

	add(model, A, 100);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 200, 3);
	kill(model, 1 * second);
	tick(model, 11 * second - 1);
	assert_findings(model, 0);
	tick(model, 11 * second);
	finding = assert_only(model, PGMAP_RULE_KILL_STALL, PGMAP_SEVERITY_WARNING);
	assert_int_equal(finding->for_ns, 10 * second);
	assert_int_equal(finding->time_ns, 11 * second);
	assert_int_equal(finding->outstanding, 3);
	assert_int_equal(finding->state, PGMAP_STATE_KILLED);
	assert_int_equal(pgmap_model_verdict(model), PGMAP_VERDICT_CLEAN);
}

static void test_a_stall_shows_the_killer(void **state)
{
	struct pgmap_model *model = *state;
	const struct pgmap_finding *finding;

	add(model, A, 100);
	kill(model, 1 * second);
	tick(model, 12 * second);
	finding = assert_only(model, PGMAP_RULE_KILL_STALL, PGMAP_SEVERITY_WARNING);
	assert_string_equal(finding->comm, "killer");
	assert_int_equal(finding->pid, 70);
	assert_int_equal(finding->tid, 71);
	assert_int_equal(finding->nr_frames, 2);
	assert_true(finding->stack[1] == 0xffffffff81000020);
	/* what led to it is the life so far, not the tick */
	assert_int_equal(finding->history.nr, 2);
	assert_int_equal(finding->history.moments[1].event, PGMAP_EVENT_KILL);
}

static void test_a_stall_grows_into_an_error(void **state)
{
	struct pgmap_model *model = *state;
	const struct pgmap_finding *finding;
	__u64 told;

	add(model, A, 100);
	kill(model, 1 * second);
	tick(model, 12 * second);
	told = model->findings.changes;
	tick(model, 121 * second - 1);
	assert_int_equal(model->findings.changes, told);
	tick(model, 121 * second);
	finding = assert_only(model, PGMAP_RULE_KILL_STALL, PGMAP_SEVERITY_ERROR);
	/* the same stall: to be told of again, not to be counted again */
	assert_true(finding->change > told);
	assert_int_equal(finding->times, 1);
	assert_int_equal(model->findings.times[PGMAP_RULE_KILL_STALL], 1);
	assert_int_equal(finding->for_ns, 120 * second);
	assert_int_equal(pgmap_model_verdict(model), PGMAP_VERDICT_VIOLATED);
	tick(model, 500 * second);
	assert_int_equal(finding->for_ns, 120 * second);
}

static void test_a_stall_on_incomplete_data_stays_a_warning(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	kill(model, 1 * second);
	pgmap_model_lost(model, PGMAP_LOSS_RINGBUF, 1);
	tick(model, 200 * second);
	assert_int_equal(pgmap_model_severity(model, &model->findings.all[0]),
			 PGMAP_SEVERITY_WARNING);
}

static void test_a_page_pinned_for_long_drains_in_the_end(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	kill(model, 1 * second);
	tick(model, 10 * second);
	step(model, PGMAP_EVENT_DRAINED, A, 11 * second - 1);
	step(model, PGMAP_EVENT_RELEASE, A, 11 * second);
	tick(model, 300 * second);
	assert_findings(model, 0);
}

static void test_without_ticks_the_next_event_tells(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	kill(model, 1 * second);
	/* its own draining, too late */
	step(model, PGMAP_EVENT_DRAINED, A, 20 * second);
	assert_only(model, PGMAP_RULE_KILL_STALL, PGMAP_SEVERITY_WARNING);
}

static void test_an_event_of_another_pagemap_moves_the_clock(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	kill(model, 1 * second);
	add(model, B, 200 * second);
	assert_int_equal(assert_only(model, PGMAP_RULE_KILL_STALL, PGMAP_SEVERITY_ERROR)->pgmap, A);
	assert_int_equal(model->findings.times[PGMAP_RULE_KILL_STALL], 1);
}

static void test_the_end_moves_the_clock(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	kill(model, 1 * second);
	pgmap_model_end(model, 12 * second, false);
	assert_only(model, PGMAP_RULE_KILL_STALL, PGMAP_SEVERITY_WARNING);
}

static void test_older_pagemaps_and_all_types_stall_too(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = event_of(PGMAP_EVENT_KILL, B, 1 * second);

	ev.type = PGMAP_TYPE_FS_DAX;
	feed(model, ev);
	tick(model, 12 * second);
	assert_only(model, PGMAP_RULE_KILL_STALL, PGMAP_SEVERITY_WARNING);
}

static void test_each_stall_has_its_own_time(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	add(model, B, 200);
	step(model, PGMAP_EVENT_KILL, A, 1 * second);
	step(model, PGMAP_EVENT_KILL, B, 5 * second);
	tick(model, 11 * second);
	assert_findings(model, 1);
	tick(model, 15 * second);
	assert_findings(model, 2);
	assert_int_equal(model->findings.all[1].pgmap, B);
}

static void test_one_that_lives_again_has_not_stalled(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	kill_drain_release(model, A, 1 * second);
	add(model, A, 2 * second);
	tick(model, 300 * second);
	assert_findings(model, 0);
}

static void test_an_unwinding_may_stall(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = event_of(PGMAP_EVENT_KILL, A, 1 * second);

	ev.flags = PGMAP_FLAG_ADDING;
	feed(model, ev);
	tick(model, 12 * second);
	assert_only(model, PGMAP_RULE_KILL_STALL, PGMAP_SEVERITY_WARNING);
}

/* ---- RELEASE_STALL ---- */

static void test_drained_but_not_released(void **state)
{
	struct pgmap_model *model = *state;
	const struct pgmap_finding *finding;

	add(model, A, 100);
	kill(model, 1 * second);
	step(model, PGMAP_EVENT_DRAINED, A, 2 * second);
	tick(model, 12 * second - 1);
	assert_findings(model, 0);
	tick(model, 12 * second);
	/* slow, but no error however long */
	tick(model, 1000 * second);
	finding = assert_only(model, PGMAP_RULE_RELEASE_STALL, PGMAP_SEVERITY_WARNING);
	assert_int_equal(finding->for_ns, 10 * second);
	assert_string_equal(finding->comm, "killer");
	assert_int_equal(finding->nr_frames, 2);
}

static void test_both_stalls_of_one_pagemap(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	kill(model, 1 * second);
	tick(model, 12 * second);
	step(model, PGMAP_EVENT_DRAINED, A, 13 * second);
	tick(model, 23 * second);
	assert_findings(model, 2);
	assert_int_equal(model->findings.all[1].rule, PGMAP_RULE_RELEASE_STALL);
}

static void test_a_slow_release_is_released(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	kill(model, 1 * second);
	step(model, PGMAP_EVENT_DRAINED, A, 2 * second);
	tick(model, 11 * second);
	step(model, PGMAP_EVENT_RELEASE, A, 12 * second - 1);
	tick(model, 300 * second);
	assert_findings(model, 0);
}

/* ---- options ---- */

static void test_stalls_as_the_user_wants_them(void **state)
{
	struct pgmap_model *model = *state;

	model->options.stall_warn_ns = 0;
	model->options.stall_error_ns = 2 * second;
	add(model, A, 100);
	kill(model, 1 * second);
	tick(model, 3 * second - 1);
	assert_findings(model, 0);
	tick(model, 3 * second);
	assert_int_equal(assert_only(model, PGMAP_RULE_KILL_STALL, PGMAP_SEVERITY_ERROR)->times,
			 1);
}

static void test_no_error_without_a_time_for_it(void **state)
{
	struct pgmap_model *model = *state;

	model->options.stall_error_ns = 0;
	add(model, A, 100);
	kill(model, 1 * second);
	tick(model, 100000 * second);
	assert_only(model, PGMAP_RULE_KILL_STALL, PGMAP_SEVERITY_WARNING);
}

static void test_time_alone_needs_no_look(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 100);
	assert_false(pgmap_model_is_due(model, 1000000 * second));
	kill(model, 1 * second);
	assert_false(pgmap_model_is_due(model, 11 * second - 1));
	assert_true(pgmap_model_is_due(model, 11 * second));
	tick(model, 11 * second);
	assert_false(pgmap_model_is_due(model, 121 * second - 1));
	assert_true(pgmap_model_is_due(model, 121 * second));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(test_a_kill_that_does_not_drain_warns),
		model_test(test_a_stall_shows_the_killer),
		model_test(test_a_stall_grows_into_an_error),
		model_test(test_a_stall_on_incomplete_data_stays_a_warning),
		model_test(test_a_page_pinned_for_long_drains_in_the_end),
		model_test(test_without_ticks_the_next_event_tells),
		model_test(test_an_event_of_another_pagemap_moves_the_clock),
		model_test(test_the_end_moves_the_clock),
		model_test(test_older_pagemaps_and_all_types_stall_too),
		model_test(test_each_stall_has_its_own_time),
		model_test(test_one_that_lives_again_has_not_stalled),
		model_test(test_an_unwinding_may_stall),
		model_test(test_drained_but_not_released),
		model_test(test_both_stalls_of_one_pagemap),
		model_test(test_a_slow_release_is_released),
		model_test(test_stalls_as_the_user_wants_them),
		model_test(test_no_error_without_a_time_for_it),
		model_test(test_time_alone_needs_no_look),
	};

	return PGMAP_RUN_TESTS(tests);
}
