// SPDX-License-Identifier: GPL-2.0-only
/* Owners of the live source's counter slots. */
#include <string.h>

#include "source/slots.h"
#include "unit.h"

static struct pgmap_event event_of(__u64 pgmap, __u32 generation, __u32 slot)
{
	struct pgmap_event ev = { .pgmap = pgmap, .generation = generation, .slot = slot };

	return ev;
}

static void test_an_owner_is_noted_and_dropped(void **state)
{
	struct pgmap_slots slots = { 0 };
	struct pgmap_event ev = event_of(0x1000, 1, 5);

	(void)state;
	assert_int_equal(pgmap_slots_init(&slots, 8), 0);
	assert_null(pgmap_slots_owner(&slots, 5));
	assert_int_equal(pgmap_slots_note(&slots, &ev), 0);
	assert_int_equal(pgmap_slots_owner(&slots, 5)->pgmap, 0x1000);
	pgmap_slots_drop(&slots, 5);
	assert_null(pgmap_slots_owner(&slots, 5));
	pgmap_slots_free(&slots);
}

static void test_the_shared_slot_and_wrong_ones_have_no_owner(void **state)
{
	struct pgmap_slots slots = { 0 };
	struct pgmap_event shared = event_of(0x1000, 1, 0), wrong = event_of(0x1000, 1, 8);

	(void)state;
	pgmap_slots_init(&slots, 8);
	pgmap_slots_note(&slots, &shared);
	pgmap_slots_note(&slots, &wrong);
	assert_null(pgmap_slots_owner(&slots, 0));
	assert_null(pgmap_slots_owner(&slots, 8));
	pgmap_slots_drop(&slots, 8);
	pgmap_slots_free(&slots);
}

static void test_a_generation_whose_release_was_lost_is_handed_out(void **state)
{
	struct pgmap_slots slots = { 0 };
	struct pgmap_event first = event_of(0x1000, 1, 3), second = event_of(0x1000, 2, 4);

	(void)state;
	pgmap_slots_init(&slots, 8);
	assert_int_equal(pgmap_slots_note(&slots, &first), 0);
	assert_int_equal(pgmap_slots_note(&slots, &second), 3);
	/* said once: later events of the same owner are no news */
	assert_int_equal(pgmap_slots_note(&slots, &second), 0);
	pgmap_slots_free(&slots);
}

static void test_slots_fit_the_memory_set_aside(void **state)
{
	(void)state;
	assert_int_equal(pgmap_slots_affordable(2), 16384);
	assert_int_equal(pgmap_slots_affordable(256), 4096);
	assert_int_equal(pgmap_slots_affordable(8192), 1024);
	assert_int_equal(pgmap_slots_affordable(0), 16384);
}

static void test_sums_over_cpus(void **state)
{
	struct pgmap_counts cpus[3], sums;
	int i;

	(void)state;
	for (i = 0; i < 3; i++)
		cpus[i] = (struct pgmap_counts){ 1, 2, 3, 4, 5, 6, 7, 100 - i };
	pgmap_slots_sum(cpus, 3, &sums);
	assert_int_equal(sums.allocs, 3);
	assert_int_equal(sums.alloc_pages, 6);
	assert_int_equal(sums.fault_errors, 21);
	assert_int_equal(sums.fault_max_ns, 100);
}

/* A sink that remembers what it was given. */
static struct {
	__u64 pgmap;
	__u32 generation;
	__u32 bucket;
	__u64 count;
	__u64 sum_ns;
} given;

static int take_latency(void *context, __u64 pgmap, __u32 generation, __u32 bucket,
			const struct pgmap_hist_sum *sum)
{
	(void)context;
	given.pgmap = pgmap;
	given.generation = generation;
	given.bucket = bucket;
	given.count += sum->count;
	given.sum_ns += sum->sum_ns;
	return 0;
}

static const struct pgmap_sink sink = { .latency = take_latency };

static void test_latencies_go_to_the_owner_of_their_slot(void **state)
{
	struct pgmap_slots slots = { 0 };
	struct pgmap_event ev = event_of(0x1000, 3, 5);
	struct pgmap_hist_sum sum = { 2, 300 };

	(void)state;
	memset(&given, 0, sizeof(given));
	pgmap_slots_init(&slots, 8);
	pgmap_slots_note(&slots, &ev);
	pgmap_slots_give_latency(&slots, pgmap_hist_key(5, 77), &sum, &sink);
	assert_int_equal(given.pgmap, 0x1000);
	assert_int_equal(given.generation, 3);
	assert_int_equal(given.bucket, 77);
	assert_int_equal(given.count, 2);
	assert_int_equal(given.sum_ns, 300);
	assert_int_equal(slots.nr_waiting, 0);
	pgmap_slots_free(&slots);
}

static void test_latencies_wait_for_the_owner_and_are_given_once(void **state)
{
	struct pgmap_slots slots = { 0 };
	struct pgmap_event ev = event_of(0x1000, 1, 5);
	struct pgmap_hist_sum sum = { 2, 300 };

	(void)state;
	memset(&given, 0, sizeof(given));
	pgmap_slots_init(&slots, 8);
	pgmap_slots_give_latency(&slots, pgmap_hist_key(5, 77), &sum, &sink);
	pgmap_slots_give_latency(&slots, pgmap_hist_key(6, 1), &sum, &sink);
	pgmap_slots_give_waiting(&slots, &sink);
	assert_int_equal(given.count, 0);
	pgmap_slots_note(&slots, &ev);
	pgmap_slots_give_waiting(&slots, &sink);
	pgmap_slots_give_waiting(&slots, &sink);
	assert_int_equal(given.pgmap, 0x1000);
	assert_int_equal(given.bucket, 77);
	assert_int_equal(given.count, 2);
	assert_int_equal(slots.nr_waiting, 1);
	pgmap_slots_free(&slots);
}

static void test_too_many_that_wait_are_counted_and_those_of_nobody_are_not(void **state)
{
	struct pgmap_slots slots = { 0 };
	struct pgmap_hist_sum sum = { 3, 300 };
	int i;

	(void)state;
	pgmap_slots_init(&slots, 8);
	pgmap_slots_give_latency(&slots, pgmap_hist_key(0, 1), &sum, &sink);
	assert_int_equal(slots.nr_waiting, 0);
	for (i = 0; i < PGMAP_SLOTS_WAITING; i++)
		pgmap_slots_give_latency(&slots, pgmap_hist_key(5, 77), &sum, &sink);
	assert_int_equal(slots.lost, 0);
	pgmap_slots_give_latency(&slots, pgmap_hist_key(5, 77), &sum, &sink);
	assert_int_equal(slots.lost, 3);
	pgmap_slots_free(&slots);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_owner_is_noted_and_dropped),
		cmocka_unit_test(test_the_shared_slot_and_wrong_ones_have_no_owner),
		cmocka_unit_test(test_a_generation_whose_release_was_lost_is_handed_out),
		cmocka_unit_test(test_slots_fit_the_memory_set_aside),
		cmocka_unit_test(test_sums_over_cpus),
		cmocka_unit_test(test_latencies_go_to_the_owner_of_their_slot),
		cmocka_unit_test(test_latencies_wait_for_the_owner_and_are_given_once),
		cmocka_unit_test(test_too_many_that_wait_are_counted_and_those_of_nobody_are_not),
	};

	return PGMAP_RUN_TESTS(tests);
}
