/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values as JSON (docs/json.md): numbers in base units, addresses as strings, since doubles,
 * which many readers use for numbers, have 53 bits.
 */
#ifndef PGMAP_VIEW_JSON_VALUE_H
#define PGMAP_VIEW_JSON_VALUE_H

#include <json-c/json.h>

#include "view.h"

typedef struct json_object json;

struct pgmap_view {
	struct pgmap_view_options options;
};

void pgmap_put_u64(json *to, const char *key, __u64 value);
void pgmap_put_s64(json *to, const char *key, __s64 value);
void pgmap_put_bool(json *to, const char *key, bool value);
void pgmap_put_text(json *to, const char *key, const char *value);
void pgmap_put_address(json *to, const char *key, __u64 value);

/* Those that are not in @unseen (PGMAP_SIGHT_*); the others are null. */
void pgmap_put_counts(json *to, const struct pgmap_counts *counts, __u32 unseen);

/* @value, or null if it is @unknown. */
void pgmap_put_s64_if(json *to, const char *key, __s64 value, bool unknown);

/* "comm" and "pid" */
void pgmap_put_process(json *to, const char comm[PGMAP_COMM_LEN], __u32 pid);

/* An array of "start" and "end"; the caller's. */
json *pgmap_json_ranges(const struct pgmap_range *ranges, __u32 nr);

/* A line of @kind; @time_ns 0: it has no time. The caller's until it is finished. */
json *pgmap_json_start(const struct pgmap_view *view, const char *kind, __u64 time_ns);

/* Writes the line and flushes it: a reader may wait for it, and the machine may die. */
void pgmap_json_finish(const struct pgmap_view *view, json *line);

/* A kernel stack, innermost frame first; the caller's. */
json *pgmap_json_stack(const struct pgmap_view *view, const __u64 *stack, __u32 nr);

/* "tool", "kernel", "arch", "backend", "cpus" */
void pgmap_put_origin(json *to, const struct pgmap_origin *origin);

/* Which group it is, by what they are told apart. */
void pgmap_put_group(json *to, enum pgmap_by by, const struct pgmap_group *group);

/* An array of the names of PGMAP_SIGHT_* in @unseen; the caller's. */
json *pgmap_json_unseen(__u32 unseen);

/* A line of kind "finding". */
void pgmap_json_finding(struct pgmap_view *view, const struct pgmap_finding *finding,
			enum pgmap_severity severity);

/* A line of kind "explanation". */
void pgmap_json_explanation(struct pgmap_view *view, const struct pgmap_explanation *why);

/* A line of kind "pagemap" for each. */
void pgmap_json_listing(struct pgmap_view *view, const struct pgmap_listing *listing);

#endif
