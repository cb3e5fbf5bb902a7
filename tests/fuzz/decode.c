// SPDX-License-Identifier: GPL-2.0-only
/* Bytes to events. */
#include <string.h>

#include "decode.h"

__u8 take_byte(struct bytes *from)
{
	if (!from->left)
		return 0;
	from->left--;
	return *from->at++;
}

__u64 take_number(struct bytes *from, int size)
{
	__u64 value = 0;
	int i;

	for (i = 0; i < size; i++)
		value |= (__u64)take_byte(from) << 8 * i;
	return value;
}

static void take_all(struct bytes *from, void *to, size_t size)
{
	size_t nr = size < from->left ? size : from->left;

	memcpy(to, from->at, nr);
	from->at += nr;
	from->left -= nr;
}

__u64 address_of(__u8 who)
{
	return 0xffff888000001000ULL + (who & 3) * 0x480;
}

enum { PAGES_EACH = 8, PAGE_SHIFT = 12 };

/* Each overlaps the next one by a half. */
static __u64 first_pfn(__u8 who)
{
	return 0x100000 + (who & 3) * (PAGES_EACH / 2);
}

static void fill_range(struct pgmap_range *range, __u8 who, int part)
{
	range->start = (first_pfn(who) + part * 0x1000) << PAGE_SHIFT;
	range->end = range->start + (PAGES_EACH << PAGE_SHIFT) - 1;
}

static void fill_add(struct pgmap_event_add *add, __u8 who, struct bytes *from)
{
	__u8 how = take_byte(from);
	int i;

	add->error = how & 1 ? -(how >> 4) - 1 : 0;
	add->setup_ns = (__u64)(how >> 4) << UNIT_SHIFT;
	add->nr_range = how >> 1 & 7;
	add->nr_here = add->nr_range < PGMAP_ADD_RANGES ? add->nr_range : PGMAP_ADD_RANGES;
	add->pages = (__u64)add->nr_range * PAGES_EACH;
	for (i = 0; i < (int)add->nr_here; i++)
		fill_range(&add->ranges[i], who, i);
	memcpy(add->driver, "driver", sizeof("driver"));
}

static void fill_more(struct pgmap_event_range *range, __u8 who, struct bytes *from)
{
	__u8 how = take_byte(from);
	int i;

	range->first = PGMAP_ADD_RANGES;
	range->nr_here = how % (PGMAP_MORE_RANGES + 1);
	for (i = 0; i < (int)range->nr_here; i++)
		fill_range(&range->ranges[i], who, PGMAP_ADD_RANGES + i);
}

static void fill_page(struct pgmap_event *ev, __u8 who)
{
	struct pgmap_event_page *page = &ev->u.page;

	page->pfn = first_pfn(who) + (who >> 4 & 3) * 3;	/* the last is outside */
	page->pages = 1;
	page->address = 0x7f0000000000 + (page->pfn << PAGE_SHIFT);
	page->since_ns = ev->time_ns - (16ULL << UNIT_SHIFT);
	page->times = PGMAP_REPEAT_COUNT;
}

void decode_plain(struct pgmap_event *ev, struct bytes *from)
{
	__u8 who;

	ev->event = 1 + take_byte(from) % (PGMAP_NR_EVENTS - 1);
	who = take_byte(from);
	ev->pgmap = ev->event == PGMAP_EVENT_TICK ? 0 : address_of(who);
	ev->type = PGMAP_TYPE_PRIVATE + (who & 1);
	ev->pid = 1 + (who >> 3 & 1);
	ev->tid = 1 + (who >> 2 & 3);
	memcpy(ev->comm, "fuzz", sizeof("fuzz"));
	ev->flags = who >> 6;	/* ADDING, COUNTED */
	switch (ev->event) {
	case PGMAP_EVENT_ADD:
	case PGMAP_EVENT_SEEN:
		fill_add(&ev->u.add, who, from);
		break;
	case PGMAP_EVENT_RANGE:
		fill_more(&ev->u.range, who, from);
		break;
	case PGMAP_EVENT_KILL:
	case PGMAP_EVENT_DRAINED:
	case PGMAP_EVENT_RELEASE:
		break;
	default:
		fill_page(ev, who);
	}
}

/* What core must refuse becomes what it must not. */
static void mend(struct pgmap_event *ev)
{
	struct pgmap_event_add *add = &ev->u.add;

	ev->event = 1 + (ev->event - 1) % (PGMAP_NR_EVENTS - 1);
	ev->rule %= PGMAP_NR_RULES;
	if (ev->event == PGMAP_EVENT_RANGE)
		ev->u.range.nr_here %= PGMAP_MORE_RANGES + 1;
	if (ev->event != PGMAP_EVENT_ADD && ev->event != PGMAP_EVENT_SEEN)
		return;
	add->nr_here %= PGMAP_ADD_RANGES + 1;
	add->error = add->error & 1 ? -(add->error & 0xfff) : 0;
	add->driver[PGMAP_NAME_LEN - 1] = '\0';
	add->device[PGMAP_NAME_LEN - 1] = '\0';
}

void decode_wild(struct pgmap_event *ev, struct bytes *from)
{
	__u64 time = ev->time_ns;
	__u8 which;

	/* first all of it, then what must be likely to mean anything */
	memset(&ev->u, take_byte(from), sizeof(ev->u));
	which = take_byte(from);
	ev->event = which & 1 ? take_number(from, 2) : take_byte(from) % (PGMAP_NR_EVENTS + 1);
	ev->pgmap = which & 2 ? take_number(from, 8) : address_of(take_byte(from));
	ev->generation = which & 4 ? take_number(from, 4) : take_byte(from) & 3;
	ev->flags = which & 8 ? take_number(from, 2) : take_byte(from) & 7;
	ev->type = which & 16 ? take_number(from, 2) : take_byte(from) % (PGMAP_NR_TYPES + 1);
	ev->rule = which & 32 ? take_number(from, 2) : take_byte(from) % (PGMAP_NR_RULES + 1);
	ev->tid = take_byte(from) & 7;
	ev->pid = ev->tid >> 1;
	ev->nr_frames = take_byte(from);
	memset(ev->comm, 'x', sizeof(ev->comm));
	memset(ev->stack, 0x81, sizeof(ev->stack));
	if (which & 64)
		take_all(from, &ev->u, take_byte(from) % (sizeof(ev->u) + 1));
	ev->time_ns = which & 128 ? take_number(from, 8) : time;
	if (take_byte(from) & 3)
		mend(ev);
}

void decode_counts(struct pgmap_counts *counts, struct bytes *from)
{
	__u64 *fields = (__u64 *)counts;
	__u8 wide = take_byte(from);
	size_t i;

	/* they are all of one kind, one after the other */
	for (i = 0; i < sizeof(*counts) / sizeof(*fields); i++)
		fields[i] = wide >> i & 1 ? take_number(from, 8) : take_byte(from);
}
