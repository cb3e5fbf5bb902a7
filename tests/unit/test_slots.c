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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_owner_is_noted_and_dropped),
		cmocka_unit_test(test_the_shared_slot_and_wrong_ones_have_no_owner),
		cmocka_unit_test(test_a_generation_whose_release_was_lost_is_handed_out),
		cmocka_unit_test(test_slots_fit_the_memory_set_aside),
		cmocka_unit_test(test_sums_over_cpus),
	};

	return PGMAP_RUN_TESTS(tests);
}
