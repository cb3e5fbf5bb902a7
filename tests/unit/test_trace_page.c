// SPDX-License-Identifier: GPL-2.0-only
/* Pages of trace buffers, whole and damaged, become records or an error. */
#include <errno.h>
#include <string.h>

#include "source/trace_page.h"
#include "unit.h"

enum { SIZE = 4096 };

enum { PADDING = 29, EXTEND = 30, STAMP = 31 };

struct page {
	__u64 time_ns;
	__u64 length;
	unsigned char data[SIZE - PGMAP_TRACE_PAGE_HEAD];
};

static void put(struct page *page, __u32 word)
{
	memcpy(page->data + page->length, &word, sizeof(word));
	page->length += sizeof(word);
}

static __u32 word(__u32 type, __u32 delta)
{
	return type | delta << 5;
}

struct result {
	int ended;		/* what the last call returned */
	__u32 nr;
	__u32 first[4];		/* word of each record */
	size_t sizes[4];
	__u64 times[4];
	__u64 lost;
};

static struct result read_all(const struct page *page, size_t size)
{
	struct result result = { 0 };
	struct pgmap_trace_page one;
	const void *data;
	size_t length;

	result.ended = pgmap_trace_page_open(&one, page, size);
	if (result.ended)
		return result;
	result.lost = one.lost;
	while ((result.ended = pgmap_trace_page_next(&one, &data, &length)) > 0) {
		assert_true(result.nr < 4);
		memcpy(&result.first[result.nr], data, sizeof(__u32));
		result.sizes[result.nr] = length;
		result.times[result.nr++] = one.time_ns;
	}
	return result;
}

static void test_times_add_up(void **state)
{
	struct page page = { .time_ns = 1000 };
	struct result result;

	(void)state;
	put(&page, word(1, 10));
	put(&page, 7);
	put(&page, word(2, 5));
	put(&page, 8);
	put(&page, 0);
	result = read_all(&page, SIZE);
	assert_int_equal(result.ended, 0);
	assert_int_equal(result.nr, 2);
	assert_int_equal(result.times[0], 1010);
	assert_int_equal(result.times[1], 1015);
	assert_int_equal(result.first[1], 8);
	assert_int_equal(result.sizes[1], 8);
}

static void test_a_long_record_has_its_length_in_front(void **state)
{
	struct page page = { .time_ns = 1000 };
	struct result result;
	int i;

	(void)state;
	put(&page, word(0, 1));
	put(&page, 4 + 160);
	for (i = 0; i < 40; i++)
		put(&page, i + 1);
	put(&page, word(1, 1));
	put(&page, 9);
	result = read_all(&page, SIZE);
	assert_int_equal(result.nr, 2);
	assert_int_equal(result.sizes[0], 160);
	assert_int_equal(result.first[0], 1);
	assert_int_equal(result.first[1], 9);
}

static void test_long_gaps_have_words_of_their_own(void **state)
{
	struct page page = { .time_ns = 1ULL << 60 };
	struct result result;

	(void)state;
	put(&page, word(EXTEND, 3));
	put(&page, 2);
	put(&page, word(1, 4));
	put(&page, 1);
	put(&page, word(STAMP, 5));
	put(&page, 1);
	put(&page, word(1, 6));
	put(&page, 2);
	result = read_all(&page, SIZE);
	assert_int_equal(result.nr, 2);
	assert_int_equal(result.times[0], (1ULL << 60) + (2ULL << 27) + 3 + 4);
	/* of a stamp the upper five bits are those of before */
	assert_int_equal(result.times[1], (1ULL << 60) + (1ULL << 27) + 5 + 6);
}

static void test_what_was_discarded_is_passed_over(void **state)
{
	struct page page = { .time_ns = 1000 };
	struct result result;

	(void)state;
	put(&page, word(PADDING, 1));
	put(&page, 12);	/* it counts itself */
	put(&page, 0xdead);
	put(&page, 0xdead);
	put(&page, word(1, 10));
	put(&page, 5);
	put(&page, word(PADDING, 0));
	put(&page, 0xffffffff);
	result = read_all(&page, SIZE);
	assert_int_equal(result.ended, 0);
	assert_int_equal(result.nr, 1);
	assert_int_equal(result.first[0], 5);
	assert_int_equal(result.times[0], 1011);
}

static void test_missing_records_are_counted(void **state)
{
	struct page page = { .time_ns = 1000 };
	__u64 lost = 77;

	(void)state;
	put(&page, word(1, 10));
	put(&page, 5);
	memcpy(page.data + page.length, &lost, sizeof(lost));
	page.length |= 1U << 31;
	assert_int_equal(read_all(&page, SIZE).lost, 1);
	page.length |= 1U << 30;
	assert_int_equal(read_all(&page, SIZE).lost, 77);
	assert_int_equal(read_all(&page, SIZE).nr, 1);
}

static void test_damage_is_an_error(void **state)
{
	struct page page = { .time_ns = 1000, .length = SIZE };

	(void)state;
	assert_int_equal(read_all(&page, SIZE).ended, -EBADMSG);
	assert_int_equal(read_all(&page, PGMAP_TRACE_PAGE_HEAD - 1).ended, -EBADMSG);
	page.length = 0;
	put(&page, word(9, 0));
	assert_int_equal(read_all(&page, SIZE).ended, -EBADMSG);
	page.length = 0;
	put(&page, word(0, 0));
	assert_int_equal(read_all(&page, SIZE).ended, -EBADMSG);
	put(&page, 3);
	assert_int_equal(read_all(&page, SIZE).ended, -EBADMSG);
	page.length = 0;
	put(&page, word(EXTEND, 1));
	assert_int_equal(read_all(&page, SIZE).ended, -EBADMSG);
	page.length = 0;
	put(&page, word(PADDING, 1));
	put(&page, ~0U);
	assert_int_equal(read_all(&page, SIZE).ended, -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times_add_up),
		cmocka_unit_test(test_a_long_record_has_its_length_in_front),
		cmocka_unit_test(test_long_gaps_have_words_of_their_own),
		cmocka_unit_test(test_what_was_discarded_is_passed_over),
		cmocka_unit_test(test_missing_records_are_counted),
		cmocka_unit_test(test_damage_is_an_error),
	};

	return PGMAP_RUN_TESTS(tests);
}
