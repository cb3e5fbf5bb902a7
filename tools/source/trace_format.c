// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks fields up in the formats that libtraceevent has parsed, and the numbers of the
 * memory types in the names that the format prints for them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <event-parse.h>

#include <pgmap/names.h>

#include "trace_format.h"

static const struct {
	const char *name;
	int size;
	bool is_dynamic;
} known_fields[PGMAP_TRACE_NR_FIELDS] = {
#define X(id, name, size, dynamic)	\
	[PGMAP_TRACE_##id] = { name, size, dynamic },
	PGMAP_TRACE_FIELDS(X)
#undef X
};

const char *pgmap_trace_field_name(enum pgmap_trace_field_id field)
{
	return known_fields[field].name;
}

static bool fits(const struct pgmap_trace_place *place, enum pgmap_trace_field_id field)
{
	return place->size == known_fields[field].size && place->offset >= 0 &&
	       place->offset <= 0xffff && place->is_dynamic == known_fields[field].is_dynamic;
}

int pgmap_trace_format_place(struct pgmap_trace_format *format, enum pgmap_trace_field_id field,
			     const struct pgmap_trace_place *place, char why[PGMAP_WHY_LEN])
{
	if (place && fits(place, field)) {
		format->offsets[field] = place->offset;
		return 0;
	}
	snprintf(why, PGMAP_WHY_LEN,
		 "records of memremap:%s have %s field %s: this kernel's core is of another version than pgmapstat, build both from one tree",
		 pgmap_event_name(format->event), place ? "another kind of" : "no",
		 known_fields[field].name);
	return -ENOTSUP;
}

static int read_fields(struct pgmap_trace_format *format, struct tep_event *event,
		       char why[PGMAP_WHY_LEN])
{
	__u32 wanted = pgmap_trace_fields_of(format->event);
	const struct tep_format_field *found;
	struct pgmap_trace_place place;
	int field, err = 0;

	for (field = 0; field < PGMAP_TRACE_NR_FIELDS && !err; field++) {
		if (!(wanted & 1U << field))
			continue;
		found = tep_find_any_field(event, known_fields[field].name);
		if (found)
			place = (struct pgmap_trace_place){
				.offset = found->offset,
				.size = found->size,
				.is_dynamic = found->flags & TEP_FIELD_IS_DYNAMIC &&
					      !(found->flags & TEP_FIELD_IS_RELATIVE),
			};
		err = pgmap_trace_format_place(format, field, found ? &place : NULL, why);
	}
	return err;
}

/* The names that a format prints for the numbers of @field. */
static const struct tep_print_flag_sym *symbols_of(const struct tep_event *event,
						   const char *field)
{
	const struct tep_print_arg *arg;

	for (arg = event->print_fmt.args; arg; arg = arg->next)
		if (arg->type == TEP_PRINT_SYMBOL && arg->symbol.field->type == TEP_PRINT_FIELD &&
		    !strcmp(arg->symbol.field->field.name, field))
			return arg->symbol.symbols;
	return NULL;
}

static void read_types(struct pgmap_trace_format *format, const struct tep_event *event)
{
	const struct tep_print_flag_sym *symbol;
	int type;

	for (type = 0; type < PGMAP_NR_TYPES; type++)
		format->types[type] = PGMAP_TRACE_NO_TYPE;
	for (symbol = symbols_of(event, "type"); symbol; symbol = symbol->next)
		for (type = PGMAP_TYPE_NONE + 1; type < PGMAP_NR_TYPES; type++)
			if (!strcmp(symbol->str, pgmap_type_name(type)))
				format->types[type] = strtol(symbol->value, NULL, 0);
}

int pgmap_trace_formats_read(struct pgmap_trace_formats *formats, struct tep_handle *tep,
			     char why[PGMAP_WHY_LEN])
{
	struct pgmap_trace_format *format;
	struct tep_event *event;
	int id, err = 0;

	memset(formats, 0, sizeof(*formats));
	for (id = PGMAP_EVENT_ADD; !err && id < PGMAP_TRACE_NR_FORMATS; id++) {
		event = tep_find_event_by_name(tep, "memremap", pgmap_event_name(id));
		if (!event) {
			snprintf(why, PGMAP_WHY_LEN,
				 "this kernel has no tracepoint memremap:%s: boot the kernel that this project builds (make run, guest/run)",
				 pgmap_event_name(id));
			return -ENOENT;
		}
		format = &formats->all[id];
		format->event = id;
		format->id = event->id;
		read_types(format, event);
		err = read_fields(format, event, why);
	}
	return err;
}

const struct pgmap_trace_format *pgmap_trace_format_of(const struct pgmap_trace_formats *formats,
						       __u16 id)
{
	int event;

	for (event = PGMAP_EVENT_ADD; event < PGMAP_TRACE_NR_FORMATS; event++)
		if (formats->all[event].id == id)
			return &formats->all[event];
	return NULL;
}
