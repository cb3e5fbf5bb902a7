// SPDX-License-Identifier: GPL-2.0-only
/* Page events one by one: sums and latencies as BPF would have them. */
#include "core/snapshot.h"
#include "events.h"

static void fault(struct pgmap_model *model, enum pgmap_event_id id, __u64 time, __u32 tid,
		  __u32 result)
{
	struct pgmap_event ev = event_of(id, A, time);

	ev.tid = tid;
	ev.u.page.result = result;
	feed(model, ev);
}

static const struct pgmap_instance *subject(const struct pgmap_model *model)
{
	return pgmap_table_latest(&model->table, A);
}

static void test_allocs_and_frees_are_summed_in_pages(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 1);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 2, 512);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 3, 1);
	page(model, PGMAP_EVENT_PAGE_FREE, A, 4, 1);
	assert_int_equal(subject(model)->counts.allocs, 2);
	assert_int_equal(subject(model)->counts.frees, 1);
	assert_int_equal(pgmap_counts_outstanding(&subject(model)->counts), 512);
}

static void test_faults_of_two_threads_do_not_mix(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 1);
	fault(model, PGMAP_EVENT_FAULT_ENTER, 100, 1, 0);
	fault(model, PGMAP_EVENT_FAULT_ENTER, 110, 2, 0);
	fault(model, PGMAP_EVENT_FAULT_EXIT, 120, 1, 0);
	fault(model, PGMAP_EVENT_FAULT_EXIT, 1110, 2, 0);
	assert_int_equal(subject(model)->counts.fault_enters, 2);
	assert_int_equal(subject(model)->counts.faults, 2);
	assert_int_equal(subject(model)->counts.fault_max_ns, 1000);
	assert_int_equal(pgmap_latency_percentile(&subject(model)->latency, PGMAP_LATENCY_ALL, 500),
			 20);
}

static void test_error_results_are_counted_apart(void **state)
{
	struct pgmap_model *model = *state;
	/* SIGBUS is an error; MAJOR, NOPAGE, LOCKED and RETRY are not */
	const __u32 results[] = { 0x2, 0x4, 0x100, 0x200, 0x400 };
	size_t i;

	add(model, A, 1);
	for (i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		fault(model, PGMAP_EVENT_FAULT_ENTER, 10 + i * 10, 1, 0);
		fault(model, PGMAP_EVENT_FAULT_EXIT, 15 + i * 10, 1, results[i]);
	}
	assert_int_equal(subject(model)->counts.faults, 5);
	assert_int_equal(subject(model)->counts.fault_errors, 1);
}

static void test_an_unmatched_half_is_counted_never_a_latency(void **state)
{
	struct pgmap_model *model = *state;

	add(model, A, 1);
	fault(model, PGMAP_EVENT_FAULT_EXIT, 100, 1, 0);
	fault(model, PGMAP_EVENT_FAULT_ENTER, 110, 1, 0);
	fault(model, PGMAP_EVENT_FAULT_ENTER, 120, 1, 0);
	fault(model, PGMAP_EVENT_FAULT_EXIT, 130, 1, 0);
	assert_int_equal(pgmap_model_losses(model, PGMAP_LOSS_STRAY_EXIT), 1);
	assert_int_equal(pgmap_model_losses(model, PGMAP_LOSS_OPEN_FAULT), 1);
	assert_int_equal(pgmap_latency_total(&subject(model)->latency, PGMAP_LATENCY_ALL), 1);
	assert_int_equal(subject(model)->counts.fault_max_ns, 10);
}

static void test_a_fault_does_not_end_on_another_pagemap(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = event_of(PGMAP_EVENT_FAULT_EXIT, B, 130);

	add(model, A, 1);
	add(model, B, 2);
	fault(model, PGMAP_EVENT_FAULT_ENTER, 100, TID, 0);
	feed(model, ev);
	assert_int_equal(pgmap_model_losses(model, PGMAP_LOSS_STRAY_EXIT), 1);
	assert_int_equal(subject(model)->counts.faults, 0);
}

/* ---- snapshots ---- */

static void test_rows_have_rates_since_the_mark(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_snapshot snapshot = { 0 };

	add(model, A, 1);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 2, 1);
	pgmap_model_mark(model);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 3, 1);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 4, 1);
	assert_int_equal(pgmap_snapshot_take(&snapshot, model, 10, 9, false), 0);
	assert_int_equal(snapshot.nr_rows, 1);
	assert_int_equal(snapshot.rows[0].delta.allocs, 2);
	assert_int_equal(snapshot.rows[0].sums.allocs, 3);
	assert_int_equal(snapshot.totals.delta.allocs, 2);
	assert_int_equal(snapshot.totals.outstanding, 3);
	pgmap_snapshot_free(&snapshot);
}

static void test_released_stay_for_their_interval_and_the_report(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_snapshot snapshot = { 0 };

	add(model, A, 1);
	kill_drain_release(model, A, 2);
	pgmap_snapshot_take(&snapshot, model, 10, 9, false);
	assert_int_equal(snapshot.nr_rows, 1);
	assert_int_equal(snapshot.rows[0].teardown_ns, 2);
	pgmap_model_mark(model);
	pgmap_snapshot_take(&snapshot, model, 20, 10, false);
	assert_int_equal(snapshot.nr_rows, 0);
	assert_int_equal(snapshot.totals.states[PGMAP_STATE_RELEASED], 1);
	pgmap_snapshot_take(&snapshot, model, 20, 10, true);
	assert_int_equal(snapshot.nr_rows, 1);
	pgmap_snapshot_free(&snapshot);
}

static void test_what_was_added_again_while_active_is_in_no_state(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_snapshot snapshot = { 0 };

	add(model, A, 1);
	add(model, A, 2);
	pgmap_snapshot_take(&snapshot, model, 10, 9, true);
	assert_int_equal(snapshot.totals.states[PGMAP_STATE_LIVE], 1);
	assert_int_equal(snapshot.totals.replaced, 1);
	pgmap_snapshot_free(&snapshot);
}

static void test_killed_for_grows_while_it_drains(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_snapshot snapshot = { 0 };

	add(model, A, 1);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 2, 3);
	step(model, PGMAP_EVENT_KILL, A, 100);
	pgmap_snapshot_take(&snapshot, model, 350, 350, false);
	assert_int_equal(snapshot.rows[0].state, PGMAP_STATE_KILLED);
	assert_int_equal(snapshot.rows[0].killed_for_ns, 250);
	assert_int_equal(snapshot.rows[0].outstanding, 3);
	pgmap_snapshot_free(&snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(test_allocs_and_frees_are_summed_in_pages),
		model_test(test_faults_of_two_threads_do_not_mix),
		model_test(test_error_results_are_counted_apart),
		model_test(test_an_unmatched_half_is_counted_never_a_latency),
		model_test(test_a_fault_does_not_end_on_another_pagemap),
		model_test(test_rows_have_rates_since_the_mark),
		model_test(test_released_stay_for_their_interval_and_the_report),
		model_test(test_what_was_added_again_while_active_is_in_no_state),
		model_test(test_killed_for_grows_while_it_drains),
	};

	return PGMAP_RUN_TESTS(tests);
}
