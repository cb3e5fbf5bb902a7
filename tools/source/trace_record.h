/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the bytes of a trace record to struct pgmap_event. Pure: it knows where the
 * fields are, not where the record came from (a running kernel, a file).
 */
#ifndef PGMAP_SOURCE_TRACE_RECORD_H
#define PGMAP_SOURCE_TRACE_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include <pgmap/event.h>

/* Fields by their names in the record, and their size there; DYNAMIC ones have a data_loc. */
#define PGMAP_TRACE_FIELDS(X)	\
	X(COMMON_PID, "common_pid", 4, false)	\
	X(PGMAP, "pgmap", 8, false)	\
	X(TYPE, "type", 4, false)	\
	X(DRIVER, "driver", 4, true)	\
	X(START, "start", 8, false)	\
	X(END, "end", 8, false)	\
	X(DEVICE, "device", 4, true)	\
	X(NR_RANGE, "nr_range", 4, false)	\
	X(PAGES, "pages", 8, false)	\
	X(NODE, "node", 4, false)	\
	X(ERROR, "error", 4, false)	\
	X(SETUP_NS, "setup_ns", 8, false)	\
	X(RANGES, "ranges", 4, true)	\
	X(ADDING, "adding", 1, false)	\
	X(PFN, "pfn", 8, false)	\
	X(ADDRESS, "address", 8, false)	\
	X(RESULT, "result", 4, false)

enum pgmap_trace_field_id {
#define X(id, ...) PGMAP_TRACE_##id,
	PGMAP_TRACE_FIELDS(X)
#undef X
	PGMAP_TRACE_NR_FIELDS
};

enum { PGMAP_TRACE_NO_TYPE = -1 };

/* Where the fields of one tracepoint's records are, and what its numbers mean. */
struct pgmap_trace_format {
	__u16 event;		/* enum pgmap_event_id; 0: not known */
	__u16 id;		/* the kernel's number of the event */
	__u16 offsets[PGMAP_TRACE_NR_FIELDS];
	__s32 types[PGMAP_NR_TYPES];	/* the kernel's number of each, or PGMAP_TRACE_NO_TYPE */
};

struct pgmap_trace_record {
	struct pgmap_event ev;		/* all but time, process and name of the thread */
	char driver[PGMAP_NAME_LEN];
	struct pgmap_range first;	/* the pagemap's first range */
	const unsigned char *ranges;	/* ADD: all of them, inside the bytes given */
	__u32 nr_ranges;
};

/* The fields that records of @event have, bit 1 << enum pgmap_trace_field_id. */
__u32 pgmap_trace_fields_of(enum pgmap_event_id event);

/*
 * Reads the @size bytes at @data, of a record that @format describes. Returns 0,
 * or -EBADMSG: it ends before its fields do. Of an ADD with more ranges than fit
 * pgmap_trace_more() tells the rest.
 */
int pgmap_trace_parse(const struct pgmap_trace_format *format, const void *data, size_t size,
		      struct pgmap_trace_record *record);

/*
 * The RANGE record of the ranges from @first on, which is PGMAP_ADD_RANGES and then
 * what was told before. Returns how many it tells; 0: none is left.
 */
__u32 pgmap_trace_more(const struct pgmap_trace_record *record, __u32 first,
		       struct pgmap_event *ev);

/* The SEEN record of a pagemap that shows itself by @record for the first time. */
struct pgmap_event pgmap_trace_seen(const struct pgmap_trace_record *record);

#endif
