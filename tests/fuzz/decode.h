/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the bytes of one input mean: options first, then actions to the end. Every
 * input means something; what is missing at its end is zero. All numbers are little-endian.
 */
#ifndef PGMAP_FUZZ_DECODE_H
#define PGMAP_FUZZ_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/model.h"

struct bytes {
	const __u8 *at;
	size_t left;
};

/* The first byte of an action, see action_of(), and what follows it. */
enum action {
	PLAIN,		/* id, who, when: an event as a kernel gives it */
	WILD,		/* id, who, when, then any fields and payload: a kernel that lies */
	MANY,		/* count: the last event again at so many other addresses */
	POP,		/* when: time goes by, what is older than the window goes to core */
	LOST,		/* cause, count */
	COUNTS,		/* who, generation, sums */
	LATENCY,	/* who, generation, 2 of bucket, count */
	SNAPSHOT,	/* how: 1 all, 2 mark, 4 shown by the views */
	NR_ACTIONS
};

/* Bits of the first byte of an input. */
enum {
	WITH_PAGES	= 1 << 0,
	QUICK_STALLS	= 1 << 1,	/* within what POP lets go by */
	WITH_VIEWS	= 1 << 2,
	IS_COMPLETE	= 1 << 3,	/* ended by itself: LEAK */
	OUT_OF_MEMORY	= 1 << 4,	/* one allocation fails: 2 bytes say which */
	FEW_RULES	= 1 << 5,	/* 4 bytes for `only`, 4 for `disabled` */
};

/* And of the second: thousands of events by MANY need all of it and no views. */
enum {
	IS_HUGE		= 0x07,
	WITH_DAYTIME	= 1 << 6,
	WITH_ANNOUNCING	= 1 << 7,
};

/* An event's lateness, "when" in [0, 0x3f], never exceeds this. */
enum { UNIT_SHIFT = 20, WINDOW_UNITS = 64 };

__u8 take_byte(struct bytes *from);
__u64 take_number(struct bytes *from, int size);

/* Address and ranges of pagemap @who; there are four, and ranges of neighbours overlap. */
__u64 address_of(__u8 who);

/* Fields as a kernel could give them. @who: 2 bits pagemap, 2 thread, 2 page, 2 flags. */
void decode_plain(struct pgmap_event *ev, struct bytes *from);

/* Anything, also ids, types, rules and counts that do not exist. */
void decode_wild(struct pgmap_event *ev, struct bytes *from);

void decode_counts(struct pgmap_counts *counts, struct bytes *from);

#endif
