// SPDX-License-Identifier: GPL-2.0-only
/* What recordings are read and written with: marks, names of threads, order of perf's rounds. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/perf_event.h>
#include <zstd.h>

#include "source/bytes.h"
#include "source/marks.h"
#include "source/older.h"
#include "source/perf_packed.h"
#include "source/perf_queue.h"
#include "source/thread_names.h"
#include "source/trace_dat.h"
#include "unit.h"

/* ---- marks ---- */

static struct pgmap_mark read_mark(const char *text)
{
	struct pgmap_mark mark;

	pgmap_mark_read(text, strlen(text), &mark);
	return mark;
}

static void test_a_mark_comes_back_as_it_was_written(void **state)
{
	struct pgmap_mark mark = {
		.kind = PGMAP_MARK_OLDER,
		.older = {
			.pgmap = 0xffff888100000000, .pages = 512, .type = PGMAP_TYPE_COHERENT,
			.nr_range = 2, .nr_here = 2, .driver = "a driver", .device = "0000:00:01.0",
			.ranges = { { 0x140000000, 0x1400fffff }, { 0x150000000, 0x1500fffff } },
		},
	}, back;
	char text[PGMAP_MARK_LEN];

	(void)state;
	pgmap_mark_write(&mark, text);
	back = read_mark(text);
	assert_memory_equal(&mark, &back, sizeof(mark));
	mark = (struct pgmap_mark){ .kind = PGMAP_MARK_END, .complete = true, .lost = 7 };
	pgmap_mark_write(&mark, text);
	back = read_mark(text);
	assert_memory_equal(&mark, &back, sizeof(mark));
}

static void test_a_name_cannot_end_its_value(void **state)
{
	struct pgmap_mark mark = {
		.kind = PGMAP_MARK_OLDER,
		.older = { .pgmap = 1, .driver = "x\tpgmap=0x2", .device = "y\nz" },
	};
	char text[PGMAP_MARK_LEN];

	(void)state;
	pgmap_mark_write(&mark, text);
	assert_int_equal(read_mark(text).older.pgmap, 1);
	assert_string_equal(read_mark(text).older.driver, "x?pgmap=0x2");
}

static void test_all_ranges_that_can_be_fit_into_a_line(void **state)
{
	struct pgmap_mark mark = {
		.kind = PGMAP_MARK_OLDER,
		.older = { .pgmap = ~0ULL, .nr_range = 128, .nr_here = PGMAP_MAX_RANGES },
	}, back;
	char text[PGMAP_MARK_LEN];
	__u32 i;

	(void)state;
	for (i = 0; i < PGMAP_MAX_RANGES; i++)
		mark.older.ranges[i] = (struct pgmap_range){ ~0ULL - 1, ~0ULL };
	pgmap_mark_write(&mark, text);
	back = read_mark(text);
	assert_int_equal(back.older.nr_range, 128);
	assert_true(back.older.nr_here >= 72);
	assert_memory_equal(mark.older.ranges, back.older.ranges,
			    back.older.nr_here * sizeof(mark.older.ranges[0]));
}

