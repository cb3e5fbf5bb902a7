// SPDX-License-Identifier: GPL-2.0-only
/* What of the tracefs source needs no kernel: order over CPUs, losses, names, what is known. */
#include <string.h>
#include <sys/epoll.h>
#include <kbuffer.h>
#include <unistd.h>

#include "source/addresses.h"
#include "source/clock.h"
#include "source/tracefs.h"
#include "unit.h"

enum { PAGE = 4096, CPUS = 3, RECORD = 12 };	/* bytes */

/* ---- one page of a trace buffer ---- */

struct page {
	__u64 time_ns;
	__u64 length;
	unsigned char data[PAGE - 16];
};

/* A record with nothing in it but a number, and thread 0; @delta_ns after the one before. */
static void put_record(struct page *page, __u32 delta_ns, __u32 number)
{
	__u32 words[1 + RECORD / 4] = { RECORD / 4 | delta_ns << 5, number };

	memcpy(page->data + page->length, words, sizeof(words));
	page->length += sizeof(words);
}

struct buffers {
	struct pgmap_trace_cpu all[CPUS];
	struct pgmap_tasks tasks;
	struct pgmap_trace_cpus cpus;
	int ends[CPUS];		/* to write to */
};

static int open_buffers(void **state)
{
	static struct buffers buffers;
	int i, ends[2];

	memset(&buffers, 0, sizeof(buffers));
	pgmap_tasks_init(&buffers.tasks, -1);
	buffers.cpus = (struct pgmap_trace_cpus){
		.all = buffers.all, .nr = CPUS, .epoll = epoll_create1(0), .page_size = PAGE,
		.pid_offset = 4, .tasks = &buffers.tasks,
	};
	for (i = 0; i < CPUS; i++) {
		assert_int_equal(pipe(ends), 0);
		buffers.ends[i] = ends[1];
		buffers.all[i] = (struct pgmap_trace_cpu){
			.cpu = i, .fd = ends[0], .stats = -1, .ready = true,
			.kbuffer = kbuffer_alloc(KBUFFER_LSIZE_SAME_AS_HOST,
						 KBUFFER_ENDIAN_SAME_AS_HOST),
			.page = test_malloc(PAGE),
		};
	}
	*state = &buffers;
	return 0;
}

/* Nothing more will come of any: then a read does not wait. */
static void end_input(struct buffers *buffers)
{
	int i;

	for (i = 0; i < CPUS; i++)
		close(buffers->ends[i]);
}

static int close_buffers(void **state)
{
	struct buffers *buffers = *state;
	int i;

	for (i = 0; i < CPUS; i++) {
		close(buffers->all[i].fd);
		kbuffer_free(buffers->all[i].kbuffer);
		test_free(buffers->all[i].page);
	}
	close(buffers->cpus.epoll);
	return 0;
}

static void send(struct buffers *buffers, int cpu, const struct page *page)
{
	assert_int_equal(write(buffers->ends[cpu], page, sizeof(*page)), sizeof(*page));
}

/* The number in the oldest record, which is taken out; 0: none is left. */
static __u32 take(struct buffers *buffers, __u64 *time_ns)
{
	struct pgmap_trace_cpu *cpu = pgmap_trace_cpus_oldest(&buffers->cpus);
	__u32 number;

	if (!cpu)
		return 0;
	assert_int_equal(cpu->size, RECORD);
	memcpy(&number, cpu->data, sizeof(number));
	*time_ns = cpu->time_ns;
	assert_int_equal(pgmap_trace_cpus_step(&buffers->cpus, cpu, 1), 0);
	return number;
}

static void test_records_of_all_cpus_come_in_order_of_time(void **state)
{
	struct page early = { .time_ns = 1000 }, late = { .time_ns = 5000 }, other = { 0 };
	struct buffers *buffers = *state;
	__u64 time;
	__u32 i;

	put_record(&early, 10, 1);	/* 1010 */
	put_record(&early, 90, 3);	/* 1100 */
	put_record(&late, 0, 6);	/* 5000 */
	other.time_ns = 1050;
	put_record(&other, 0, 2);	/* 1050 */
	put_record(&other, 1000, 4);	/* 2050 */
	put_record(&other, 100, 5);	/* 2150 */
	send(buffers, 2, &early);
	send(buffers, 2, &late);
	send(buffers, 0, &other);
	end_input(buffers);
	assert_int_equal(pgmap_trace_cpus_fill(&buffers->cpus, true, 1), 0);
	for (i = 1; i <= 6; i++)
		assert_int_equal(take(buffers, &time), i);
	assert_int_equal(time, 5000);
	assert_int_equal(take(buffers, &time), 0);
}

