// SPDX-License-Identifier: GPL-2.0-only
/* Descriptions of trace records, as trace.dat and perf.data hold copies of the kernel's. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pgmap/names.h>

#include "file_reader.h"
#include "format_text.h"

enum { MOST_FORMAT = 64 << 10, NAME_LEN = 128 };

static int take_fields(struct pgmap_trace_format *format, const char *text,
		       char why[PGMAP_WHY_LEN])
{
	__u32 wanted = pgmap_trace_fields_of(format->event);
	struct pgmap_trace_place place;
	int field, err = 0;
	bool found;

	for (field = 0; field < PGMAP_TRACE_NR_FIELDS && !err; field++) {
		if (!(wanted & 1U << field))
			continue;
		found = pgmap_format_text_field(text, pgmap_trace_field_name(field), &place);
		err = pgmap_trace_format_place(format, field, found ? &place : NULL, why);
	}
	return err;
}

/* Of one event of ours; of others nothing. */
static int take_ours(struct pgmap_file_info *info, const char *text, char why[PGMAP_WHY_LEN])
{
	struct pgmap_trace_format *format;
	int id, type;

	for (id = PGMAP_EVENT_ADD; id < PGMAP_TRACE_NR_FORMATS; id++)
		if (pgmap_format_text_is(text, pgmap_event_name(id)))
			break;
	if (id == PGMAP_TRACE_NR_FORMATS || !pgmap_format_text_id(text))
		return 0;
	format = &info->formats.all[id];
	format->event = id;
	format->id = pgmap_format_text_id(text);
	for (type = 0; type < PGMAP_NR_TYPES; type++)
		format->types[type] = pgmap_format_text_symbol(text, "type",
							       pgmap_type_name(type));
	return take_fields(format, text, why);
}

static int take_mark(struct pgmap_file_info *info, const char *text)
{
	struct pgmap_trace_place place;

	if (!pgmap_format_text_is(text, "print") ||
	    !pgmap_format_text_field(text, "buf", &place))
		return 0;
	info->mark_id = pgmap_format_text_id(text);
	info->mark_offset = place.offset;
	return 0;
}

static int check_all(const struct pgmap_file_info *info, char why[PGMAP_WHY_LEN])
{
	int id;

	for (id = PGMAP_EVENT_ADD; id < PGMAP_TRACE_NR_FORMATS; id++) {
		if (info->formats.all[id].event)
			continue;
		snprintf(why, PGMAP_WHY_LEN,
			 "it does not describe all events of system memremap: record all of them, of a kernel that has them (trace-cmd record -e memremap, perf record -a -e 'memremap:*')");
		return -ENOENT;
	}
	return 0;
}

int pgmap_file_read_events(struct pgmap_file_info *info, struct pgmap_bytes *from,
			   char why[PGMAP_WHY_LEN])
{
	__u32 nr_systems = pgmap_bytes_32(from), nr, i;
	char system[NAME_LEN], *text;
	int err = 0;

	for (; nr_systems && !err && !from->failed; nr_systems--) {
		pgmap_bytes_text(from, system, sizeof(system));
		nr = pgmap_bytes_32(from);
		for (i = 0; i < nr && !err && !from->failed; i++) {
			if (strcmp(system, "memremap")) {
				pgmap_bytes_skip(from, pgmap_bytes_64(from));
				continue;
			}
			text = pgmap_bytes_copy(from, pgmap_bytes_64(from), MOST_FORMAT);
			err = text ? take_ours(info, text, why) : -EBADMSG;
			free(text);
		}
	}
	if (err || from->failed)
		return err ? err : -EBADMSG;
	return check_all(info, why);
}

int pgmap_file_read_ftrace_events(struct pgmap_file_info *info, struct pgmap_bytes *from)
{
	__u32 nr = pgmap_bytes_32(from);
	char *text;
	int err = 0;

	for (; nr && !err && !from->failed; nr--) {
		text = pgmap_bytes_copy(from, pgmap_bytes_64(from), MOST_FORMAT);
		err = text ? take_mark(info, text) : -EBADMSG;
		free(text);
	}
	return from->failed ? -EBADMSG : err;
}
