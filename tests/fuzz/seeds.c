// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the inputs that fuzzing begins with, one file each: stories of pagemaps
 * in the code of decode.h. usage: seeds DIRECTORY
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"

struct story {
	__u8 bytes[4096];
	size_t nr;
};

static void put(struct story *to, __u8 byte)
{
	if (to->nr < sizeof(to->bytes))
		to->bytes[to->nr++] = byte;
}

static void begin(struct story *to, __u8 flags)
{
	to->nr = 0;
	put(to, flags);
	put(to, 0);
}

/* The id one less, see decode_plain(); 1 unit after the event before. */
static void plain(struct story *to, enum pgmap_event_id id, __u8 who)
{
	put(to, PLAIN);
	put(to, 1 << 6);
	put(to, id - 1);
	put(to, who);
}

/* An add of @nr ranges, with an error when there is one. */
static void add(struct story *to, __u8 who, int nr, bool error)
{
	plain(to, PGMAP_EVENT_ADD, who);
	put(to, nr << 1 | error);
}

static void pop(struct story *to, __u8 units)
{
	put(to, POP);
	put(to, units);
}

static void show(struct story *to)
{
	put(to, SNAPSHOT);
	put(to, 7);
}

static void end_of_life(struct story *to, __u8 who)
{
	plain(to, PGMAP_EVENT_KILL, who);
	plain(to, PGMAP_EVENT_DRAINED, who);
	plain(to, PGMAP_EVENT_RELEASE, who);
}

static void write_out(const struct story *story, const char *directory, const char *name)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	out = fopen(path, "w");
	if (!out || fwrite(story->bytes, 1, story->nr, out) != story->nr || fclose(out)) {
		perror(path);
		exit(1);
	}
}

/* ---- stories ---- */

enum { ADDING = 1 << 6, COUNTED = 2 << 6, SECOND_PAGE = 1 << 4, OUTSIDE = 3 << 4 };

static void whole_lives(struct story *to)
{
	__u8 who;

	begin(to, WITH_PAGES | WITH_VIEWS | IS_COMPLETE);
	for (who = 0; who < 4; who += 2) {
		add(to, who, 2, false);
		plain(to, PGMAP_EVENT_PAGE_ALLOC, who);
		plain(to, PGMAP_EVENT_FAULT_ENTER, who);
		plain(to, PGMAP_EVENT_FAULT_EXIT, who);
		plain(to, PGMAP_EVENT_PAGE_FREE, who);
		end_of_life(to, who);
		pop(to, 100);
		show(to);
	}
}

static void unwinding(struct story *to)
{
	begin(to, WITH_VIEWS);
	plain(to, PGMAP_EVENT_KILL, ADDING);
	plain(to, PGMAP_EVENT_DRAINED, 0);
	plain(to, PGMAP_EVENT_RELEASE, 0);
	add(to, 0, 1, true);
	add(to, 0, 1, false);
}

/* One after the other breaks a rule of adds, kills, drains, releases. */
static void broken_lives(struct story *to)
{
	begin(to, WITH_VIEWS);
	add(to, 0, 1, false);
	add(to, 1, 1, false);
	add(to, 0, 1, false);
	plain(to, PGMAP_EVENT_DRAINED, 0);
	plain(to, PGMAP_EVENT_KILL, 0);
	plain(to, PGMAP_EVENT_PAGE_ALLOC, 1);
	plain(to, PGMAP_EVENT_RELEASE, 1);
	plain(to, PGMAP_EVENT_PAGE_ALLOC, 1);
	plain(to, PGMAP_EVENT_PAGE_FREE, 1);
	plain(to, PGMAP_EVENT_FAULT_ENTER, 1);
	plain(to, PGMAP_EVENT_GET, 1);
	pop(to, 200);
	show(to);
}

static void broken_pages(struct story *to)
{
	int i;

	begin(to, WITH_PAGES | WITH_VIEWS | QUICK_STALLS);
	add(to, 0, 1, false);
	plain(to, PGMAP_EVENT_PAGE_FREE, 0);
	plain(to, PGMAP_EVENT_PAGE_ALLOC, OUTSIDE);
	plain(to, PGMAP_EVENT_PAGE_ALLOC, SECOND_PAGE);
	plain(to, PGMAP_EVENT_FAULT_ENTER, SECOND_PAGE);
	plain(to, PGMAP_EVENT_PAGE_FREE, SECOND_PAGE);
	plain(to, PGMAP_EVENT_FAULT_EXIT, SECOND_PAGE);
	plain(to, PGMAP_EVENT_PAGE_ALLOC, 0);
	for (i = 0; i < PGMAP_REPEAT_COUNT + 1; i++) {
		plain(to, PGMAP_EVENT_FAULT_ENTER, 0);
		plain(to, PGMAP_EVENT_FAULT_EXIT, 0);
	}
	/* more than a second later it still goes on */
	for (i = 0; i < 4; i++)
		pop(to, 255);
	plain(to, PGMAP_EVENT_FAULT_ENTER, 0);
	plain(to, PGMAP_EVENT_FAULT_EXIT, 0);
	plain(to, PGMAP_EVENT_FAULT_ENTER, 0);
	plain(to, PGMAP_EVENT_FAULT_OPEN, 0);
	pop(to, 200);
}

