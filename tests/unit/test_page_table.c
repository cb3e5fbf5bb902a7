// SPDX-License-Identifier: GPL-2.0-only
/* The table of pages: found by frame, as large as what is allocated, bounded. */
#include <errno.h>

#include "core/page_table.h"
#include "unit.h"

enum { A = 0x1000, B = 0x2000, MANY = 100000 };

static int set(struct pgmap_page_table *table, __u64 pfn, __u64 pgmap, __u32 generation)
{
	struct pgmap_page_state state = { .pgmap = pgmap, .generation = generation };

	return pgmap_page_table_set(table, pfn, &state);
}

static void test_an_empty_one_finds_nothing(void **state)
{
	struct pgmap_page_table table = { .limit = 1 };

	(void)state;
	assert_null(pgmap_page_table_find(&table, 1));
	pgmap_page_table_drop(&table, 1);
	pgmap_page_table_drop_all(&table, A, 1);
	pgmap_page_table_free(&table);
}

static void test_each_page_is_found_until_it_is_dropped(void **state)
{
	struct pgmap_page_table table = { .limit = MANY };
	__u64 i;

	(void)state;
	for (i = 0; i < MANY; i++)
		assert_int_equal(set(&table, i * 512, i, 1), 0);
	assert_int_equal(table.nr, MANY);
	for (i = 0; i < MANY; i += 2)
		pgmap_page_table_drop(&table, i * 512);
	assert_int_equal(table.nr, MANY / 2);
	for (i = 0; i < MANY; i++) {
		const struct pgmap_page_state *page = pgmap_page_table_find(&table, i * 512);

		if (i % 2)
			assert_int_equal(page->pgmap, i);
		else
			assert_null(page);
	}
	pgmap_page_table_free(&table);
}

static void test_a_page_set_again_is_one_page(void **state)
{
	struct pgmap_page_table table = { .limit = 1 };

	(void)state;
	assert_int_equal(set(&table, 7, A, 1), 0);
	assert_int_equal(set(&table, 7, B, 2), 0);
	assert_int_equal(table.nr, 1);
	assert_int_equal(pgmap_page_table_find(&table, 7)->pgmap, B);
	pgmap_page_table_free(&table);
}

static void test_memory_is_given_back(void **state)
{
	struct pgmap_page_table table = { .limit = MANY };
	__u64 i;

	(void)state;
	for (i = 0; i < MANY; i++)
		set(&table, i, A, 1);
	assert_true(table.nr_buckets >= MANY);
	for (i = 100; i < MANY; i++)
		pgmap_page_table_drop(&table, i);
	assert_true(table.nr_buckets <= 8 * 128);
	for (i = 0; i < 100; i++)
		assert_non_null(pgmap_page_table_find(&table, i));
	pgmap_page_table_free(&table);
}

static void test_full_says_so(void **state)
{
	struct pgmap_page_table table = { .limit = 2 };

	(void)state;
	set(&table, 1, A, 1);
	set(&table, 2, A, 1);
	assert_int_equal(set(&table, 3, A, 1), -ENOSPC);
	assert_int_equal(set(&table, 2, B, 1), 0);
	pgmap_page_table_drop(&table, 1);
	assert_int_equal(set(&table, 3, A, 1), 0);
	pgmap_page_table_free(&table);
}

static void test_pages_of_one_generation_go_together(void **state)
{
	struct pgmap_page_table table = { .limit = MANY };
	__u64 i;

	(void)state;
	for (i = 0; i < 3000; i++)
		set(&table, i, i % 3 ? A : B, i % 3 == 2 ? 2 : 1);
	pgmap_page_table_drop_all(&table, A, 1);
	assert_int_equal(table.nr, 2000);
	assert_null(pgmap_page_table_find(&table, 1));
	assert_int_equal(pgmap_page_table_find(&table, 2)->generation, 2);
	assert_int_equal(pgmap_page_table_find(&table, 3)->pgmap, B);
	pgmap_page_table_free(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_empty_one_finds_nothing),
		cmocka_unit_test(test_each_page_is_found_until_it_is_dropped),
		cmocka_unit_test(test_a_page_set_again_is_one_page),
		cmocka_unit_test(test_memory_is_given_back),
		cmocka_unit_test(test_full_says_so),
		cmocka_unit_test(test_pages_of_one_generation_go_together),
	};

	return PGMAP_RUN_TESTS(tests);
}
