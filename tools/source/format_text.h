/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text in which the kernel describes a trace record, read without trust in it, as it may
 * come from a damaged file: libtraceevent follows such text anywhere.
 */
#ifndef PGMAP_SOURCE_FORMAT_TEXT_H
#define PGMAP_SOURCE_FORMAT_TEXT_H

#include <stdbool.h>

#include "trace_format.h"

/* Is it that of the event @name? */
bool pgmap_format_text_is(const char *text, const char *name);

/* The kernel's number of the event, or 0. */
__u16 pgmap_format_text_id(const char *text);

/* Where the field @name is. Returns whether there is one. */
bool pgmap_format_text_field(const char *text, const char *name, struct pgmap_trace_place *place);

/* The number that is printed as @symbol for the field @name, or PGMAP_TRACE_NO_TYPE. */
__s32 pgmap_format_text_symbol(const char *text, const char *name, const char *symbol);

#endif
