// SPDX-License-Identifier: GPL-2.0-only
/* From lives to groups: what is a latency, what is only half of one, and whose it is. */
#include "events.h"
#include "summaries.h"

static struct pgmap_event add_taking(__u64 pgmap, __u64 time, __u64 setup_ns, const char *driver)
{
	struct pgmap_event ev = add_of(pgmap, time, pgmap, 16);

	ev.u.add.setup_ns = setup_ns;
	strcpy(ev.u.add.driver, driver);
	return ev;
}

static const struct pgmap_metric *metric_of(const struct pgmap_summary *summary, size_t which,
					    enum pgmap_metric_id id)
{
	assert_true(which < summary->nr);
	return &summary->groups[which].metrics[id];
}

static __u64 count_of(const struct pgmap_summary *summary, size_t which, enum pgmap_metric_id id)
{
	return pgmap_metric_stats(metric_of(summary, which, id)).count;
}

static void finish(struct pgmap_summary *summary, const struct pgmap_model *model)
{
	assert_int_equal(pgmap_summary_finish(summary, model, 1000, 500), 0);
}

static void test_a_whole_life_has_set_up_drain_and_release(void **state)
{
	struct pgmap_summary summary = { .by = PGMAP_BY_PGMAP };
	struct pgmap_model *model = *state;

	feed(model, add_taking(A, 100, 30, "one"));
	step(model, PGMAP_EVENT_KILL, A, 200);
	step(model, PGMAP_EVENT_DRAINED, A, 220);
	step(model, PGMAP_EVENT_RELEASE, A, 225);
	finish(&summary, model);
	assert_int_equal(summary.nr, 1);
	assert_int_equal(metric_of(&summary, 0, PGMAP_METRIC_SETUP)->max_ns, 30);
	assert_int_equal(metric_of(&summary, 0, PGMAP_METRIC_DRAIN)->max_ns, 20);
	assert_int_equal(metric_of(&summary, 0, PGMAP_METRIC_RELEASE)->max_ns, 5);
	assert_int_equal(summary.duration_ns, 500);
	pgmap_summary_free(&summary);
}

static void test_a_kill_that_does_not_drain_is_unended(void **state)
{
	struct pgmap_summary summary = { .by = PGMAP_BY_PGMAP };
	struct pgmap_model *model = *state;

	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 200);
	finish(&summary, model);
	assert_int_equal(count_of(&summary, 0, PGMAP_METRIC_DRAIN), 0);
	assert_int_equal(metric_of(&summary, 0, PGMAP_METRIC_DRAIN)->unended, 1);
	assert_int_equal(metric_of(&summary, 0, PGMAP_METRIC_RELEASE)->unended, 0);
	pgmap_summary_free(&summary);
}

static void test_a_drain_whose_kill_was_not_seen_is_unstarted(void **state)
{
	struct pgmap_summary summary = { .by = PGMAP_BY_PGMAP };
	struct pgmap_model *model = *state;

	step(model, PGMAP_EVENT_DRAINED, A, 200);
	finish(&summary, model);
	assert_int_equal(count_of(&summary, 0, PGMAP_METRIC_DRAIN), 0);
	assert_int_equal(count_of(&summary, 0, PGMAP_METRIC_SETUP), 0);
	assert_int_equal(metric_of(&summary, 0, PGMAP_METRIC_DRAIN)->unstarted, 1);
	assert_int_equal(metric_of(&summary, 0, PGMAP_METRIC_RELEASE)->unended, 1);
	assert_true(summary.groups[0].partial);
	pgmap_summary_free(&summary);
}

