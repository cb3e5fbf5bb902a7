// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking at pagemaps in memory: of a made-up kernel with one pagemap, its percpu_ref,
 * a task that waits for it, and its struct pages. And what /proc says of processes.
 */
#include <errno.h>

#include "inspect/mappers.h"
#include "inspect/pages.h"
#include "arena.h"

static void test_a_dying_pagemap_tells_its_facts(void **state)
{
	struct pgmap_facts facts;

	assert_int_equal(pgmap_facts_read(&facts, *state, BASE), 0);
	assert_int_equal(facts.type, PGMAP_TYPE_PRIVATE);
	assert_int_equal(facts.state, PGMAP_STATE_KILLED);
	assert_string_equal(facts.driver, "poke");
	assert_int_equal(facts.pages, PAGES);
	assert_true(facts.refs_known);
	assert_int_equal(facts.refs, 2);
	assert_true(facts.waiter == 0xffff888100000000);
	assert_true(facts.callback == 0xffffffffa0000080);
}

static void test_states_follow_from_the_reference(void **state)
{
	static const struct {
		__u64 word, count;
		int state;
		bool known;
	} cases[] = {
		{ 0x1000, 1 | BIAS, PGMAP_STATE_LIVE, false },
		{ 1, 5, PGMAP_STATE_LIVE, true },
		{ 3, 1 | BIAS, PGMAP_STATE_KILLED, false },	/* on its way to atomic */
		{ 2, 1 | BIAS, PGMAP_STATE_KILLED, false },
		{ 3, 1, PGMAP_STATE_KILLED, true },
		{ 3, 0, PGMAP_STATE_DRAINED, true },
	};
	struct pgmap_facts facts;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		arena_of(state)->ref.word = cases[i].word;
		arena_of(state)->count = cases[i].count;
		assert_int_equal(pgmap_facts_read(&facts, *state, BASE), 0);
		assert_int_equal(facts.state, cases[i].state);
		assert_int_equal(facts.refs_known, cases[i].known);
	}
	arena_of(state)->ref.word = 3;
	arena_of(state)->ref.data = 0;
	assert_int_equal(pgmap_facts_read(&facts, *state, BASE), 0);
	assert_int_equal(facts.state, PGMAP_STATE_RELEASED);
}

static int read_at(void **state, __u64 address)
{
	struct pgmap_facts facts;

	return pgmap_facts_read(&facts, *state, address);
}

static void test_what_is_no_pagemap_is_refused(void **state)
{
	struct arena good = *arena_of(state), *arena = arena_of(state);

	assert_int_equal(read_at(state, 0), -EFAULT);
	assert_int_equal(read_at(state, 0x7fff00000000), -EFAULT);
	assert_int_equal(read_at(state, BASE + 4), -EFAULT);
	assert_int_equal(read_at(state, BASE - 0x1000), -EFAULT);
	assert_int_equal(read_at(state, BASE + 8), -EINVAL);
	arena->type = 6;
	assert_int_equal(read_at(state, BASE), -EINVAL);
	*arena = good;
	arena->nr_range = 0;
	assert_int_equal(read_at(state, BASE), -EINVAL);
	*arena = good;
	arena->ranges[0].end = arena->ranges[0].start - 1;
	assert_int_equal(read_at(state, BASE), -EINVAL);
	*arena = good;
	arena->release++;
	assert_int_equal(read_at(state, BASE), -EINVAL);
	*arena = good;
	arena->ref.data = 0x1234;
	assert_int_equal(read_at(state, BASE), -EINVAL);
	*arena = good;
	assert_int_equal(read_at(state, BASE), 0);
}

static void test_nobody_waits_for_an_empty_list(void **state)
{
	struct pgmap_facts facts;

	arena_of(state)->waiters.next = AT(waiters);
	assert_int_equal(pgmap_facts_read(&facts, *state, BASE), 0);
	assert_true(facts.waiter == 0);
}

static void test_the_waiter_leads_to_its_pagemap(void **state)
{
	struct pgmap_sleeper sleeper = { .task = 0xffff888100000000 };

	/* the entry is a few words up its stack */
	sleeper.stack_pointer = AT(ranges);
	assert_true(pgmap_waited_for(*state, &sleeper) == BASE);
	sleeper.task++;
	assert_true(pgmap_waited_for(*state, &sleeper) == 0);
}

static void test_a_task_that_waits_for_something_else_leads_nowhere(void **state)
{
	struct pgmap_sleeper sleeper = { .task = 0xffff888100000000 };

	sleeper.stack_pointer = AT(ranges);
	arena_of(state)->next = AT(pages[5]);
	assert_true(pgmap_waited_for(*state, &sleeper) == 0);
	sleeper.stack_pointer = 0;
	assert_true(pgmap_waited_for(*state, &sleeper) == 0);
}