static void test_an_empty_page_is_passed_over(void **state)
{
	struct page nothing = { .time_ns = 1000 }, one = { .time_ns = 2000 };
	struct buffers *buffers = *state;
	__u64 time;

	put_record(&one, 7, 1);
	send(buffers, 1, &nothing);
	send(buffers, 1, &one);
	end_input(buffers);
	assert_int_equal(pgmap_trace_cpus_fill(&buffers->cpus, true, 1), 0);
	assert_int_equal(take(buffers, &time), 1);
	assert_int_equal(time, 2007);
	assert_int_equal(take(buffers, &time), 0);
}

/* ---- losses ---- */

static void test_all_that_found_no_room_is_lost(void **state)
{
	(void)state;
	assert_int_equal(pgmap_trace_stats_lost("entries: 70\noverrun: 3\ncommit overrun: 20\n"
						"bytes: 4000\ndropped events: 100\n"
						"read events: 7000\n"), 123);
	assert_int_equal(pgmap_trace_stats_lost("entries: 5\noverrun: 0\ncommit overrun: 0\n"
						"dropped events: 0\nread events: 1\n"), 0);
}

/* ---- threads ---- */

static void test_a_name_is_found_by_its_whole_number(void **state)
{
	static const char lines[] = "1234 wrong\n123 a name\n12 short\n7 sixteen_letters_x\n";
	char comm[PGMAP_COMM_LEN] = "";

	(void)state;
	assert_true(pgmap_tasks_find_name(lines, 123, comm));
	assert_string_equal(comm, "a name");
	assert_true(pgmap_tasks_find_name(lines, 7, comm));
	assert_string_equal(comm, "sixteen_letters");
	assert_false(pgmap_tasks_find_name(lines, 1, comm));
	assert_false(pgmap_tasks_find_name("", 12, comm));
}

static void test_who_is_gone_stays_unknown(void **state)
{
	struct pgmap_event ev = { .tid = 0x7fffffff };	/* larger than any thread's */
	static struct pgmap_tasks tasks;

	(void)state;
	pgmap_tasks_init(&tasks, -1);
	pgmap_tasks_fill(&tasks, &ev, 0, 1);
	assert_int_equal(ev.pid, 0);
	assert_string_equal(ev.comm, "");
}

static void test_nobody_is_the_cpu_s_idle_thread(void **state)
{
	struct pgmap_event ev = { .tid = 0 };
	static struct pgmap_tasks tasks;

	(void)state;
	pgmap_tasks_init(&tasks, -1);
	pgmap_tasks_fill(&tasks, &ev, 3, 1);
	assert_string_equal(ev.comm, "swapper/3");
}

static void test_we_are_found_unless_numbers_mean_something_else(void **state)
{
	struct pgmap_event ev = { .tid = getpid() };
	static struct pgmap_tasks tasks;

	(void)state;
	pgmap_tasks_init(&tasks, -1);
	tasks.foreign = false;
	pgmap_tasks_fill(&tasks, &ev, 0, 1);
	assert_int_equal(ev.pid, getpid());
	assert_string_equal(ev.comm, "test_tracefs");
	pgmap_tasks_init(&tasks, -1);
	tasks.foreign = true;
	pgmap_tasks_fill(&tasks, &ev, 0, 1);
	assert_int_equal(ev.pid, 0);
}

/* ---- pagemaps that are known ---- */

static void test_an_address_is_new_once(void **state)
{
	struct pgmap_addresses addresses = { 0 };
	__u64 i;

	(void)state;
	for (i = 1; i <= 10000; i++)
		assert_int_equal(pgmap_addresses_note(&addresses, i << 6), 1);
	for (i = 1; i <= 10000; i++)
		assert_int_equal(pgmap_addresses_note(&addresses, i << 6), 0);
	assert_int_equal(addresses.nr, 10000);
	pgmap_addresses_free(&addresses);
}

/* ---- older pagemaps ---- */

struct told {
	__u64 all[8];
	__u64 time_ns[8];
	int nr;
	int ranges;
};

static int tell(void *context, const struct pgmap_event *ev)
{
	struct told *told = context;

	if (ev->event == PGMAP_EVENT_RANGE)
		told->ranges += ev->u.range.nr_here;
	if (ev->event != PGMAP_EVENT_SEEN)
		return 0;
	told->time_ns[told->nr] = ev->time_ns;
	told->all[told->nr++] = ev->pgmap;
	return 0;
}