static void test_drained_before_the_kill_is_no_latency(void **state)
{
	struct pgmap_summary summary = { .by = PGMAP_BY_PGMAP };
	struct pgmap_model *model = *state;

	add(model, A, 100);
	step(model, PGMAP_EVENT_DRAINED, A, 200);
	step(model, PGMAP_EVENT_KILL, A, 300);
	finish(&summary, model);
	assert_int_equal(count_of(&summary, 0, PGMAP_METRIC_DRAIN), 0);
	assert_int_equal(metric_of(&summary, 0, PGMAP_METRIC_DRAIN)->unended, 1);
	assert_int_equal(metric_of(&summary, 0, PGMAP_METRIC_DRAIN)->unstarted, 1);
	pgmap_summary_free(&summary);
}

static void test_a_failed_add_is_counted_and_in_no_histogram(void **state)
{
	struct pgmap_summary summary = { .by = PGMAP_BY_PGMAP };
	struct pgmap_event ev = add_taking(A, 100, 30, "one");
	struct pgmap_model *model = *state;

	ev.u.add.error = -12;
	feed(model, ev);
	finish(&summary, model);
	assert_int_equal(count_of(&summary, 0, PGMAP_METRIC_SETUP), 0);
	assert_int_equal(summary.groups[0].failed_adds, 1);
	pgmap_summary_free(&summary);
}

static void test_faults_in_pairs_and_halves(void **state)
{
	struct pgmap_summary summary = { .by = PGMAP_BY_PGMAP };
	struct pgmap_event ev = event_of(PGMAP_EVENT_FAULT_ENTER, A, 110);
	struct pgmap_model *model = *state;

	add(model, A, 100);
	feed(model, ev);
	step(model, PGMAP_EVENT_FAULT_EXIT, A, 117);
	ev.time_ns = 120;
	feed(model, ev);	/* never leaves */
	ev.event = PGMAP_EVENT_FAULT_EXIT;
	ev.tid = OTHER_TID;
	ev.time_ns = 130;
	feed(model, ev);	/* never entered */
	finish(&summary, model);
	assert_int_equal(count_of(&summary, 0, PGMAP_METRIC_FAULT), 1);
	assert_int_equal(metric_of(&summary, 0, PGMAP_METRIC_FAULT)->max_ns, 7);
	assert_int_equal(metric_of(&summary, 0, PGMAP_METRIC_FAULT)->unended, 1);
	assert_int_equal(metric_of(&summary, 0, PGMAP_METRIC_FAULT)->unstarted, 1);
	assert_int_equal(summary.losses[PGMAP_LOSS_STRAY_EXIT], 1);
	pgmap_summary_free(&summary);
}

static void test_by_driver_pagemaps_are_together(void **state)
{
	struct pgmap_summary summary = { .by = PGMAP_BY_DRIVER };
	struct pgmap_model *model = *state;

	feed(model, add_taking(A, 100, 30, "one"));
	feed(model, add_taking(B, 110, 10, "two"));
	feed(model, add_taking(C, 120, 20, "one"));
	finish(&summary, model);
	assert_int_equal(summary.nr, 2);
	assert_string_equal(summary.groups[0].driver, "one");
	assert_int_equal(summary.groups[0].pagemaps, 2);
	assert_int_equal(count_of(&summary, 0, PGMAP_METRIC_SETUP), 2);
	assert_int_equal(count_of(&summary, 1, PGMAP_METRIC_SETUP), 1);
	pgmap_summary_free(&summary);
}

static void test_by_node_and_by_type(void **state)
{
	struct pgmap_summary by_node = { .by = PGMAP_BY_NODE }, by_type = { .by = PGMAP_BY_TYPE };
	struct pgmap_event ev = add_taking(A, 100, 30, "one");
	struct pgmap_model *model = *state;

	ev.u.add.node = 1;
	feed(model, ev);
	ev = add_taking(B, 110, 10, "one");
	ev.type = PGMAP_TYPE_GENERIC;
	feed(model, ev);
	finish(&by_node, model);
	finish(&by_type, model);
	assert_int_equal(by_node.nr, 2);
	assert_int_equal(by_node.groups[0].node, 1);
	assert_int_equal(by_type.nr, 2);
	assert_int_equal(by_type.groups[1].type, PGMAP_TYPE_GENERIC);
	pgmap_summary_free(&by_node);
	pgmap_summary_free(&by_type);
}