static bool never(const void *context)
{
	(void)context;
	return false;
}

static bool at_once(const void *context)
{
	(void)context;
	return true;
}

static void find_pages(void **state, struct pgmap_pages_found *found,
		       bool (*is_over)(const void *context))
{
	struct pgmap_facts facts;

	assert_int_equal(pgmap_facts_read(&facts, *state, BASE), 0);
	pgmap_pages_find(found, *state, &facts, is_over, NULL);
}

static void test_pages_in_use_are_counted_and_sampled(void **state)
{
	struct pgmap_page_found pages[1];
	struct pgmap_pages_found found = { .pages = pages, .room = 1 };

	find_pages(state, &found, never);
	assert_int_equal(found.seen, PAGES);
	assert_int_equal(found.held, 2);
	assert_true(found.complete);
	assert_int_equal(found.nr, 1);
	assert_int_equal(pages[0].pfn, FIRST + 1);
	assert_int_equal(pages[0].refs, 3);
	assert_int_equal(pages[0].maps, 2);
}

static void test_idle_pages_of_other_types_have_one_reference(void **state)
{
	struct pgmap_page_found pages[4];
	struct pgmap_pages_found found = { .pages = pages, .room = 4 };

	arena_of(state)->type = 4;
	find_pages(state, &found, never);
	assert_int_equal(found.held, 1);
	assert_int_equal(pages[0].pfn, FIRST + 1);
}

static void test_pages_of_nobody_are_passed_over(void **state)
{
	struct pgmap_page_found pages[4];
	struct pgmap_pages_found found = { .pages = pages, .room = 4 };

	arena_of(state)->pages[1].pgmap = 0;
	find_pages(state, &found, never);
	assert_int_equal(found.seen, PAGES - 1);
	assert_int_equal(found.held, 1);
}

static void test_a_search_that_is_cut_short_says_so(void **state)
{
	struct pgmap_page_found pages[4];
	struct pgmap_pages_found found = { .pages = pages, .room = 4 };

	find_pages(state, &found, at_once);
	assert_int_equal(found.seen, 0);
	assert_false(found.complete);
	assert_true(found.cut_short);
	/* nor is it complete when memory cannot be read */
	arena_of(state)->ranges[0].end += 4096;
	find_pages(state, &found, never);
	assert_false(found.complete);
	assert_false(found.cut_short);
}

static void test_lines_of_maps(void **state)
{
	__u64 start, end;

	(void)state;
	assert_int_equal(pgmap_maps_line("7f00-8000 rw-p 00000000 00:00 0 ", &start, &end), 0);
	assert_int_equal(start, 0x7f00);
	assert_int_equal(end, 0x8000);
	assert_int_equal(pgmap_maps_line("7f00 8000 rw-p", &start, &end), -EINVAL);
	assert_int_equal(pgmap_maps_line("8000-7f00 rw-p", &start, &end), -EINVAL);
	assert_int_equal(pgmap_maps_line("7f00-", &start, &end), -EINVAL);
	assert_int_equal(pgmap_maps_line("rest of a long line", &start, &end), -EINVAL);
	assert_int_equal(pgmap_maps_line("", &start, &end), -EINVAL);
}

static void test_words_of_pagemap(void **state)
{
	const __u64 present = 1ULL << 63, swapped = 1ULL << 62, soft_dirty = 1ULL << 55;

	(void)state;
	assert_true(pgmap_pagemap_pfn(0) == 0);
	assert_true(pgmap_pagemap_pfn(present | soft_dirty | 0x140000) == 0x140000);
	/* an entry of swap: in a swap file, and of a page on a device */
	assert_true(pgmap_pagemap_pfn(swapped | 0x140000 << 5 | 2) == 0);
	assert_true(pgmap_pagemap_pfn(swapped | soft_dirty | 0xfcf0000ULL << 5 | 28) == 0xfcf0000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_a_dying_pagemap_tells_its_facts),
		test(test_states_follow_from_the_reference),
		test(test_what_is_no_pagemap_is_refused),
		test(test_nobody_waits_for_an_empty_list),
		test(test_the_waiter_leads_to_its_pagemap),
		test(test_a_task_that_waits_for_something_else_leads_nowhere),
		test(test_pages_in_use_are_counted_and_sampled),
		test(test_idle_pages_of_other_types_have_one_reference),
		test(test_pages_of_nobody_are_passed_over),
		test(test_a_search_that_is_cut_short_says_so),
		cmocka_unit_test(test_lines_of_maps),
		cmocka_unit_test(test_words_of_pagemap),
	};

	return PGMAP_RUN_TESTS(tests);
}
