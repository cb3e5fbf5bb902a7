// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every cell of the transition table, written down a second time as one line
 * of text for each state, with the reason where it is not plain.
 */
#include <stdio.h>

#include <pgmap/names.h>

#include "unit.h"

struct cell {
	enum pgmap_step step;
	const char *want;	/* "next rule severity birth", as told by told() */
	const char *why;
};

static const char *told(enum pgmap_state state, enum pgmap_step step)
{
	const struct pgmap_transition *cell = pgmap_transition(state, step);
	static char text[128];

	snprintf(text, sizeof(text), "%s%s%s%s%s%s", pgmap_state_name(cell->next),
		 cell->rule ? " " : "", cell->rule ? pgmap_rule_name(cell->rule) : "",
		 cell->rule ? " " : "", cell->rule ? pgmap_severity_name(cell->severity) : "",
		 cell->birth ? " birth" : "");
	return text;
}

static void assert_cells(enum pgmap_state state, const struct cell cells[PGMAP_NR_STEPS - 1])
{
	int i;

	for (i = 0; i < PGMAP_NR_STEPS - 1; i++) {
		/* every step once and in order: none can be forgotten */
		assert_int_equal(cells[i].step, i + 1);
		assert_string_equal(told(state, cells[i].step), cells[i].want);
	}
}

static void test_unknown_is_taken_over_without_a_finding(void **state)
{
	static const struct cell cells[PGMAP_NR_STEPS - 1] = {
		{ PGMAP_STEP_ADD, "LIVE birth", "the usual beginning" },
		{ PGMAP_STEP_ADD_ERROR, "RELEASED ADD_FAILED REPORT birth",
		  "refused arguments show no kill; it never lived" },
		{ PGMAP_STEP_KILL, "KILLED", "older than the observer" },
		{ PGMAP_STEP_KILL_ADDING, "KILLED birth", "an add that fails half-way" },
		{ PGMAP_STEP_DRAINED, "DRAINED", "older" },
		{ PGMAP_STEP_RELEASE, "RELEASED", "older" },
		{ PGMAP_STEP_ALLOC, "UNKNOWN", "older; it may be LIVE or KILLED" },
		{ PGMAP_STEP_FREE, "UNKNOWN", "older" },
		{ PGMAP_STEP_FAULT, "UNKNOWN", "older" },
	};

	(void)state;
	assert_cells(PGMAP_STATE_UNKNOWN, cells);
}

static void test_live(void **state)
{
	static const struct cell cells[PGMAP_NR_STEPS - 1] = {
		{ PGMAP_STEP_ADD, "LIVE ADD_ON_ACTIVE ERROR birth", "the older life was lost" },
		{ PGMAP_STEP_ADD_ERROR, "LIVE ADD_ON_ACTIVE ERROR",
		  "refused without a kill: the old one lives on" },
		{ PGMAP_STEP_KILL, "KILLED", "the usual end" },
		{ PGMAP_STEP_KILL_ADDING, "KILLED ADD_ON_ACTIVE ERROR birth",
		  "only an add that began while LIVE can be unwound now" },
		{ PGMAP_STEP_DRAINED, "DRAINED DRAINED_UNEXPECTED ERROR",
		  "the kill is reported before it happens, so it cannot be on its way" },
		{ PGMAP_STEP_RELEASE, "RELEASED RELEASE_BEFORE_DRAINED ERROR",
		  "neither killed nor drained" },
		{ PGMAP_STEP_ALLOC, "LIVE", "what it is for" },
		{ PGMAP_STEP_FREE, "LIVE", "what it is for" },
		{ PGMAP_STEP_FAULT, "LIVE", "what it is for" },
	};

	(void)state;
	assert_cells(PGMAP_STATE_LIVE, cells);
}

static void test_killed_may_still_be_used(void **state)
{
	static const struct cell cells[PGMAP_NR_STEPS - 1] = {
		{ PGMAP_STEP_ADD, "LIVE ADD_ON_ACTIVE ERROR birth", "not released" },
		{ PGMAP_STEP_ADD_ERROR, "KILLED ADD_ON_ACTIVE ERROR", "not released" },
		{ PGMAP_STEP_KILL, "KILLED DOUBLE_KILL ERROR", "percpu_ref_kill() warns too" },
		{ PGMAP_STEP_KILL_ADDING, "KILLED ADD_ON_ACTIVE ERROR birth", "not released" },
		{ PGMAP_STEP_DRAINED, "DRAINED", "the usual way" },
		{ PGMAP_STEP_RELEASE, "RELEASED RELEASE_BEFORE_DRAINED ERROR", "the bug of 2018" },
		{ PGMAP_STEP_ALLOC, "KILLED ALLOC_AFTER_KILL WARNING", "it delays the end" },
		{ PGMAP_STEP_FREE, "KILLED", "this is how it drains" },
		{ PGMAP_STEP_FAULT, "KILLED", "legal: pages come home" },
	};

	(void)state;
	assert_cells(PGMAP_STATE_KILLED, cells);
}