static void test_groups_are_in_order_of_birth_whoever_ended(void **state)
{
	struct pgmap_summary summary = { .by = PGMAP_BY_PGMAP };
	struct pgmap_model *model = *state;

	feed(model, add_taking(C, 100, 30, "one"));
	feed(model, add_taking(A, 200, 30, "one"));
	kill_drain_release(model, C, 300);
	finish(&summary, model);
	assert_int_equal(summary.groups[0].pgmap, C);
	assert_int_equal(summary.groups[1].pgmap, A);
	assert_int_equal(summary.groups[0].ordinal, 0);
	assert_int_equal(summary.groups[1].ordinal, 1);
	pgmap_summary_free(&summary);
}

static void test_what_the_model_forgets_is_not_lost(void **state)
{
	enum { NR = PGMAP_MAX_ENDED + 100 };
	struct pgmap_summary by_driver = { .by = PGMAP_BY_DRIVER };
	struct pgmap_model *model = *state;
	__u64 i;

	model->summary = &by_driver;
	for (i = 0; i < NR; i++) {
		feed(model, add_taking(A, 1000 + i * 100, 20, "one"));
		kill_drain_release(model, A, 1050 + i * 100);
	}
	finish(&by_driver, model);
	assert_int_equal(by_driver.nr, 1);
	assert_int_equal(by_driver.groups[0].pagemaps, NR);
	assert_int_equal(count_of(&by_driver, 0, PGMAP_METRIC_SETUP), NR);
	assert_int_equal(count_of(&by_driver, 0, PGMAP_METRIC_RELEASE), NR);
	pgmap_summary_free(&by_driver);
}

static void test_by_pagemap_the_forgotten_are_the_rest(void **state)
{
	struct pgmap_summary summary = { .by = PGMAP_BY_PGMAP };
	struct pgmap_model *model = *state;
	__u64 i;

	model->summary = &summary;
	for (i = 0; i < PGMAP_MAX_ENDED + 7; i++) {
		feed(model, add_taking(A, 1000 + i * 100, 20, "one"));
		kill_drain_release(model, A, 1050 + i * 100);
	}
	finish(&summary, model);
	assert_int_equal(summary.nr, PGMAP_MAX_ENDED + 1);
	assert_true(summary.groups[PGMAP_MAX_ENDED].rest);
	assert_int_equal(summary.groups[PGMAP_MAX_ENDED].pagemaps, 7);
	assert_int_equal(count_of(&summary, PGMAP_MAX_ENDED, PGMAP_METRIC_SETUP), 7);
	pgmap_summary_free(&summary);
}

static void test_by_comm_the_kernel_says_it(void **state)
{
	struct pgmap_summary summary = { .by = PGMAP_BY_COMM };
	struct pgmap_group_key key = { .comm = "zebra", .bucket = 40 };
	struct pgmap_group_value value = { .count = 3, .sum_ns = 120, .max_ns = 41 };
	struct pgmap_model *model = *state;

	add(model, A, 100);
	pgmap_summary_set(&summary, &key, &value);
	value.count = 5;	/* absolute: not 8 */
	value.sum_ns = 203;
	pgmap_summary_set(&summary, &key, &value);
	strcpy(key.comm, "ant");
	pgmap_summary_set(&summary, &key, &value);
	finish(&summary, model);
	assert_int_equal(summary.nr, 2);
	assert_string_equal(summary.groups[0].comm, "ant");
	assert_int_equal(count_of(&summary, 1, PGMAP_METRIC_FAULT), 5);
	assert_int_equal(pgmap_metric_stats(&summary.groups[1].metrics[PGMAP_METRIC_FAULT]).mean_ns,
			 41);
	assert_false(pgmap_metric_is_known(&summary, PGMAP_METRIC_SETUP));
	assert_true(pgmap_metric_is_known(&summary, PGMAP_METRIC_FAULT));
	assert_false(pgmap_metric_has_pairs(&summary, PGMAP_METRIC_FAULT));
	pgmap_summary_free(&summary);
}

