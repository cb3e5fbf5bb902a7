// SPDX-License-Identifier: GPL-2.0-only
/* Open faults: each is told of once, also if its thread is in another one later. */
#include <string.h>

#include "source/told.h"
#include "unit.h"

static void test_a_fault_is_told_of_once(void **state)
{
	struct pgmap_told told = { 0 };

	(void)state;
	assert_int_equal(pgmap_told_note(&told, 7, 100), 1);
	pgmap_told_forget(&told);
	assert_int_equal(pgmap_told_note(&told, 7, 100), 0);
	assert_int_equal(pgmap_told_note(&told, 8, 100), 1);
	pgmap_told_free(&told);
}

static void test_the_next_fault_of_a_thread_is_another(void **state)
{
	struct pgmap_told told = { 0 };

	(void)state;
	assert_int_equal(pgmap_told_note(&told, 7, 100), 1);
	assert_int_equal(pgmap_told_note(&told, 7, 200), 1);
	pgmap_told_free(&told);
}

static void test_what_is_over_takes_no_room(void **state)
{
	struct pgmap_told told = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		assert_int_equal(pgmap_told_note(&told, 1, 5), !i);
		assert_int_equal(pgmap_told_note(&told, 2 + i, i), 1);
		pgmap_told_forget(&told);
	}
	assert_int_equal(told.nr, 2);
	pgmap_told_forget(&told);
	assert_int_equal(told.nr, 0);
	pgmap_told_free(&told);
}

static void test_the_record_names_thread_and_page(void **state)
{
	struct pgmap_fault_start start = {
		.time_ns = 100, .pgmap = 0x1000, .generation = 3, .type = PGMAP_TYPE_PRIVATE,
		.address = 0x7000, .pfn = 42, .pid = 5, .comm = "touch",
	};
	struct pgmap_event ev = pgmap_told_event(6, &start, 900);

	(void)state;
	assert_int_equal(ev.event, PGMAP_EVENT_FAULT_OPEN);
	assert_int_equal(ev.time_ns, 900);
	assert_int_equal(ev.u.page.since_ns, 100);
	assert_int_equal(ev.pgmap, 0x1000);
	assert_int_equal(ev.generation, 3);
	assert_int_equal(ev.type, PGMAP_TYPE_PRIVATE);
	assert_int_equal(ev.u.page.address, 0x7000);
	assert_int_equal(ev.u.page.pfn, 42);
	assert_int_equal(ev.pid, 5);
	assert_int_equal(ev.tid, 6);
	assert_string_equal(ev.comm, "touch");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_fault_is_told_of_once),
		cmocka_unit_test(test_the_next_fault_of_a_thread_is_another),
		cmocka_unit_test(test_what_is_over_takes_no_room),
		cmocka_unit_test(test_the_record_names_thread_and_page),
	};

	return PGMAP_RUN_TESTS(tests);
}
