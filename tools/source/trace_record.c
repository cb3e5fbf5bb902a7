// SPDX-License-Identifier: GPL-2.0-only
/* Copies fields out of a record, each checked against its end, by the event's kind. */
#include <errno.h>
#include <string.h>

#include "trace_record.h"

#define BIT(id)	(1U << PGMAP_TRACE_##id)

/* What every record has. */
#define COMMON	(BIT(COMMON_PID) | BIT(PGMAP) | BIT(TYPE) | BIT(DRIVER) | BIT(START) | BIT(END))

static const __u32 fields_of[PGMAP_NR_EVENTS] = {
	[PGMAP_EVENT_ADD] = COMMON | BIT(DEVICE) | BIT(NR_RANGE) | BIT(PAGES) | BIT(NODE) |
			    BIT(ERROR) | BIT(SETUP_NS) | BIT(RANGES),
	[PGMAP_EVENT_KILL] = COMMON | BIT(ADDING),
	[PGMAP_EVENT_DRAINED] = COMMON,
	[PGMAP_EVENT_RELEASE] = COMMON,
	[PGMAP_EVENT_PAGE_ALLOC] = COMMON | BIT(PFN) | BIT(PAGES),
	[PGMAP_EVENT_PAGE_FREE] = COMMON | BIT(PFN) | BIT(PAGES),
	[PGMAP_EVENT_FAULT_ENTER] = COMMON | BIT(ADDRESS) | BIT(PFN),
	[PGMAP_EVENT_FAULT_EXIT] = COMMON | BIT(ADDRESS) | BIT(PFN) | BIT(RESULT),
};

__u32 pgmap_trace_fields_of(enum pgmap_event_id event)
{
	return event < PGMAP_NR_EVENTS ? fields_of[event] : 0;
}

/* ---- bytes ---- */

struct bytes {
	const struct pgmap_trace_format *format;
	const unsigned char *data;
	size_t size;
	bool is_short;		/* a field was past the end */
};

static void copy(struct bytes *from, size_t offset, void *to, size_t size)
{
	memset(to, 0, size);
	if (offset > from->size || size > from->size - offset)
		from->is_short = true;
	else
		memcpy(to, from->data + offset, size);
}

static __u64 get_64(struct bytes *from, enum pgmap_trace_field_id field)
{
	__u64 value;

	copy(from, from->format->offsets[field], &value, sizeof(value));
	return value;
}

static __u32 get_32(struct bytes *from, enum pgmap_trace_field_id field)
{
	__u32 value;

	copy(from, from->format->offsets[field], &value, sizeof(value));
	return value;
}

static bool get_bool(struct bytes *from, enum pgmap_trace_field_id field)
{
	unsigned char value;

	copy(from, from->format->offsets[field], &value, sizeof(value));
	return value;
}

/* What a data_loc points at: its offset in the record and its length. */
static const unsigned char *get_dynamic(struct bytes *from, enum pgmap_trace_field_id field,
					__u32 *length)
{
	__u32 where = get_32(from, field), offset = where & 0xffff;

	*length = where >> 16;
	if (offset <= from->size && *length <= from->size - offset)
		return from->data + offset;
	from->is_short = true;
	*length = 0;
	return from->data;
}

/* Cut to fit, as BPF does it. */
static void get_text(struct bytes *from, enum pgmap_trace_field_id field,
		     char text[PGMAP_NAME_LEN])
{
	__u32 length;
	const unsigned char *found = get_dynamic(from, field, &length);

	memset(text, 0, PGMAP_NAME_LEN);
	memcpy(text, found, strnlen((const char *)found,
				    length < PGMAP_NAME_LEN ? length : PGMAP_NAME_LEN - 1));
}

/* ---- records ---- */

static enum pgmap_type type_of(const struct pgmap_trace_format *format, __u32 number)
{
	int type;

	for (type = PGMAP_TYPE_NONE + 1; type < PGMAP_NR_TYPES; type++)
		if (format->types[type] == (__s64)number)
			return type;
	return PGMAP_TYPE_NONE;
}

static void get_ranges(const struct pgmap_trace_record *record, __u32 first, __u32 nr,
		       struct pgmap_range *to)
{
	memcpy(to, record->ranges + first * sizeof(*to), nr * sizeof(*to));
}