static struct pgmap_metric_stats stats_of(const struct pgmap_group *group)
{
	return pgmap_metric_stats(&group->metrics[PGMAP_METRIC_FAULT]);
}

/* A fault of @ns by a thread of that name that ends on @cpu. */
static void one_fault(struct pgmap_model *model, const char *comm, __u32 cpu, __u64 ns)
{
	struct pgmap_event ev = event_of(PGMAP_EVENT_FAULT_ENTER, A, 1000);

	strcpy(ev.comm, comm);
	/* whatever it began on */
	ev.cpu = 7;
	feed(model, ev);
	ev.event = PGMAP_EVENT_FAULT_EXIT;
	ev.time_ns += ns;
	ev.cpu = cpu;
	feed(model, ev);
}

static void test_faults_that_are_sent_are_told_apart_here(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_summary by_comm = { .by = PGMAP_BY_COMM }, by_cpu = { .by = PGMAP_BY_CPU };
	struct pgmap_summary *both[] = { &by_comm, &by_cpu };
	int i;

	add(model, A, 100);
	for (i = 0; i < 2; i++) {
		model->summary = both[i];
		one_fault(model, "one", 1, 500);
		one_fault(model, "one", 0, 700);
		one_fault(model, "other", 1, 40);
		assert_int_equal(pgmap_summary_finish(both[i], model, 5000, 4000), 0);
		assert_int_equal(both[i]->nr, 2);
	}
	assert_string_equal(by_comm.groups[0].comm, "one");
	assert_int_equal(stats_of(&by_comm.groups[0]).count, 2);
	assert_int_equal(stats_of(&by_comm.groups[0]).mean_ns, 600);
	assert_int_equal(stats_of(&by_comm.groups[0]).max_ns, 700);
	assert_int_equal(stats_of(&by_comm.groups[1]).count, 1);
	assert_int_equal(by_cpu.groups[0].cpu, 0);
	assert_int_equal(stats_of(&by_cpu.groups[0]).count, 1);
	assert_int_equal(by_cpu.groups[1].cpu, 1);
	assert_int_equal(stats_of(&by_cpu.groups[1]).count, 2);
	assert_int_equal(stats_of(&by_cpu.groups[1]).max_ns, 500);
	model->summary = NULL;
	pgmap_summary_free(&by_comm);
	pgmap_summary_free(&by_cpu);
}

static void test_phases_are_in_the_order_of_the_fault(void **state)
{
	struct pgmap_summary summary = { .by = PGMAP_BY_PHASE };
	struct pgmap_group_key key = { .number = PGMAP_PHASE_DRIVER, .bucket = 40 };
	struct pgmap_group_value value = { .count = 3, .max_ns = 40 };

	pgmap_summary_set(&summary, &key, &value);
	key.number = PGMAP_PHASE_COPY;
	value.count = 2;
	pgmap_summary_set(&summary, &key, &value);
	key.number = PGMAP_PHASE_WHOLE;
	pgmap_summary_set(&summary, &key, &value);
	finish(&summary, *state);
	assert_int_equal(summary.nr, 3);
	assert_int_equal(summary.groups[0].phase, PGMAP_PHASE_WHOLE);
	assert_int_equal(summary.groups[1].phase, PGMAP_PHASE_COPY);
	assert_int_equal(summary.groups[2].phase, PGMAP_PHASE_DRIVER);
	assert_int_equal(count_of(&summary, 1, PGMAP_METRIC_FAULT), 2);
	assert_int_equal(count_of(&summary, 2, PGMAP_METRIC_FAULT), 3);
	pgmap_summary_free(&summary);
}

