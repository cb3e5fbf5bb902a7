// SPDX-License-Identifier: GPL-2.0-only
/* Records that no kernel gives are refused, and change nothing. */
#include <errno.h>
#include <limits.h>

#include "events.h"

static void refuse(struct pgmap_model *model, struct pgmap_event ev)
{
	assert_int_equal(pgmap_model_event(model, &ev), -EINVAL);
	assert_int_equal(model->events, 0);
	assert_int_equal(model->table.nr, 0);
	assert_findings(model, 0);
}

static void test_events_that_do_not_exist(void **state)
{
	refuse(*state, event_of(PGMAP_EVENT_NONE, A, 100));
	refuse(*state, event_of(PGMAP_NR_EVENTS, A, 100));
	refuse(*state, event_of(UINT16_MAX, A, 100));
}

static void test_a_rule_that_does_not_exist(void **state)
{
	struct pgmap_event ev = event_of(PGMAP_EVENT_PAGE_FREE, A, 100);

	ev.rule = PGMAP_NR_RULES;
	refuse(*state, ev);
}

static void test_more_ranges_than_a_record_holds(void **state)
{
	struct pgmap_event ev = add_of(A, 100, A, 16);

	ev.u.add.nr_range = 9;
	ev.u.add.nr_here = PGMAP_ADD_RANGES + 1;
	refuse(*state, ev);
	ev.event = PGMAP_EVENT_SEEN;
	refuse(*state, ev);
	ev = event_of(PGMAP_EVENT_RANGE, A, 100);
	ev.u.range.nr_here = PGMAP_MORE_RANGES + 1;
	refuse(*state, ev);
}

static void test_names_without_an_end(void **state)
{
	struct pgmap_event ev = add_of(A, 100, A, 16);

	memset(ev.u.add.driver, 'x', sizeof(ev.u.add.driver));
	refuse(*state, ev);
	ev = add_of(A, 100, A, 16);
	memset(ev.u.add.device, 'x', sizeof(ev.u.add.device));
	refuse(*state, ev);
}

static void test_results_that_are_no_errno(void **state)
{
	struct pgmap_event ev = add_of(A, 100, A, 16);

	ev.u.add.error = 1;
	refuse(*state, ev);
	ev.u.add.error = INT_MIN;
	refuse(*state, ev);
}

static void test_full_records_are_taken(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = add_of(A, 100, A, 16);

	ev.u.add.nr_range = PGMAP_ADD_RANGES;
	ev.u.add.nr_here = PGMAP_ADD_RANGES;
	ev.u.add.error = -4095;
	memset(ev.u.add.driver, 'x', sizeof(ev.u.add.driver) - 1);
	/* a thread's name may fill its field */
	memset(ev.comm, 'x', sizeof(ev.comm));
	feed(model, ev);
	assert_int_equal(model->events, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(test_events_that_do_not_exist),
		model_test(test_a_rule_that_does_not_exist),
		model_test(test_more_ranges_than_a_record_holds),
		model_test(test_names_without_an_end),
		model_test(test_results_that_are_no_errno),
		model_test(test_full_records_are_taken),
	};

	return PGMAP_RUN_TESTS(tests);
}
