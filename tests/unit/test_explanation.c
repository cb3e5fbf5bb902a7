// SPDX-License-Identifier: GPL-2.0-only
/* An explanation in words: what is left is told apart by what may hold it. */
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "view/view.h"

static char *text;
static size_t size;

/* What the table view says of @why. */
static const char *say(const struct pgmap_explanation *why)
{
	struct pgmap_view_options options = { .out = NULL };
	struct pgmap_view *view;

	free(text);
	options.out = open_memstream(&text, &size);
	assert_int_equal(pgmap_view_table.open(&view, &options), 0);
	pgmap_view_table.explanation(view, why);
	pgmap_view_table.free(view);
	fclose(options.out);
	return text;
}

static struct pgmap_explanation stuck(__u64 refs, __u64 outstanding)
{
	struct pgmap_explanation why = {
		.pgmap = 0xffff888000001000, .type = PGMAP_TYPE_PRIVATE,
		.state = PGMAP_STATE_KILLED, .pages = 512, .nr_range = 1, .nr_known = 1,
		.ranges = { { 0x100000000, 0x1001fffff } }, .pages_hold_refs = true,
		.refs_known = true, .refs = refs, .pages_seen = 512, .outstanding = outstanding,
	};

	return why;
}

static void test_references_of_pages_are_said_to_be_theirs(void **state)
{
	struct pgmap_explanation why = stuck(3, 3);

	(void)state;
	assert_non_null(strstr(say(&why), "references left: 3\n"));
	assert_non_null(strstr(text, "held by the pages in use\n"));
	assert_non_null(strstr(text, "pages in use: 3 of 512 looked at\n"));
	assert_null(strstr(text, "to do: no page is in use"));
}

static void test_more_references_than_pages_are_told_apart(void **state)
{
	struct pgmap_explanation why = stuck(3, 2);

	(void)state;
	assert_non_null(strstr(say(&why), "2 by pages in use, 1 by nobody's page"));
}

static void test_references_without_any_page_have_a_suspect(void **state)
{
	struct pgmap_explanation why = stuck(1, 0);

	(void)state;
	assert_non_null(strstr(say(&why), "to do: no page is in use: look for get_dev_pagemap()"));
}

static void test_fewer_references_than_pages_are_an_error_of_their_own(void **state)
{
	struct pgmap_explanation why = stuck(1, 2);

	(void)state;
	assert_non_null(strstr(say(&why), "fewer than pages in use"));
}

static void test_nothing_is_derived_from_an_incomplete_search(void **state)
{
	struct pgmap_explanation why = stuck(3, 2);

	(void)state;
	why.unknown = 1 << PGMAP_UNKNOWN_PAGES;
	assert_null(strstr(say(&why), "by nobody's page"));
	assert_non_null(strstr(text, "not known: time was up before all its struct pages"));
}

static void test_pages_of_other_types_hold_no_reference(void **state)
{
	struct pgmap_explanation why = stuck(2, 2);

	(void)state;
	why.type = PGMAP_TYPE_GENERIC;
	why.pages_hold_refs = false;
	assert_null(strstr(say(&why), "held by the pages"));
	assert_non_null(strstr(text, "taken with get_dev_pagemap() and not put"));
}

static void test_unknown_references_are_not_shown_as_none(void **state)
{
	struct pgmap_explanation why = stuck(0, 0);

	(void)state;
	why.refs_known = false;
	why.unknown = 1 << PGMAP_UNKNOWN_REFS;
	assert_null(strstr(say(&why), "references left"));
	assert_non_null(strstr(text, "not known: its references are still counted"));
}

static void test_mappers_past_the_fourth_are_counted(void **state)
{
	struct pgmap_explanation why = stuck(1, 1);

	(void)state;
	why.nr_held = 1;
	why.held[0] = (struct pgmap_held){ .pfn = 0x100000, .refs = 6, .maps = 6, .nr_mappers = 6 };
	strcpy(why.held[0].mappers[0].comm, "touch");
	why.held[0].mappers[0].pid = 42;
	why.held[0].mappers[0].address = 0x7f0000000000;
	assert_non_null(strstr(say(&why), "mapped by touch/42 at 0x7f0000000000\n"));
	assert_non_null(strstr(text, "and 2 more\n"));
	assert_non_null(strstr(text, "to do: end the processes that map its pages"));
	assert_null(strstr(text, "more references than mappings"));
}

static void test_the_same_stack_is_shown_once(void **state)
{
	struct pgmap_explanation why = stuck(2, 2);
	int i;

	(void)state;
	why.nr_held = 2;
	for (i = 0; i < 2; i++) {
		why.held[i].allocator_known = true;
		why.held[i].allocator.nr_frames = 1;
		why.held[i].allocator.stack[0] = 0xffffffff81000123;
	}
	say(&why);
	assert_non_null(strstr(text, "0xffffffff81000123"));
	assert_null(strstr(strstr(text, "0xffffffff81000123") + 1, "0xffffffff81000123"));
	assert_non_null(strstr(text, ", as the page before\n"));
	why.held[1].allocator.stack[0]++;
	assert_null(strstr(say(&why), ", as the page before\n"));
}

static int tear_down(void **state)
{
	(void)state;
	free(text);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_references_of_pages_are_said_to_be_theirs),
		cmocka_unit_test(test_more_references_than_pages_are_told_apart),
		cmocka_unit_test(test_references_without_any_page_have_a_suspect),
		cmocka_unit_test(test_fewer_references_than_pages_are_an_error_of_their_own),
		cmocka_unit_test(test_nothing_is_derived_from_an_incomplete_search),
		cmocka_unit_test(test_pages_of_other_types_hold_no_reference),
		cmocka_unit_test(test_unknown_references_are_not_shown_as_none),
		cmocka_unit_test(test_mappers_past_the_fourth_are_counted),
		cmocka_unit_test(test_the_same_stack_is_shown_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