static void test_what_the_source_does_not_show_is_unknown(void **state)
{
	struct pgmap_summary summary = { .by = PGMAP_BY_PGMAP };
	struct pgmap_model *model = *state;

	model->options.unseen = PGMAP_SIGHT_DRAINED | PGMAP_SIGHT_ENTER;
	finish(&summary, model);
	assert_true(pgmap_metric_is_known(&summary, PGMAP_METRIC_SETUP));
	assert_false(pgmap_metric_is_known(&summary, PGMAP_METRIC_DRAIN));
	assert_false(pgmap_metric_is_known(&summary, PGMAP_METRIC_RELEASE));
	assert_true(pgmap_metric_is_known(&summary, PGMAP_METRIC_FAULT));
	assert_false(pgmap_metric_has_pairs(&summary, PGMAP_METRIC_FAULT));
	assert_true(pgmap_metric_has_pairs(&summary, PGMAP_METRIC_SETUP));
	pgmap_summary_free(&summary);
}

static void test_an_impossible_bucket_is_told_at_the_end(void **state)
{
	struct pgmap_summary summary = { .by = PGMAP_BY_CPU };
	struct pgmap_group_key key = { .bucket = PGMAP_HIST_BUCKETS };
	struct pgmap_group_value value = { .count = 3, .max_ns = 40 };

	pgmap_summary_set(&summary, &key, &value);
	assert_int_not_equal(pgmap_summary_finish(&summary, *state, 10, 5), 0);
	pgmap_summary_free(&summary);
}

static void test_numbers_are_in_order_and_near_the_truth(void **state)
{
	struct pgmap_metric metric = { 0 };
	struct pgmap_metric_stats stats;

	(void)state;
	spread(&metric, 1000, 11000, 10000);
	stats = pgmap_metric_stats(&metric);
	assert_int_equal(stats.count, 10000);
	assert_int_equal(stats.max_ns, 10999);
	assert_int_equal(stats.mean_ns, 6000);
	assert_in_range(stats.p50_ns, 6000 * 0.984, 6000 * 1.016);
	assert_in_range(stats.p90_ns, 10000 * 0.984, 10000 * 1.016);
	assert_in_range(stats.p99_ns, 10900 * 0.984, 10999);
	assert_in_range(stats.p999_ns, stats.p99_ns, stats.max_ns);
	pgmap_latency_free(&metric.values);
	metric = (struct pgmap_metric){ 0 };
	stats = pgmap_metric_stats(&metric);
	assert_int_equal(stats.count + stats.mean_ns + stats.p50_ns + stats.max_ns, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(test_a_whole_life_has_set_up_drain_and_release),
		model_test(test_a_kill_that_does_not_drain_is_unended),
		model_test(test_a_drain_whose_kill_was_not_seen_is_unstarted),
		model_test(test_drained_before_the_kill_is_no_latency),
		model_test(test_a_failed_add_is_counted_and_in_no_histogram),
		model_test(test_faults_in_pairs_and_halves),
		model_test(test_by_driver_pagemaps_are_together),
		model_test(test_by_node_and_by_type),
		model_test(test_groups_are_in_order_of_birth_whoever_ended),
		model_test(test_what_the_model_forgets_is_not_lost),
		model_test(test_by_pagemap_the_forgotten_are_the_rest),
		model_test(test_by_comm_the_kernel_says_it),
		model_test(test_faults_that_are_sent_are_told_apart_here),
		model_test(test_phases_are_in_the_order_of_the_fault),
		model_test(test_what_the_source_does_not_show_is_unknown),
		model_test(test_an_impossible_bucket_is_told_at_the_end),
		cmocka_unit_test(test_numbers_are_in_order_and_near_the_truth),
	};

	return PGMAP_RUN_TESTS(tests);
}
