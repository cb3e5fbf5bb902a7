// SPDX-License-Identifier: GPL-2.0-only
/* Lines of "field:TYPE NAME; offset:N; size:N; signed:N;" and { N, "NAME" } in the print format. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format_text.h"

enum { KEY_LEN = 64 };

bool pgmap_format_text_is(const char *text, const char *name)
{
	size_t length = strlen(name);

	return !strncmp(text, "name: ", 6) && !strncmp(text + 6, name, length) &&
	       text[6 + length] == '\n';
}

__u16 pgmap_format_text_id(const char *text)
{
	const char *found = strstr(text, "\nID: ");
	unsigned long id = found ? strtoul(found + 5, NULL, 10) : 0;

	return id <= 0xffff ? id : 0;
}

/* The number behind @key in the line that ends at @end. */
static bool take_number(const char *line, const char *end, const char *key, int *number)
{
	const char *found = strstr(line, key);
	long value;

	if (!found || found >= end)
		return false;
	value = strtol(found + strlen(key), NULL, 10);
	*number = value;
	return value >= 0 && value <= 0xffff;
}

/* Does the declaration up to @end declare @name, be it an array? */
static bool declares(const char *start, const char *end, const char *name)
{
	size_t length = strlen(name);

	if (end > start && end[-1] == ']')
		while (end > start && *end != '[')
			end--;
	if ((size_t)(end - start) <= length)
		return false;
	end -= length;
	return !strncmp(end, name, length) && isspace((unsigned char)end[-1]);
}

bool pgmap_format_text_field(const char *text, const char *name, struct pgmap_trace_place *place)
{
	static const char start[] = "\tfield:";
	const char *line, *end, *declared;

	for (line = strstr(text, start); line; line = strstr(end, start)) {
		line += strlen(start);
		end = line + strcspn(line, "\n");
		declared = line + strcspn(line, ";\n");
		if (!declares(line, declared, name))
			continue;
		place->is_dynamic = !strncmp(line, "__data_loc ", 11);
		return take_number(declared, end, "offset:", &place->offset) &&
		       take_number(declared, end, "size:", &place->size);
	}
	return false;
}

__s32 pgmap_format_text_symbol(const char *text, const char *name, const char *symbol)
{
	char key[KEY_LEN], wanted[KEY_LEN];
	const char *at, *end, *found;

	snprintf(key, sizeof(key), "__print_symbolic(REC->%s,", name);
	snprintf(wanted, sizeof(wanted), ", \"%s\" }", symbol);
	at = strstr(text, key);
	if (!at)
		return PGMAP_TRACE_NO_TYPE;
	end = at + strcspn(at + strlen(key), ")") + strlen(key);
	found = strstr(at, wanted);
	if (!found || found >= end)
		return PGMAP_TRACE_NO_TYPE;
	while (found > at && *found != '{')
		found--;
	return *found == '{' ? (__s32)strtol(found + 1, NULL, 0) : PGMAP_TRACE_NO_TYPE;
}