static void test_drained_may_only_be_released(void **state)
{
	static const struct cell cells[PGMAP_NR_STEPS - 1] = {
		{ PGMAP_STEP_ADD, "LIVE ADD_ON_ACTIVE ERROR birth", "not released" },
		{ PGMAP_STEP_ADD_ERROR, "DRAINED ADD_ON_ACTIVE ERROR", "not released" },
		{ PGMAP_STEP_KILL, "DRAINED DOUBLE_KILL ERROR", "already killed" },
		{ PGMAP_STEP_KILL_ADDING, "KILLED ADD_ON_ACTIVE ERROR birth", "not released" },
		{ PGMAP_STEP_DRAINED, "DRAINED DRAINED_UNEXPECTED ERROR", "twice" },
		{ PGMAP_STEP_RELEASE, "RELEASED", "the usual way" },
		{ PGMAP_STEP_ALLOC, "DRAINED ALLOC_AFTER_KILL ERROR", "no reference can be had" },
		{ PGMAP_STEP_FREE, "DRAINED FREE_AFTER_RELEASE ERROR",
		  "a page without a reference" },
		{ PGMAP_STEP_FAULT, "DRAINED FAULT_DEAD ERROR", "a page table still points here" },
	};

	(void)state;
	assert_cells(PGMAP_STATE_DRAINED, cells);
}

static void test_released_may_only_be_added_again(void **state)
{
	static const struct cell cells[PGMAP_NR_STEPS - 1] = {
		{ PGMAP_STEP_ADD, "LIVE birth", "drivers reuse their structs" },
		{ PGMAP_STEP_ADD_ERROR, "RELEASED ADD_FAILED REPORT birth",
		  "a re-add that failed" },
		{ PGMAP_STEP_KILL, "RELEASED DOUBLE_KILL ERROR", "unmap after devres released" },
		{ PGMAP_STEP_KILL_ADDING, "KILLED birth", "a re-add that fails half-way" },
		{ PGMAP_STEP_DRAINED, "RELEASED DRAINED_UNEXPECTED ERROR",
		  "twice, or out of nothing" },
		{ PGMAP_STEP_RELEASE, "RELEASED RELEASE_BEFORE_DRAINED ERROR",
		  "a second release that no drained went before" },
		{ PGMAP_STEP_ALLOC, "RELEASED ALLOC_AFTER_KILL ERROR", "memory is gone" },
		{ PGMAP_STEP_FREE, "RELEASED FREE_AFTER_RELEASE ERROR", "memory is gone" },
		{ PGMAP_STEP_FAULT, "RELEASED FAULT_DEAD ERROR", "memory is gone" },
	};

	(void)state;
	assert_cells(PGMAP_STATE_RELEASED, cells);
}

static void test_bpf_watches_what_the_table_names(void **state)
{
	int of, step;

	(void)state;
	for (of = 0; of < PGMAP_NR_STATES; of++)
		for (step = PGMAP_STEP_ALLOC; step <= PGMAP_STEP_FAULT; step++)
			assert_int_equal(pgmap_watched(of) >> step & 1,
					 pgmap_transition(of, step)->rule != PGMAP_RULE_NONE);
	assert_int_equal(pgmap_watched(PGMAP_STATE_LIVE), 0);
}

static void test_out_of_range_is_harmless(void **state)
{
	(void)state;
	assert_int_equal(pgmap_transition(99, PGMAP_STEP_KILL)->next, PGMAP_STATE_KILLED);
	assert_int_equal(pgmap_transition(PGMAP_STATE_LIVE, 99)->rule, PGMAP_RULE_NONE);
	assert_string_equal(pgmap_state_name(99), "?");
	assert_string_equal(pgmap_event_name(PGMAP_EVENT_NONE), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown_is_taken_over_without_a_finding),
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_killed_may_still_be_used),
		cmocka_unit_test(test_drained_may_only_be_released),
		cmocka_unit_test(test_released_may_only_be_added_again),
		cmocka_unit_test(test_bpf_watches_what_the_table_names),
		cmocka_unit_test(test_out_of_range_is_harmless),
	};

	return PGMAP_RUN_TESTS(tests);
}
