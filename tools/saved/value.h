/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values of a saved result. Each returns 0, or -EINVAL with one line for the user in
 * @parsing: the key is not there, or what it has is not of that kind or not possible.
 */
#ifndef PGMAP_SAVED_VALUE_H
#define PGMAP_SAVED_VALUE_H

#include <json-c/json.h>

#include "saved.h"

typedef struct json_object json;

/* Far more than can be counted in a lifetime, and no sum of a few runs over. */
#define PGMAP_SAVED_LARGEST (1ULL << 56)

struct pgmap_parsing {
	struct pgmap_summary *to;
	char *why;	/* of PGMAP_SAVED_WHY_LEN bytes */
};

/* Says why. Returns -EINVAL. */
__attribute__((format(printf, 2, 3)))
int pgmap_refuse(struct pgmap_parsing *parsing, const char *format, ...);

/* The value of that type, or NULL and said why. */
json *pgmap_find(struct pgmap_parsing *parsing, json *of, const char *key, enum json_type type);

/* @value as a number of 0 .. @limit; @what it is called when it is none. */
int pgmap_as_u64(struct pgmap_parsing *parsing, json *value, const char *what, __u64 limit,
		 __u64 *number);

int pgmap_get_u64(struct pgmap_parsing *parsing, json *of, const char *key, __u64 limit,
		  __u64 *number);
int pgmap_get_bool(struct pgmap_parsing *parsing, json *of, const char *key, bool *is);

/* Shorter than @size bytes. */
int pgmap_get_text(struct pgmap_parsing *parsing, json *of, const char *key, char *text,
		   size_t size);

/* "type", an enum pgmap_type. */
int pgmap_get_type(struct pgmap_parsing *parsing, json *of, __u16 *type);

/* A string of hexadecimal digits after 0x. */
int pgmap_get_address(struct pgmap_parsing *parsing, json *of, const char *key, __u64 *address);

#endif
