// SPDX-License-Identifier: GPL-2.0-only
/* Hiding pagemaps of other drivers between source and model. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "events.h"
#include "who.h"

static struct pgmap_who who;
static struct pgmap_event last;
static int events, counts;

static int count_event(void *context, const struct pgmap_event *ev)
{
	(void)context;
	last = *ev;
	events++;
	return 0;
}

static int count_counts(void *context, __u64 pgmap, __u32 generation,
			const struct pgmap_counts *sums)
{
	(void)context;
	(void)pgmap;
	(void)generation;
	(void)sums;
	counts++;
	return 0;
}

static int count_latency(void *context, __u64 pgmap, __u32 generation, __u32 bucket,
			 const struct pgmap_hist_sum *sum)
{
	(void)bucket;
	(void)sum;
	return count_counts(context, pgmap, generation, NULL);
}

static void open_for(const char *driver)
{
	const struct pgmap_sink next = {
		.event = count_event, .counts = count_counts, .latency = count_latency
	};
	struct pgmap_naming_options naming = { .iomem = "/nowhere" };

	events = 0;
	counts = 0;
	assert_int_equal(pgmap_who_open(&who, &next, &naming, driver), 0);
}

/* Sends an event; returns how many came through. */
static int send(struct pgmap_event ev, __u32 generation)
{
	int before = events;

	ev.generation = generation;
	assert_int_equal(who.sink.event(who.sink.context, &ev), 0);
	return events - before;
}

static struct pgmap_event add_by(const char *driver, __u64 pgmap)
{
	struct pgmap_event ev = add_of(pgmap, 100, pgmap, 16);

	strcpy(ev.u.add.driver, driver);
	return ev;
}

static void test_without_a_driver_all_are_shown(void **state)
{
	(void)state;
	open_for("");
	assert_int_equal(send(add_by("one", A), 1), 1);
	assert_int_equal(send(event_of(PGMAP_EVENT_KILL, A, 200), 1), 1);
	pgmap_who_free(&who);
}

static void test_another_drivers_pagemap_is_hidden(void **state)
{
	struct pgmap_counts sums = { 0 };

	(void)state;
	open_for("one");
	assert_int_equal(send(add_by("one", A), 1), 1);
	assert_int_equal(send(add_by("two", B), 1), 0);
	assert_int_equal(send(event_of(PGMAP_EVENT_KILL, A, 200), 1), 1);
	assert_int_equal(send(event_of(PGMAP_EVENT_KILL, B, 200), 1), 0);
	who.sink.counts(who.sink.context, B, 1, &sums);
	who.sink.latency(who.sink.context, B, 1, 5, NULL);
	assert_int_equal(counts, 0);
	who.sink.counts(who.sink.context, A, 1, &sums);
	who.sink.latency(who.sink.context, A, 1, 5, NULL);
	assert_int_equal(counts, 2);
	pgmap_who_free(&who);
}

static void test_an_address_is_used_again_by_another_driver(void **state)
{
	(void)state;
	open_for("one");
	assert_int_equal(send(add_by("two", A), 1), 0);
	assert_int_equal(send(add_by("two", B), 1), 0);
	assert_int_equal(send(add_by("one", A), 2), 1);
	assert_int_equal(send(event_of(PGMAP_EVENT_KILL, A, 200), 2), 1);
	assert_int_equal(send(event_of(PGMAP_EVENT_KILL, B, 200), 1), 0);
	/* what comes late of the first one is not shown as the second's */
	assert_int_equal(send(add_by("two", A), 3), 0);
	assert_int_equal(send(event_of(PGMAP_EVENT_RELEASE, A, 300), 2), 1);
	assert_int_equal(send(event_of(PGMAP_EVENT_KILL, A, 300), 3), 0);
	pgmap_who_free(&who);
}

static void test_time_is_no_pagemaps(void **state)
{
	(void)state;
	open_for("one");
	assert_int_equal(send(event_of(PGMAP_EVENT_TICK, 0, 100), 0), 1);
	/* one whose add was lost is shown */
	assert_int_equal(send(event_of(PGMAP_EVENT_KILL, C, 200), 1), 1);
	pgmap_who_free(&who);
}

static void test_names_are_those_of_when_it_was_found(void **state)
{
	const struct pgmap_sink next = { .event = count_event };
	const struct pgmap_range range = { .start = 0x1000, .end = 0x10fff };
	const struct pgmap_evidence evidence = { .range = &range };
	char path[] = "/tmp/pgmap-who.XXXXXX";
	struct pgmap_naming_options naming = { .iomem = path, .buses = "/nowhere" };
	struct pgmap_event seen = add_by("", A);
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(dprintf(fd, "1000-10fff : claim\n"), 19);
	assert_int_equal(pgmap_who_open(&who, &next, &naming, ""), 0);
	assert_int_equal(pgmap_who_expect(&who, A, &evidence), 0);
	assert_int_equal(pgmap_who_expect(&who, B, &evidence), 0);
	/* meanwhile its range is given back */
	assert_int_equal(ftruncate(fd, 0), 0);
	seen.event = PGMAP_EVENT_SEEN;
	assert_int_equal(send(seen, 1), 1);
	assert_string_equal(last.u.add.device, "claim");
	/* once: what comes there later is another pagemap, as is one that is added */
	assert_int_equal(send(seen, 2), 1);
	assert_string_equal(last.u.add.device, "");
	assert_int_equal(send(add_by("", B), 1), 1);
	assert_string_equal(last.u.add.device, "");
	pgmap_who_free(&who);
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_a_driver_all_are_shown),
		cmocka_unit_test(test_another_drivers_pagemap_is_hidden),
		cmocka_unit_test(test_an_address_is_used_again_by_another_driver),
		cmocka_unit_test(test_time_is_no_pagemaps),
		cmocka_unit_test(test_names_are_those_of_when_it_was_found),
	};

	return PGMAP_RUN_TESTS(tests);
}