static void stalls(struct story *to)
{
	int i;

	begin(to, QUICK_STALLS | WITH_VIEWS | IS_COMPLETE);
	for (i = 0; i < 3; i++)
		add(to, i, 1, false);
	plain(to, PGMAP_EVENT_PAGE_ALLOC, 2);
	plain(to, PGMAP_EVENT_KILL, 0);
	plain(to, PGMAP_EVENT_KILL, 1);
	plain(to, PGMAP_EVENT_DRAINED, 1);
	for (i = 0; i < 4; i++) {
		pop(to, 60);
		plain(to, PGMAP_EVENT_TICK, 0);
		show(to);
	}
}

static void out_of_order(struct story *to)
{
	int i;

	begin(to, 0);
	for (i = 0; i < 64; i++) {
		put(to, PLAIN);
		put(to, 2 << 6 | (i * 37 & 0x3f));
		put(to, i % (PGMAP_EVENT_SEEN - 1));
		put(to, i & 0x3f);
		if (i % (PGMAP_EVENT_SEEN - 1) == PGMAP_EVENT_ADD - 1)
			put(to, 1 << 1);
		if (i % 8 == 7)
			pop(to, 10);
	}
}

static void lost_events(struct story *to)
{
	__u8 cause;

	begin(to, WITH_VIEWS);
	add(to, 0, 1, false);
	plain(to, PGMAP_EVENT_DRAINED, 0);
	for (cause = 0; cause < PGMAP_NR_LOSSES - 1; cause++) {
		put(to, LOST);
		put(to, cause);
		put(to, 1);
		pop(to, 80);
		show(to);
	}
}

static void many(struct story *to, enum pgmap_event_id id, int nr)
{
	add(to, 0, 1, false);
	if (id != PGMAP_EVENT_ADD)
		plain(to, id, 0);
	put(to, MANY);
	put(to, nr & 0xff);
	put(to, nr >> 8);
	pop(to, 255);
}

static void more_than_is_kept(struct story *to)
{
	begin(to, 0);
	to->bytes[1] = IS_HUGE;
	many(to, PGMAP_EVENT_ADD, 1200);
	many(to, PGMAP_EVENT_RELEASE, 1200);
	many(to, PGMAP_EVENT_RELEASE, 300);
	many(to, PGMAP_EVENT_ADD, 300);
	show(to);
}

static void sums_and_latencies(struct story *to)
{
	int i;

	begin(to, WITH_VIEWS);
	add(to, 0, 1, false);
	pop(to, 100);
	for (i = 0; i < 4; i++) {
		put(to, COUNTS);
		put(to, 0);
		put(to, 1);
		put(to, 0);
		put(to, 10 + i);
		put(to, 10 + i);
		put(to, 4 * i);
		put(to, 4 * i);
		put(to, LATENCY);
		put(to, 0);
		put(to, 1);
		put(to, 40 * i);
		put(to, i);
		put(to, 9);
		show(to);
	}
}

static void wild(struct story *to)
{
	int i, j;

	begin(to, WITH_PAGES | WITH_VIEWS);
	for (i = 0; i < 32; i++) {
		put(to, WILD);
		put(to, 1 << 6 | i);
		put(to, i * 0x11);
		put(to, i << 3);
		for (j = 0; j < 20; j++)
			put(to, i * j);
		if (i % 8 == 7)
			pop(to, 90);
	}
}

static void few_rules(struct story *to)
{
	broken_lives(to);
	/* the options go between the flags and what follows them */
	memmove(to->bytes + 10, to->bytes + 2, to->nr - 2);
	memset(to->bytes + 2, 0x55, 4);
	memset(to->bytes + 6, 0x0f, 4);
	to->bytes[0] |= FEW_RULES;
	to->nr += 8;
}

static void out_of_memory(struct story *to)
{
	broken_lives(to);
	memmove(to->bytes + 4, to->bytes + 2, to->nr - 2);
	to->bytes[0] |= OUT_OF_MEMORY;
	to->bytes[2] = 6;
	to->bytes[3] = 0;
	to->nr += 2;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*tell)(struct story *to);
	} stories[] = {
		{ "whole_lives", whole_lives },
		{ "unwinding", unwinding },
		{ "broken_lives", broken_lives },
		{ "broken_pages", broken_pages },
		{ "stalls", stalls },
		{ "out_of_order", out_of_order },
		{ "lost_events", lost_events },
		{ "more_than_is_kept", more_than_is_kept },
		{ "sums_and_latencies", sums_and_latencies },
		{ "wild", wild },
		{ "few_rules", few_rules },
		{ "out_of_memory", out_of_memory },
	};
	static struct story story;
	size_t i;

	if (argc != 2) {
		fputs("usage: seeds DIRECTORY\n", stderr);
		return 129;
	}
	for (i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		stories[i].tell(&story);
		write_out(&story, argv[1], stories[i].name);
	}
	return 0;
}
