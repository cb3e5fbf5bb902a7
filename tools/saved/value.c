// SPDX-License-Identifier: GPL-2.0-only
/* Values of a saved result: each is checked for being what it says. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pgmap/names.h>

#include "value.h"

int pgmap_refuse(struct pgmap_parsing *parsing, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(parsing->why, PGMAP_SAVED_WHY_LEN, format, args);
	va_end(args);
	return -EINVAL;
}

json *pgmap_find(struct pgmap_parsing *parsing, json *of, const char *key, enum json_type type)
{
	json *value;

	if (json_object_object_get_ex(of, key, &value) && json_object_is_type(value, type))
		return value;
	pgmap_refuse(parsing, "it has no \"%s\" of the right kind: not a saved result, or damaged",
		     key);
	return NULL;
}

int pgmap_as_u64(struct pgmap_parsing *parsing, json *value, const char *what, __u64 limit,
		 __u64 *number)
{
	if (!json_object_is_type(value, json_type_int) || json_object_get_int64(value) < 0 ||
	    json_object_get_uint64(value) > limit)
		return pgmap_refuse(parsing, "\"%s\" is no possible number: the file is damaged",
				    what);
	*number = json_object_get_uint64(value);
	return 0;
}

int pgmap_get_u64(struct pgmap_parsing *parsing, json *of, const char *key, __u64 limit,
		  __u64 *number)
{
	json *value = pgmap_find(parsing, of, key, json_type_int);

	return value ? pgmap_as_u64(parsing, value, key, limit, number) : -EINVAL;
}

int pgmap_get_bool(struct pgmap_parsing *parsing, json *of, const char *key, bool *is)
{
	json *value = pgmap_find(parsing, of, key, json_type_boolean);

	if (!value)
		return -EINVAL;
	*is = json_object_get_boolean(value);
	return 0;
}

int pgmap_get_text(struct pgmap_parsing *parsing, json *of, const char *key, char *text,
		   size_t size)
{
	json *value = pgmap_find(parsing, of, key, json_type_string);

	if (!value)
		return -EINVAL;
	if ((size_t)json_object_get_string_len(value) >= size ||
	    strlen(json_object_get_string(value)) != (size_t)json_object_get_string_len(value))
		return pgmap_refuse(parsing, "\"%s\" is no possible text: the file is damaged",
				    key);
	strcpy(text, json_object_get_string(value));
	return 0;
}

int pgmap_get_type(struct pgmap_parsing *parsing, json *of, __u16 *type)
{
	char text[PGMAP_NAME_LEN];
	int err = pgmap_get_text(parsing, of, "type", text, sizeof(text));

	for (*type = 0; !err && *type < PGMAP_NR_TYPES; (*type)++)
		if (!strcmp(text, pgmap_type_name(*type)))
			return 0;
	return err ? err : pgmap_refuse(parsing, "\"%s\": no such type of pagemap", text);
}

int pgmap_get_address(struct pgmap_parsing *parsing, json *of, const char *key, __u64 *address)
{
	char text[24], *rest;
	int err = pgmap_get_text(parsing, of, key, text, sizeof(text));

	if (err)
		return err;
	errno = 0;
	*address = strtoull(text, &rest, 16);
	if (strncmp(text, "0x", 2) || *rest || errno)
		return pgmap_refuse(parsing, "\"%s\" is no address: the file is damaged", key);
	return 0;
}