static void parse_add(struct bytes *from, struct pgmap_trace_record *record)
{
	struct pgmap_event_add *add = &record->ev.u.add;
	__u32 length;

	add->setup_ns = get_64(from, PGMAP_TRACE_SETUP_NS);
	add->pages = get_64(from, PGMAP_TRACE_PAGES);
	add->error = get_32(from, PGMAP_TRACE_ERROR);
	add->node = get_32(from, PGMAP_TRACE_NODE);
	add->nr_range = get_32(from, PGMAP_TRACE_NR_RANGE);
	memcpy(add->driver, record->driver, sizeof(add->driver));
	get_text(from, PGMAP_TRACE_DEVICE, add->device);
	record->ranges = get_dynamic(from, PGMAP_TRACE_RANGES, &length);
	record->nr_ranges = length / sizeof(struct pgmap_range);
	if (record->nr_ranges > PGMAP_MAX_RANGES)
		record->nr_ranges = PGMAP_MAX_RANGES;
	add->nr_here = record->nr_ranges < PGMAP_ADD_RANGES ? record->nr_ranges : PGMAP_ADD_RANGES;
	get_ranges(record, 0, add->nr_here, add->ranges);
}

static void parse_page(struct bytes *from, struct pgmap_event_page *page, __u32 fields)
{
	page->pfn = get_64(from, PGMAP_TRACE_PFN);
	if (fields & BIT(PAGES))
		page->pages = get_64(from, PGMAP_TRACE_PAGES);
	if (fields & BIT(ADDRESS))
		page->address = get_64(from, PGMAP_TRACE_ADDRESS);
	if (fields & BIT(RESULT))
		page->result = get_32(from, PGMAP_TRACE_RESULT);
}

int pgmap_trace_parse(const struct pgmap_trace_format *format, const void *data, size_t size,
		      struct pgmap_trace_record *record)
{
	struct bytes from = { .format = format, .data = data, .size = size };
	__u32 fields = pgmap_trace_fields_of(format->event);
	struct pgmap_event *ev = &record->ev;

	memset(record, 0, sizeof(*record));
	ev->event = format->event;
	ev->tid = get_32(&from, PGMAP_TRACE_COMMON_PID);
	ev->pgmap = get_64(&from, PGMAP_TRACE_PGMAP);
	ev->type = type_of(format, get_32(&from, PGMAP_TRACE_TYPE));
	get_text(&from, PGMAP_TRACE_DRIVER, record->driver);
	record->first.start = get_64(&from, PGMAP_TRACE_START);
	record->first.end = get_64(&from, PGMAP_TRACE_END);
	if (fields & BIT(PFN))
		parse_page(&from, &ev->u.page, fields);
	else if (format->event == PGMAP_EVENT_ADD)
		parse_add(&from, record);
	else if (fields & BIT(ADDING) && get_bool(&from, PGMAP_TRACE_ADDING))
		ev->flags |= PGMAP_FLAG_ADDING;
	return from.is_short ? -EBADMSG : 0;
}

__u32 pgmap_trace_more(const struct pgmap_trace_record *record, __u32 first,
		       struct pgmap_event *ev)
{
	struct pgmap_event_range *range = &ev->u.range;

	if (first >= record->nr_ranges)
		return 0;
	*ev = (struct pgmap_event){
		.time_ns = record->ev.time_ns,
		.pgmap = record->ev.pgmap,
		.event = PGMAP_EVENT_RANGE,
		.type = record->ev.type,
		.pid = record->ev.pid,
		.tid = record->ev.tid,
	};
	memcpy(ev->comm, record->ev.comm, sizeof(ev->comm));
	range->first = first;
	range->nr_here = record->nr_ranges - first;
	if (range->nr_here > PGMAP_MORE_RANGES)
		range->nr_here = PGMAP_MORE_RANGES;
	get_ranges(record, first, range->nr_here, range->ranges);
	return range->nr_here;
}

struct pgmap_event pgmap_trace_seen(const struct pgmap_trace_record *record)
{
	struct pgmap_event ev = {
		.time_ns = record->ev.time_ns,
		.pgmap = record->ev.pgmap,
		.event = PGMAP_EVENT_SEEN,
		.type = record->ev.type,
		.pid = record->ev.pid,
		.tid = record->ev.tid,
		.u.add = { .node = -1, .nr_here = 1 },
	};

	memcpy(ev.comm, record->ev.comm, sizeof(ev.comm));
	memcpy(ev.u.add.driver, record->driver, sizeof(ev.u.add.driver));
	/* of more than the first its records say nothing: nr_range and pages stay unknown */
	ev.u.add.ranges[0] = record->first;
	return ev;
}