static int adopt(struct pgmap_source *source, __u64 pgmap, __u32 type, __u32 nr_range)
{
	struct pgmap_source_older older = {
		.pgmap = pgmap, .type = type, .nr_range = nr_range, .nr_here = nr_range,
	};

	return pgmap_tracefs_adopt(source, &older);
}

static void test_what_was_found_is_told_once_all_of_before_has_been(void **state)
{
	struct pgmap_source source = { 0 };
	struct told told = { 0 };
	const struct pgmap_sink sink = { .event = tell, .context = &told };
	__u64 found_ns;

	(void)state;
	assert_int_equal(adopt(&source, 0x1000, PGMAP_TYPE_PRIVATE, 1), 1);
	assert_int_equal(adopt(&source, 0x2000, PGMAP_TYPE_GENERIC, PGMAP_MAX_RANGES), 1);
	found_ns = pgmap_source_now_ns();
	assert_int_equal(pgmap_tracefs_give_older(&source, found_ns - 1000000000, &sink), 0);
	assert_int_equal(told.nr, 0);
	assert_int_equal(pgmap_tracefs_give_older(&source, found_ns, &sink), 0);
	assert_int_equal(told.nr, 2);
	assert_true(told.all[0] == 0x1000 && told.all[1] == 0x2000);
	assert_true(told.time_ns[0] <= told.time_ns[1] && told.time_ns[1] <= found_ns);
	assert_int_equal(told.ranges, PGMAP_MAX_RANGES - PGMAP_ADD_RANGES);
	assert_int_equal(pgmap_tracefs_give_older(&source, ~0ULL, &sink), 0);
	assert_int_equal(told.nr, 2);
	pgmap_trace_feed_free(&source.feed);
}

static void test_what_showed_itself_meanwhile_is_not_told(void **state)
{
	struct pgmap_source source = { 0 };
	struct told told = { 0 };
	const struct pgmap_sink sink = { .event = tell, .context = &told };
	struct pgmap_trace_record record = {
		.ev = { .pgmap = 0x1000, .event = PGMAP_EVENT_ADD },
	};

	(void)state;
	assert_int_equal(adopt(&source, 0x1000, PGMAP_TYPE_PRIVATE, 1), 1);
	assert_int_equal(adopt(&source, 0x2000, PGMAP_TYPE_PRIVATE, 1), 1);
	assert_int_equal(pgmap_trace_feed_give(&source.feed, &record, &sink), 0);
	assert_int_equal(pgmap_tracefs_give_older(&source, ~0ULL, &sink), 0);
	assert_int_equal(told.nr, 1);
	assert_true(told.all[0] == 0x2000);
	/* what nobody asked for any more is freed */
	assert_int_equal(adopt(&source, 0x3000, PGMAP_TYPE_PRIVATE, 1), 1);
	pgmap_tracefs_free_older(&source);
	assert_null(source.older);
	pgmap_trace_feed_free(&source.feed);
}

static void test_what_a_filter_hides_is_not_taken_over(void **state)
{
	struct pgmap_source source = { .type = PGMAP_TYPE_COHERENT };

	(void)state;
	assert_int_equal(adopt(&source, 0x1000, PGMAP_TYPE_PRIVATE, 1), 0);
	source = (struct pgmap_source){ .pgmap = 0x2000 };
	assert_int_equal(adopt(&source, 0x1000, PGMAP_TYPE_PRIVATE, 1), 0);
	assert_null(source.older);
	assert_int_equal(adopt(&source, 0x2000, PGMAP_TYPE_PRIVATE, 1), 1);
	pgmap_tracefs_free_older(&source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_records_of_all_cpus_come_in_order_of_time,
						open_buffers, close_buffers),
		cmocka_unit_test_setup_teardown(test_an_empty_page_is_passed_over, open_buffers,
						close_buffers),
		cmocka_unit_test(test_all_that_found_no_room_is_lost),
		cmocka_unit_test(test_a_name_is_found_by_its_whole_number),
		cmocka_unit_test(test_who_is_gone_stays_unknown),
		cmocka_unit_test(test_nobody_is_the_cpu_s_idle_thread),
		cmocka_unit_test(test_we_are_found_unless_numbers_mean_something_else),
		cmocka_unit_test(test_an_address_is_new_once),
		cmocka_unit_test(test_what_was_found_is_told_once_all_of_before_has_been),
		cmocka_unit_test(test_what_showed_itself_meanwhile_is_not_told),
		cmocka_unit_test(test_what_a_filter_hides_is_not_taken_over),
	};

	return PGMAP_RUN_TESTS(tests);
}
