// SPDX-License-Identifier: GPL-2.0-only
/* Trace records, found by the kernel's description of them, become events. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <event-parse.h>

#include "source/trace_format.h"
#include "trace_formats.h"
#include "unit.h"

enum { ROOM = 8192 };

struct bytes {
	unsigned char data[ROOM];
	size_t size;
};

/* All formats but that of @left_out, with @without in them made unknown. */
static int read_formats(struct pgmap_trace_formats *read, int left_out, const char *without,
			char why[PGMAP_WHY_LEN])
{
	struct tep_handle *tep = tep_alloc();
	char text[4096], *found;
	int i, err;

	tep_set_loglevel(TEP_LOG_NONE);
	for (i = 0; i < NR_FORMATS; i++) {
		snprintf(text, sizeof(text), "%s", formats[i]);
		found = without ? strstr(text, without) : NULL;
		if (found)
			*found = 'X';
		if (i != left_out)
			assert_int_equal(tep_parse_event(tep, text, strlen(text), "memremap"), 0);
	}
	err = pgmap_trace_formats_read(read, tep, why);
	tep_free(tep);
	return err;
}

static struct pgmap_trace_formats all_formats(void)
{
	struct pgmap_trace_formats read;
	char why[PGMAP_WHY_LEN];

	assert_int_equal(read_formats(&read, -1, NULL, why), 0);
	return read;
}

static void put(struct bytes *to, size_t offset, __u64 value, size_t size)
{
	memcpy(to->data + offset, &value, size);
	if (to->size < offset + size)
		to->size = offset + size;
}

/* Appends what a data_loc at @offset points at. */
static void put_dynamic(struct bytes *to, size_t offset, const void *what, size_t length)
{
	memcpy(to->data + to->size, what, length);
	put(to, offset, to->size | length << 16, 4);
	to->size += length;
}

/* The fixed part ends at @end. */
static struct bytes head(__u16 id, size_t end)
{
	struct bytes bytes = { .size = end };

	put(&bytes, 0, id, 2);
	put(&bytes, 4, 4711, 4);
	put(&bytes, 8, 0xffff888100000000, 8);
	put(&bytes, 16, 11, 4);
	put(&bytes, 24, 0x140000000, 8);
	put(&bytes, 32, 0x1401fffff, 8);
	put_dynamic(&bytes, 20, "test_hmm", 9);
	return bytes;
}

static struct pgmap_trace_record parse(const struct bytes *bytes)
{
	struct pgmap_trace_formats read = all_formats();
	struct pgmap_trace_record record;
	__u16 id;

	memcpy(&id, bytes->data, sizeof(id));
	assert_int_equal(pgmap_trace_parse(pgmap_trace_format_of(&read, id), bytes->data,
					   bytes->size, &record), 0);
	return record;
}

static struct bytes add_with_ranges(__u32 nr)
{
	struct bytes bytes = head(501, 80);
	struct pgmap_range ranges[200] = { 0 };
	__u32 i;

	for (i = 0; i < nr; i++)
		ranges[i] = (struct pgmap_range){ i << 20, (i << 20) + 0xfffff };
	put(&bytes, 44, nr, 4);
	put(&bytes, 48, 256 * nr, 8);
	put(&bytes, 56, -1, 4);
	put(&bytes, 60, -ENXIO, 4);
	put(&bytes, 64, 12345, 8);
	put_dynamic(&bytes, 40, "pmem0.1", 8);
	put_dynamic(&bytes, 76, ranges, nr * sizeof(ranges[0]));
	return bytes;
}

/* ---- formats ---- */

static void test_types_go_by_name(void **state)
{
	struct pgmap_trace_formats read = all_formats();

	(void)state;
	assert_int_equal(read.all[PGMAP_EVENT_ADD].types[PGMAP_TYPE_COHERENT], 12);
	assert_int_equal(read.all[PGMAP_EVENT_ADD].types[PGMAP_TYPE_FS_DAX], PGMAP_TRACE_NO_TYPE);
	assert_int_equal(read.all[PGMAP_EVENT_FAULT_EXIT].types[PGMAP_TYPE_GENERIC], 14);
}

static void test_a_missing_tracepoint_is_named(void **state)
{
	struct pgmap_trace_formats read;
	char why[PGMAP_WHY_LEN];

	(void)state;
	assert_int_equal(read_formats(&read, 5, NULL, why), -ENOENT);
	assert_non_null(strstr(why, "no tracepoint memremap:pgmap_page_free"));
}

static void test_a_missing_field_is_named(void **state)
{
	struct pgmap_trace_formats read;
	char why[PGMAP_WHY_LEN];

	(void)state;
	assert_int_equal(read_formats(&read, -1, "setup_ns;", why), -ENOTSUP);
	assert_non_null(strstr(why, "memremap:pgmap_add have no field setup_ns"));
}