static void test_what_is_no_mark_is_none(void **state)
{
	static const char *const texts[] = {
		"", "pgmapstat", "pgmapstat:", "pgmapstat:older", "pgmapstat:older\tpgmap=0x0",
		"pgmapstat:olderly\tpgmap=0x1", "hello pgmapstat:end",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(read_mark(texts[i]).kind, PGMAP_MARK_NONE);
}

static void test_the_ranges_of_an_older_one_are_told_in_parts(void **state)
{
	struct pgmap_source_older older = { .pgmap = 1, .nr_range = 15, .nr_here = 15 };
	struct pgmap_event ev;

	(void)state;
	older.ranges[14].end = 99;
	assert_int_equal(pgmap_older_seen(&older, 5).u.add.nr_here, PGMAP_ADD_RANGES);
	assert_int_equal(pgmap_older_more(&older, 4, 5, &ev), 9);
	assert_int_equal(pgmap_older_more(&older, 13, 5, &ev), 2);
	assert_int_equal(ev.u.range.ranges[1].end, 99);
	assert_int_equal(pgmap_older_more(&older, 15, 5, &ev), 0);
}

/* ---- names ---- */

static void test_names_are_found_by_thread(void **state)
{
	struct pgmap_thread_names names = { 0 };
	struct pgmap_event ev = { .tid = 300 };
	char lines[] = "1 init\n300 a b c\nnonsense\n0 idle\n77\n", name[16];
	__u32 tid;

	(void)state;
	assert_int_equal(pgmap_thread_names_read(&names, lines), 0);
	assert_int_equal(names.nr, 2);
	for (tid = 1000; tid < 3000; tid++) {
		snprintf(name, sizeof(name), "t%u", tid);
		assert_int_equal(pgmap_thread_names_note(&names, tid, tid / 2, name), 0);
	}
	pgmap_thread_names_fill(&names, &ev, 0);
	assert_string_equal(ev.comm, "a b c");
	assert_int_equal(ev.pid, 0);
	ev.tid = 2999;
	pgmap_thread_names_fill(&names, &ev, 0);
	assert_string_equal(ev.comm, "t2999");
	assert_int_equal(ev.pid, 1499);
	ev = (struct pgmap_event){ .tid = 5 };
	pgmap_thread_names_fill(&names, &ev, 0);
	assert_string_equal(ev.comm, "");
	ev.tid = 0;
	pgmap_thread_names_fill(&names, &ev, 3);
	assert_string_equal(ev.comm, "swapper/3");
	pgmap_thread_names_free(&names);
}

/* ---- bytes ---- */

static void test_past_the_end_everything_is_zero_and_noted(void **state)
{
	static const char memory[] = "ab\0cd";
	struct pgmap_bytes bytes = pgmap_bytes_of_memory(memory, 5);
	char text[3];

	(void)state;
	pgmap_bytes_text(&bytes, text, sizeof(text));
	assert_string_equal(text, "ab");
	assert_int_equal(pgmap_bytes_32(&bytes), 0);
	assert_true(bytes.failed);
	assert_int_equal(pgmap_bytes_16(&bytes), 0);
	assert_null(pgmap_bytes_copy(&bytes, 1, 10));
	bytes = pgmap_bytes_of_memory(memory, 5);
	assert_null(pgmap_bytes_copy(&bytes, ~0ULL, ~0ULL));
}

/* ---- order ---- */

static void push(struct pgmap_perf_queue *queue, __u64 time_ns, __u16 type)
{
	struct pgmap_perf_item item = { .time_ns = time_ns, .type = type, .size = 4 };

	assert_int_equal(pgmap_perf_queue_push(queue, &item, "abc"), 0);
}

static __u16 pop(struct pgmap_perf_queue *queue, __u64 until_ns)
{
	struct pgmap_perf_item *item = pgmap_perf_queue_pop(queue, until_ns);
	__u16 type = item ? item->type : 0;

	if (item)
		assert_string_equal((const char *)item->data, "abc");
	free(item);
	return type;
}

static void test_rounds_come_out_in_order_of_time(void **state)
{
	struct pgmap_perf_queue queue = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 3000; i++)
		push(&queue, 1 + i * 7919 % 3000, 1 + i * 7919 % 3000);
	for (i = 1; i <= 2000; i++)
		assert_int_equal(pop(&queue, 2000), i);
	assert_int_equal(pop(&queue, 2000), 0);
	push(&queue, 2001, 9999);
	assert_int_equal(pop(&queue, 5000), 2001);
	assert_int_equal(pop(&queue, 5000), 9999);
	pgmap_perf_queue_free(&queue);
	assert_int_equal(pop(&queue, ~0ULL), 0);
}

/* ---- packing ---- */

static void test_what_does_not_unpack_is_an_error(void **state)
{
	/* "hello" as zlib packs it */
	static const unsigned char packed[] = {
		0x78, 0x9c, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x06, 0x2c, 0x02, 0x15,
	};
	enum pgmap_dat_packing packing;
	char text[6] = "";

	(void)state;
	assert_int_equal(pgmap_dat_packing_of("zlib", &packing), 0);
	assert_int_equal(pgmap_dat_unpack(packing, packed, sizeof(packed), text, 5), 0);
	assert_string_equal(text, "hello");
	assert_int_equal(pgmap_dat_unpack(packing, packed, sizeof(packed), text, 4), -EBADMSG);
	assert_int_equal(pgmap_dat_unpack(packing, packed, sizeof(packed) - 1, text, 5), -EBADMSG);
	assert_int_equal(pgmap_dat_packing_of("zstd", &packing), 0);
	assert_int_equal(pgmap_dat_unpack(packing, packed, sizeof(packed), text, 5), -EBADMSG);
	assert_int_equal(pgmap_dat_packing_of("lzma", &packing), -ENOTSUP);
}

/* ---- packed records of perf.data ---- */

enum { NR_PACKED = 40, LARGEST = 65528 };

struct packing {
	unsigned char plain[NR_PACKED * LARGEST / 4];
	size_t nr_plain;
	unsigned char packed[NR_PACKED * LARGEST / 4];
	size_t nr_packed;
};

/* A record of @size bytes, of which each behind the header is @fill. */
static void put_raw(struct packing *packing, __u32 type, __u16 size, unsigned char fill)
{
	struct perf_event_header header = { .type = type, .size = size };

	assert_true(packing->nr_plain + size <= sizeof(packing->plain));
	memcpy(packing->plain + packing->nr_plain, &header, sizeof(header));
	memset(packing->plain + packing->nr_plain + sizeof(header), fill, size - sizeof(header));
	packing->nr_plain += size;
}

