// SPDX-License-Identifier: GPL-2.0-only
/*
 * The layout is ABI: events/header_page and events/header_event of tracefs describe it, and
 * all kernels of 64 bits have the same.
 */
#include <errno.h>
#include <string.h>

#include "trace_page.h"

/* Of the length: what is not length. */
#define MISSED		(1ULL << 31)
#define MISSED_STORED	(1ULL << 30)
#define LENGTH_MASK	((1ULL << 27) - 1)

/* Of a record's first word. */
enum { TYPE_BITS = 5, MOST_WORDS = 28 };

enum record_type {
	LONG_RECORD	= 0,	/* its length is in the next word */
	PADDING		= 29,
	TIME_EXTEND	= 30,
	TIME_STAMP	= 31,
};

static __u32 word_at(const unsigned char *at)
{
	__u32 word;

	memcpy(&word, at, sizeof(word));
	return word;
}

static __u64 long_at(const unsigned char *at)
{
	__u64 value;

	memcpy(&value, at, sizeof(value));
	return value;
}

/* The number of what is missing follows the records, if there was room for it. */
static __u64 number_lost(const unsigned char *end, __u64 length, size_t room)
{
	__u64 lost = 1;

	if (length & MISSED_STORED && room >= sizeof(lost))
		lost = long_at(end);
	return lost;
}

int pgmap_trace_page_open(struct pgmap_trace_page *page, const void *data, size_t size)
{
	const unsigned char *start = data;
	__u64 length;

	memset(page, 0, sizeof(*page));
	if (size < PGMAP_TRACE_PAGE_HEAD)
		return -EBADMSG;
	page->time_ns = long_at(start);
	length = long_at(start + sizeof(__u64));
	if ((length & LENGTH_MASK) > size - PGMAP_TRACE_PAGE_HEAD)
		return -EBADMSG;
	page->at = start + PGMAP_TRACE_PAGE_HEAD;
	page->end = page->at + (length & LENGTH_MASK);
	if (length & MISSED)
		page->lost = number_lost(page->end, length, start + size - page->end);
	return 0;
}

/* Past @length bytes, which are a multiple of words. */
static int skip(struct pgmap_trace_page *page, size_t length)
{
	length = (length + sizeof(__u32) - 1) & ~(sizeof(__u32) - 1);
	if (length > (size_t)(page->end - page->at))
		return -EBADMSG;
	page->at += length;
	return 0;
}

/* What a record of @type after its first word is, unless it is data. */
static int no_data(struct pgmap_trace_page *page, __u32 type, __u32 delta)
{
	__u32 more;

	/* the rest of the page was never written */
	if (type == PADDING && !delta) {
		page->at = page->end;
		return 0;
	}
	if (page->end - page->at < (ptrdiff_t)sizeof(more))
		return -EBADMSG;
	more = word_at(page->at);
	if (type == PADDING) {
		page->time_ns += delta;
		return skip(page, more);
	}
	page->at += sizeof(more);
	if (type == TIME_EXTEND)
		page->time_ns += ((__u64)more << (32 - TYPE_BITS)) + delta;
	else
		/* its upper five bits are those of the time before */
		page->time_ns = (page->time_ns & ~0ULL << (64 - TYPE_BITS)) +
				((__u64)more << (32 - TYPE_BITS)) + delta;
	return 0;
}

static int find_data(struct pgmap_trace_page *page, __u32 type, const void **data, size_t *size)
{
	*size = type * sizeof(__u32);
	if (type == LONG_RECORD) {
		if (page->end - page->at < (ptrdiff_t)sizeof(__u32))
			return -EBADMSG;
		*size = word_at(page->at);
		/* it counts itself */
		if (*size < sizeof(__u32))
			return -EBADMSG;
		*size -= sizeof(__u32);
		page->at += sizeof(__u32);
	}
	*data = page->at;
	return skip(page, *size);
}

int pgmap_trace_page_next(struct pgmap_trace_page *page, const void **data, size_t *size)
{
	__u32 word, type;
	int err;

	while (page->end - page->at >= (ptrdiff_t)sizeof(word)) {
		word = word_at(page->at);
		page->at += sizeof(word);
		type = word & ((1U << TYPE_BITS) - 1);
		if (type <= MOST_WORDS) {
			page->time_ns += word >> TYPE_BITS;
			err = find_data(page, type, data, size);
			return err ? err : 1;
		}
		err = no_data(page, type, word >> TYPE_BITS);
		if (err)
			return err;
	}
	return 0;
}
