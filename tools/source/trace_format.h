/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads the kernel's own description of its trace records, by name and never by version. */
#ifndef PGMAP_SOURCE_TRACE_FORMAT_H
#define PGMAP_SOURCE_TRACE_FORMAT_H

#include "source.h"
#include "trace_record.h"

struct tep_handle;

enum { PGMAP_TRACE_NR_FORMATS = PGMAP_EVENT_FAULT_EXIT + 1 };

/* Of a field in a record. */
struct pgmap_trace_place {
	int offset;
	int size;
	bool is_dynamic;	/* there is a data_loc, not the value */
};

/* Indexed by enum pgmap_event_id, from PGMAP_EVENT_ADD on. */
struct pgmap_trace_formats {
	struct pgmap_trace_format all[PGMAP_TRACE_NR_FORMATS];
};

/*
 * What @tep knows of system memremap. Returns 0; or -ENOENT: a tracepoint is missing, or
 * -ENOTSUP: a field is missing or of another size, with one line for the user in @why.
 */
int pgmap_trace_formats_read(struct pgmap_trace_formats *formats, struct tep_handle *tep,
			     char why[PGMAP_WHY_LEN]);

/*
 * The field @field of the event of @format is at @place; NULL: it has none. Returns 0, or
 * -ENOTSUP with one line for the user in @why: it is not as it has to be.
 */
int pgmap_trace_format_place(struct pgmap_trace_format *format, enum pgmap_trace_field_id field,
			     const struct pgmap_trace_place *place, char why[PGMAP_WHY_LEN]);

/* As in the kernel's description. */
const char *pgmap_trace_field_name(enum pgmap_trace_field_id field);

/* The format of the event to which the kernel gave the number @id, or NULL. */
const struct pgmap_trace_format *pgmap_trace_format_of(const struct pgmap_trace_formats *formats,
						       __u16 id);

#endif