/* All of it in one stream. */
static void pack(struct packing *packing)
{
	ZSTD_CCtx *stream = ZSTD_createCCtx();
	ZSTD_inBuffer from = { packing->plain, packing->nr_plain, 0 };
	ZSTD_outBuffer to = { packing->packed, sizeof(packing->packed), 0 };

	assert_non_null(stream);
	assert_int_equal(ZSTD_compressStream2(stream, &to, &from, ZSTD_e_flush), 0);
	packing->nr_packed = to.pos;
	ZSTD_freeCCtx(stream);
}

static struct packing *new_packing(void)
{
	struct packing *packing = calloc(1, sizeof(*packing));

	assert_non_null(packing);
	return packing;
}

/* Takes what comes of pieces of @size bytes. Returns how many records, or a negative errno. */
static int take_pieces(struct pgmap_perf_packed *packed, const struct packing *packing, size_t size)
{
	size_t at, here;
	struct pgmap_perf_raw record;
	int got = 0, nr = 0, i;

	for (at = 0; at < packing->nr_packed && !got; at += here) {
		here = packing->nr_packed - at < size ? packing->nr_packed - at : size;
		assert_int_equal(pgmap_perf_packed_put(packed, packing->packed + at, here), 0);
		while ((got = pgmap_perf_packed_take(packed, &record)) > 0) {
			assert_int_equal(record.type, nr + 1);
			assert_int_equal(record.body[record.size - 1], nr);
			nr++;
		}
		/* however often it is asked, no more comes */
		for (i = 0; i < 20 && !got; i++)
			assert_int_equal(pgmap_perf_packed_take(packed, &record), 0);
	}
	return got < 0 ? got : nr;
}

static void test_packed_records_go_on_in_the_next_piece(void **state)
{
	static const size_t sizes[] = { 1, 7, 99, 65536 };
	struct packing *packing = new_packing();
	struct pgmap_perf_packed packed;
	size_t i;
	int nr;

	(void)state;
	for (nr = 0; nr < NR_PACKED; nr++)
		put_raw(packing, nr + 1, nr % 10 == 3 ? LARGEST : 16 + 8 * nr, nr);
	pack(packing);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		memset(&packed, 0, sizeof(packed));
		assert_int_equal(take_pieces(&packed, packing, sizes[i]), NR_PACKED);
		assert_true(pgmap_perf_packed_is_over(&packed));
		pgmap_perf_packed_free(&packed);
	}
	free(packing);
}

static void test_packed_records_that_end_early_are_not_over(void **state)
{
	struct packing *packing = new_packing();
	struct pgmap_perf_packed packed = { 0 };

	(void)state;
	put_raw(packing, 1, 64, 0);
	put_raw(packing, 2, 64, 1);
	packing->nr_plain -= 8;
	pack(packing);
	assert_int_equal(take_pieces(&packed, packing, 65536), 1);
	assert_false(pgmap_perf_packed_is_over(&packed));
	pgmap_perf_packed_free(&packed);
	free(packing);
}

static void test_what_is_packed_wrongly_is_damaged(void **state)
{
	struct packing *packing = new_packing();
	struct pgmap_perf_packed packed = { 0 };

	(void)state;
	put_raw(packing, 1, 64, 0);
	pack(packing);
	packing->packed[0] ^= 1;
	assert_int_equal(take_pieces(&packed, packing, 65536), -EBADMSG);
	pgmap_perf_packed_free(&packed);
	/* a record that is smaller than its header */
	packing->nr_plain = 0;
	put_raw(packing, 1, 64, 0);
	packing->plain[6] = 7;
	pack(packing);
	assert_int_equal(take_pieces(&packed, packing, 65536), -EBADMSG);
	pgmap_perf_packed_free(&packed);
	free(packing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_mark_comes_back_as_it_was_written),
		cmocka_unit_test(test_a_name_cannot_end_its_value),
		cmocka_unit_test(test_all_ranges_that_can_be_fit_into_a_line),
		cmocka_unit_test(test_what_is_no_mark_is_none),
		cmocka_unit_test(test_the_ranges_of_an_older_one_are_told_in_parts),
		cmocka_unit_test(test_names_are_found_by_thread),
		cmocka_unit_test(test_past_the_end_everything_is_zero_and_noted),
		cmocka_unit_test(test_rounds_come_out_in_order_of_time),
		cmocka_unit_test(test_what_does_not_unpack_is_an_error),
		cmocka_unit_test(test_packed_records_go_on_in_the_next_piece),
		cmocka_unit_test(test_packed_records_that_end_early_are_not_over),
		cmocka_unit_test(test_what_is_packed_wrongly_is_damaged),
	};

	return PGMAP_RUN_TESTS(tests);
}