static void test_a_field_of_another_size_is_named(void **state)
{
	struct pgmap_trace_formats read;
	struct tep_handle *tep = tep_alloc();
	char why[PGMAP_WHY_LEN], text[4096];
	int i;

	(void)state;
	for (i = 0; i < NR_FORMATS; i++) {
		snprintf(text, sizeof(text), "%s", formats[i]);
		if (i == 7)
			strstr(strstr(text, "result"), "size:4")[5] = '2';
		assert_int_equal(tep_parse_event(tep, text, strlen(text), "memremap"), 0);
	}
	assert_int_equal(pgmap_trace_formats_read(&read, tep, why), -ENOTSUP);
	assert_non_null(strstr(why, "memremap:pgmap_fault_exit have another kind of field result"));
	tep_free(tep);
}

static void test_a_foreign_event_has_no_format(void **state)
{
	struct pgmap_trace_formats read = all_formats();

	(void)state;
	assert_null(pgmap_trace_format_of(&read, 500));
	assert_null(pgmap_trace_format_of(&read, 0));
}

/* ---- records ---- */

static void test_an_add(void **state)
{
	struct bytes bytes = add_with_ranges(2);
	struct pgmap_trace_record record = parse(&bytes);
	const struct pgmap_event *ev = &record.ev;
	struct pgmap_event more;

	(void)state;
	assert_int_equal(ev->event, PGMAP_EVENT_ADD);
	assert_int_equal(ev->tid, 4711);
	assert_int_equal(ev->pgmap, 0xffff888100000000);
	assert_int_equal(ev->type, PGMAP_TYPE_PRIVATE);
	assert_string_equal(ev->u.add.driver, "test_hmm");
	assert_string_equal(ev->u.add.device, "pmem0.1");
	assert_int_equal(ev->u.add.nr_range, 2);
	assert_int_equal(ev->u.add.nr_here, 2);
	assert_int_equal(ev->u.add.pages, 512);
	assert_int_equal(ev->u.add.node, -1);
	assert_int_equal(ev->u.add.error, -ENXIO);
	assert_int_equal(ev->u.add.setup_ns, 12345);
	assert_int_equal(ev->u.add.ranges[1].start, 0x100000);
	assert_int_equal(ev->u.add.ranges[1].end, 0x1fffff);
	assert_int_equal(pgmap_trace_more(&record, PGMAP_ADD_RANGES, &more), 0);
}

static void test_further_ranges_follow(void **state)
{
	struct bytes bytes = add_with_ranges(15);
	struct pgmap_trace_record record = parse(&bytes);
	struct pgmap_event more;

	(void)state;
	assert_int_equal(record.ev.u.add.nr_here, PGMAP_ADD_RANGES);
	assert_int_equal(pgmap_trace_more(&record, 4, &more), PGMAP_MORE_RANGES);
	assert_int_equal(more.event, PGMAP_EVENT_RANGE);
	assert_int_equal(more.u.range.first, 4);
	assert_int_equal(more.u.range.ranges[0].start, 4 << 20);
	assert_int_equal(more.u.range.ranges[8].start, 12 << 20);
	assert_int_equal(pgmap_trace_more(&record, 13, &more), 2);
	assert_int_equal(more.u.range.ranges[1].start, 14 << 20);
	assert_int_equal(pgmap_trace_more(&record, 15, &more), 0);
}

static void test_ranges_past_the_limit_are_not_told(void **state)
{
	struct bytes bytes = add_with_ranges(140);
	struct pgmap_trace_record record = parse(&bytes);

	(void)state;
	assert_int_equal(record.ev.u.add.nr_range, 140);
	assert_int_equal(record.nr_ranges, PGMAP_MAX_RANGES);
}

static void test_an_add_that_was_refused_has_no_ranges(void **state)
{
	struct bytes bytes = add_with_ranges(0);
	struct pgmap_trace_record record = parse(&bytes);

	(void)state;
	assert_int_equal(record.ev.u.add.nr_here, 0);
	assert_int_equal(record.ev.u.add.error, -ENXIO);
}

static void test_a_kill_of_either_kind(void **state)
{
	struct bytes bytes = head(502, 41);
	struct pgmap_trace_record record = parse(&bytes);

	(void)state;
	assert_int_equal(record.ev.event, PGMAP_EVENT_KILL);
	assert_int_equal(record.ev.flags, 0);
	put(&bytes, 40, 1, 1);
	record = parse(&bytes);
	assert_int_equal(record.ev.flags, PGMAP_FLAG_ADDING);
}

