// SPDX-License-Identifier: GPL-2.0-only
/* Events come out in order of time, held back until the watermark, bounded. */
#include <errno.h>

#include "source/order.h"
#include "unit.h"

static int push(struct pgmap_order *order, __u64 time, __u64 mark)
{
	struct pgmap_event ev = { .time_ns = time, .pgmap = mark };

	return pgmap_order_push(order, &ev);
}

static void test_out_of_order_in_ordered_out(void **state)
{
	struct pgmap_order order = { 0 };
	struct pgmap_event ev;
	__u64 i, last = 0;

	(void)state;
	for (i = 0; i < 1000; i++)
		assert_int_equal(push(&order, i * 7919 % 1000, 0), 0);
	for (i = 0; i < 1000; i++) {
		assert_true(pgmap_order_pop(&order, ~0ULL, &ev));
		assert_true(ev.time_ns >= last);
		last = ev.time_ns;
	}
	assert_false(pgmap_order_pop(&order, ~0ULL, &ev));
	pgmap_order_free(&order);
}

static void test_nothing_passes_the_watermark(void **state)
{
	struct pgmap_order order = { 0 };
	struct pgmap_event ev;

	(void)state;
	push(&order, 20, 0);
	push(&order, 10, 0);
	assert_false(pgmap_order_pop(&order, 9, &ev));
	assert_true(pgmap_order_pop(&order, 10, &ev));
	assert_int_equal(ev.time_ns, 10);
	assert_false(pgmap_order_pop(&order, 19, &ev));
	assert_int_equal(order.nr, 1);
	pgmap_order_free(&order);
}

static void test_same_time_keeps_arrival(void **state)
{
	struct pgmap_order order = { 0 };
	struct pgmap_event ev;
	__u64 i;

	(void)state;
	for (i = 0; i < 50; i++)
		push(&order, 5, i);
	for (i = 0; i < 50; i++) {
		assert_true(pgmap_order_pop(&order, 5, &ev));
		assert_int_equal(ev.pgmap, i);
	}
	pgmap_order_free(&order);
}

static void test_late_events_are_counted(void **state)
{
	struct pgmap_order order = { 0 };
	struct pgmap_event ev;

	(void)state;
	push(&order, 100, 0);
	pgmap_order_pop(&order, ~0ULL, &ev);
	push(&order, 100, 0);
	assert_int_equal(order.late, 0);
	push(&order, 99, 0);
	assert_int_equal(order.late, 1);
	pgmap_order_free(&order);
}

static void test_full_says_so_and_loses_nothing(void **state)
{
	struct pgmap_order order = { 0 };
	struct pgmap_event ev;
	__u64 i;

	(void)state;
	for (i = 0; i < PGMAP_ORDER_MAX; i++)
		assert_int_equal(push(&order, i, 0), 0);
	assert_int_equal(push(&order, i, 0), -ENOSPC);
	assert_int_equal(order.nr, PGMAP_ORDER_MAX);
	assert_true(pgmap_order_pop(&order, ~0ULL, &ev));
	assert_int_equal(push(&order, i, 0), 0);
	pgmap_order_free(&order);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_out_of_order_in_ordered_out),
		cmocka_unit_test(test_nothing_passes_the_watermark),
		cmocka_unit_test(test_same_time_keeps_arrival),
		cmocka_unit_test(test_late_events_are_counted),
		cmocka_unit_test(test_full_says_so_and_loses_nothing),
	};

	return PGMAP_RUN_TESTS(tests);
}
