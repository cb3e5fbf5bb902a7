// SPDX-License-Identifier: GPL-2.0-only
/* Finding pagemaps in the memory of a made-up kernel: by its table, and by its struct pages. */
#include "inspect/find.h"
#include "arena.h"

static struct pgmap_found found;

static struct pgmap_memory *memory_of(void **state)
{
	return *state;
}

/* The table: a range of frames fills slots of two nodes, as the kernel writes it. */
static void make_table(void **state)
{
	struct arena *arena = arena_of(state);
	int i;

	memory_of(state)->lookup = AT(head);
	arena->head = AT(nodes[0]) | 2;
	arena->nodes[0].shift = 6;
	arena->nodes[0].slots[3] = AT(nodes[1]) | 2;
	arena->nodes[0].slots[4] = BASE;
	arena->nodes[0].slots[5] = 4 << 2 | 2;	/* as slot 4 */
	for (i = 10; i < 64; i++)
		arena->nodes[1].slots[i] = BASE;
}

static void test_the_table_leads_to_each_pagemap_once(void **state)
{
	make_table(state);
	assert_int_equal(pgmap_find_by_lookup(&found, *state), 0);
	assert_int_equal(found.nr, 1);
	assert_true(found.all[0].pgmap == BASE);
	assert_int_equal(found.all[0].type, PGMAP_TYPE_PRIVATE);
	pgmap_found_free(&found);
}

static void test_a_single_entry_needs_no_node(void **state)
{
	memory_of(state)->lookup = AT(head);
	arena_of(state)->head = BASE;
	assert_int_equal(pgmap_find_by_lookup(&found, *state), 0);
	assert_int_equal(found.nr, 1);
	pgmap_found_free(&found);
	arena_of(state)->head = 0;
	assert_int_equal(pgmap_find_by_lookup(&found, *state), 0);
	assert_int_equal(found.nr, 0);
}

static void test_a_table_that_changes_does_no_harm(void **state)
{
	make_table(state);
	/* a node that leads to itself, memory that is gone, what is no pagemap */
	arena_of(state)->nodes[1].slots[0] = AT(nodes[1]) | 2;
	arena_of(state)->nodes[1].slots[1] = 0xffffc90000000002;
	arena_of(state)->nodes[1].slots[2] = AT(pages);
	assert_int_equal(pgmap_find_by_lookup(&found, *state), 0);
	assert_int_equal(found.nr, 1);
	pgmap_found_free(&found);
}

static void test_a_released_pagemap_is_not_found(void **state)
{
	make_table(state);
	arena_of(state)->ref.word = 3;
	arena_of(state)->ref.data = 0;
	assert_int_equal(pgmap_find_by_lookup(&found, *state), 0);
	assert_int_equal(found.nr, 0);
}

static void test_without_a_table_it_says_so(void **state)
{
	assert_int_equal(pgmap_find_by_lookup(&found, *state), -EOPNOTSUPP);
	memory_of(state)->lookup = 0xffffc90000000000;
	assert_int_equal(pgmap_find_by_lookup(&found, *state), -EOPNOTSUPP);
}

/* What it finds in a range of @pages frames from @first on. */
static size_t find_in(void **state, __u64 first, __u64 pages, const char *name)
{
	struct pgmap_resource one = { .start = first << 12, .end = ((first + pages) << 12) - 1 };
	struct pgmap_iomem iomem = { .all = &one, .nr = 1 };
	size_t nr;

	strcpy(one.name, name);
	assert_int_equal(pgmap_find_by_pages(&found, *state, &iomem), 0);
	nr = found.nr;
	pgmap_found_free(&found);
	return nr;
}

static void test_struct_pages_of_a_claim_lead_to_it(void **state)
{
	assert_int_equal(find_in(state, FIRST, PAGES, "namespace0.0"), 1);
	/* no pages of RAM are looked at, nor are there pages everywhere */
	assert_int_equal(find_in(state, FIRST, PAGES, "System RAM"), 0);
	assert_int_equal(find_in(state, FIRST + 2 * PAGES, PAGES, "namespace0.0"), 0);
	/* a claim that begins before it */
	assert_int_equal(find_in(state, FIRST - PAGES / 2, PAGES, "Reserved"), 1);
}

static void test_pages_that_hold_the_memmap_are_passed_over(void **state)
{
	int i;

	for (i = 0; i < PAGES / 64; i++)
		arena_of(state)->pages[i].pgmap = 0;
	arena_of(state)->pages[PAGES - 1].pgmap = 0;
	assert_int_equal(find_in(state, FIRST, PAGES, "namespace0.0"), 1);
}

static void test_a_page_behind_a_head_leads_there(void **state)
{
	int i;

	for (i = 1; i < PAGES; i++)
		arena_of(state)->pages[i].pgmap = AT(pages[0]) | 1;
	assert_true(pgmap_of_pfn(*state, FIRST + 5) == BASE);
	assert_int_equal(find_in(state, FIRST + 1, PAGES - 1, "dax0.0"), 1);
}

static void test_what_other_pages_have_there_is_no_pagemap(void **state)
{
	int i;

	/* a pointer to a good pagemap that is another range's, to anything, poison */
	assert_int_equal(find_in(state, FIRST + PAGES, 1, "claim"), 0);
	arena_of(state)->ranges[0].start += 1 << 20;
	assert_int_equal(find_in(state, FIRST, 100, "claim"), 0);
	for (i = 0; i < PAGES; i++)
		arena_of(state)->pages[i].pgmap = i % 2 ? AT(nodes) : ~0ULL;
	assert_int_equal(find_in(state, FIRST, PAGES, "claim"), 0);
}

static void test_without_a_memmap_it_says_so(void **state)
{
	struct pgmap_iomem iomem = { 0 };

	memory_of(state)->vmemmap = 0;
	assert_int_equal(pgmap_find_by_pages(&found, *state, &iomem), -EOPNOTSUPP);
}

static void test_two_ways_to_one_pagemap_are_one(void **state)
{
	struct pgmap_resource one = { .start = FIRST << 12, .end = ((FIRST + PAGES) << 12) - 1 };
	struct pgmap_iomem iomem = { .all = &one, .nr = 1 };
	struct pgmap_found more = { 0 };

	make_table(state);
	assert_int_equal(pgmap_find_by_lookup(&found, *state), 0);
	assert_int_equal(pgmap_find_by_pages(&more, *state, &iomem), 0);
	assert_int_equal(more.nr, 1);
	assert_int_equal(pgmap_found_merge(&found, &more), 0);
	assert_int_equal(found.nr, 1);
	pgmap_found_free(&found);
	pgmap_found_free(&more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_the_table_leads_to_each_pagemap_once),
		test(test_a_single_entry_needs_no_node),
		test(test_a_table_that_changes_does_no_harm),
		test(test_a_released_pagemap_is_not_found),
		test(test_without_a_table_it_says_so),
		test(test_struct_pages_of_a_claim_lead_to_it),
		test(test_pages_that_hold_the_memmap_are_passed_over),
		test(test_a_page_behind_a_head_leads_there),
		test(test_what_other_pages_have_there_is_no_pagemap),
		test(test_without_a_memmap_it_says_so),
		test(test_two_ways_to_one_pagemap_are_one),
	};

	return PGMAP_RUN_TESTS(tests);
}
