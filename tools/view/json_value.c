// SPDX-License-Identifier: GPL-2.0-only
/* Values as JSON: what all lines of the JSON view are made of. */
#include <string.h>
#include <time.h>

#include "json_value.h"

void pgmap_put_u64(json *to, const char *key, __u64 value)
{
	json_object_object_add(to, key, json_object_new_uint64(value));
}

void pgmap_put_s64(json *to, const char *key, __s64 value)
{
	json_object_object_add(to, key, json_object_new_int64(value));
}

void pgmap_put_bool(json *to, const char *key, bool value)
{
	json_object_object_add(to, key, json_object_new_boolean(value));
}

void pgmap_put_text(json *to, const char *key, const char *value)
{
	json_object_object_add(to, key, json_object_new_string(value));
}

/* A string: doubles, which many readers use for numbers, have 53 bits. */
void pgmap_put_address(json *to, const char *key, __u64 value)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%llx", value);
	pgmap_put_text(to, key, text);
}

static void put_time_of_day(const struct pgmap_view *view, json *to, __u64 time_ns)
{
	__u64 real_ns = time_ns + view->options.real_offset_ns;
	time_t seconds = real_ns / 1000000000;
	char text[40], day[24];
	struct tm utc;

	if (!view->options.timestamps || !gmtime_r(&seconds, &utc))
		return;
	strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text, sizeof(text), "%s.%06lluZ", day, real_ns % 1000000000 / 1000);
	pgmap_put_text(to, "time", text);
}

json *pgmap_json_start(const struct pgmap_view *view, const char *kind, __u64 time_ns)
{
	json *line = json_object_new_object();

	pgmap_put_text(line, "schema", PGMAP_JSON_SCHEMA);
	pgmap_put_text(line, "kind", kind);
	if (time_ns) {
		pgmap_put_u64(line, "time_ns", time_ns);
		put_time_of_day(view, line, time_ns);
	}
	return line;
}

void pgmap_json_finish(const struct pgmap_view *view, json *line)
{
	int flags = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;

	fprintf(view->options.out, "%s\n", json_object_to_json_string_ext(line, flags));
	fflush(view->options.out);
	json_object_put(line);
}

void pgmap_put_s64_if(json *to, const char *key, __s64 value, bool unknown)
{
	if (unknown)
		json_object_object_add(to, key, NULL);
	else
		pgmap_put_s64(to, key, value);
}

void pgmap_put_counts(json *to, const struct pgmap_counts *counts, __u32 unseen)
{
	bool no_faults = unseen & PGMAP_SIGHT_FAULT;

	pgmap_put_s64_if(to, "allocs", counts->allocs, unseen & PGMAP_SIGHT_ALLOC);
	pgmap_put_s64_if(to, "frees", counts->frees, unseen & PGMAP_SIGHT_FREE);
	pgmap_put_s64_if(to, "fault_enters", counts->fault_enters, no_faults);
	pgmap_put_s64_if(to, "faults", counts->faults, no_faults);
	pgmap_put_s64_if(to, "fault_errors", counts->fault_errors, no_faults);
}

json *pgmap_json_ranges(const struct pgmap_range *ranges, __u32 nr)
{
	json *all = json_object_new_array();
	__u32 i;

	for (i = 0; i < nr; i++) {
		json *one = json_object_new_object();

		pgmap_put_address(one, "start", ranges[i].start);
		pgmap_put_address(one, "end", ranges[i].end);
		json_object_array_add(all, one);
	}
	return all;
}

void pgmap_put_process(json *to, const char comm[PGMAP_COMM_LEN], __u32 pid)
{
	char text[PGMAP_COMM_LEN + 1] = "";

	memcpy(text, comm, PGMAP_COMM_LEN);
	pgmap_put_text(to, "comm", text);
	pgmap_put_u64(to, "pid", pid);
}