static void test_pages(void **state)
{
	struct bytes bytes = head(505, 56);
	struct pgmap_trace_record record;

	(void)state;
	put(&bytes, 40, 0xfcf8000, 8);
	put(&bytes, 48, 512, 8);
	record = parse(&bytes);
	assert_int_equal(record.ev.event, PGMAP_EVENT_PAGE_ALLOC);
	assert_int_equal(record.ev.u.page.pfn, 0xfcf8000);
	assert_int_equal(record.ev.u.page.pages, 512);
	assert_int_equal(record.ev.u.page.address, 0);
}

static void test_faults(void **state)
{
	struct bytes bytes = head(508, 60);
	struct pgmap_trace_record record;

	(void)state;
	put(&bytes, 40, 0x7f0000001000, 8);
	put(&bytes, 48, 0xfcf8000, 8);
	put(&bytes, 56, 2, 4);
	record = parse(&bytes);
	assert_int_equal(record.ev.event, PGMAP_EVENT_FAULT_EXIT);
	assert_int_equal(record.ev.u.page.address, 0x7f0000001000);
	assert_int_equal(record.ev.u.page.pfn, 0xfcf8000);
	assert_int_equal(record.ev.u.page.result, 2);
	assert_int_equal(record.ev.u.page.pages, 0);
}

static void test_a_type_without_a_name_is_none(void **state)
{
	struct bytes bytes = head(503, 40);

	(void)state;
	put(&bytes, 16, 13, 4);
	assert_int_equal(parse(&bytes).ev.type, PGMAP_TYPE_NONE);
	put(&bytes, 16, 0xffffffff, 4);
	assert_int_equal(parse(&bytes).ev.type, PGMAP_TYPE_NONE);
}

static void test_a_long_name_is_cut(void **state)
{
	static const char name[] = "a_driver_with_a_name_of_more_than_32_characters";
	struct bytes bytes = head(503, 40);
	struct pgmap_trace_record record;

	(void)state;
	put_dynamic(&bytes, 20, name, sizeof(name));
	record = parse(&bytes);
	assert_int_equal(strlen(record.driver), PGMAP_NAME_LEN - 1);
	assert_memory_equal(record.driver, name, PGMAP_NAME_LEN - 1);
}

static void test_a_pagemap_seen_first_in_the_middle(void **state)
{
	struct bytes bytes = head(504, 40);
	struct pgmap_trace_record record = parse(&bytes);
	struct pgmap_event seen = pgmap_trace_seen(&record);

	(void)state;
	assert_int_equal(seen.event, PGMAP_EVENT_SEEN);
	assert_int_equal(seen.pgmap, record.ev.pgmap);
	assert_int_equal(seen.type, PGMAP_TYPE_PRIVATE);
	assert_string_equal(seen.u.add.driver, "test_hmm");
	assert_int_equal(seen.u.add.nr_here, 1);
	assert_int_equal(seen.u.add.ranges[0].end, 0x1401fffff);
	/* how many there are its records do not say */
	assert_int_equal(seen.u.add.nr_range, 0);
	assert_int_equal(seen.u.add.pages, 0);
}

/* Every beginning of a record but the whole one is refused, and read no further. */
static void test_a_record_cut_short_is_refused(void **state)
{
	struct pgmap_trace_formats read = all_formats();
	struct bytes bytes = add_with_ranges(5);
	struct pgmap_trace_record record;
	unsigned char *exact;
	size_t size;

	(void)state;
	for (size = 0; size < bytes.size; size++) {
		/* of its own, so that the sanitizer sees a step too far */
		exact = test_malloc(size + 1);
		memcpy(exact + 1, bytes.data, size);
		assert_int_equal(pgmap_trace_parse(&read.all[PGMAP_EVENT_ADD], exact + 1, size,
						   &record), -EBADMSG);
		test_free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types_go_by_name),
		cmocka_unit_test(test_a_missing_tracepoint_is_named),
		cmocka_unit_test(test_a_missing_field_is_named),
		cmocka_unit_test(test_a_field_of_another_size_is_named),
		cmocka_unit_test(test_a_foreign_event_has_no_format),
		cmocka_unit_test(test_an_add),
		cmocka_unit_test(test_further_ranges_follow),
		cmocka_unit_test(test_ranges_past_the_limit_are_not_told),
		cmocka_unit_test(test_an_add_that_was_refused_has_no_ranges),
		cmocka_unit_test(test_a_kill_of_either_kind),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_a_type_without_a_name_is_none),
		cmocka_unit_test(test_a_long_name_is_cut),
		cmocka_unit_test(test_a_pagemap_seen_first_in_the_middle),
		cmocka_unit_test(test_a_record_cut_short_is_refused),
	};

	return PGMAP_RUN_TESTS(tests);
}
