// SPDX-License-Identifier: GPL-2.0-only
/* Why a pagemap hangs, as one line of JSON. */
#include <pgmap/names.h>

#include "json_value.h"

static json *of_task(const struct pgmap_view *view, const struct pgmap_task *task)
{
	json *one = json_object_new_object();

	pgmap_put_process(one, task->comm, task->pid);
	pgmap_put_u64(one, "tid", task->tid);
	json_object_object_add(one, "stack", pgmap_json_stack(view, task->stack, task->nr_frames));
	return one;
}

static json *of_mappers(const struct pgmap_held *held)
{
	json *all = json_object_new_array();
	__u32 i;

	for (i = 0; i < held->nr_mappers && i < PGMAP_MAX_MAPPERS; i++) {
		json *one = json_object_new_object();

		pgmap_put_process(one, held->mappers[i].comm, held->mappers[i].pid);
		pgmap_put_address(one, "address", held->mappers[i].address);
		json_object_array_add(all, one);
	}
	return all;
}

static json *of_held(const struct pgmap_view *view, const struct pgmap_held *held)
{
	json *one = json_object_new_object();

	pgmap_put_address(one, "pfn", held->pfn);
	pgmap_put_u64(one, "refs", held->refs);
	pgmap_put_u64(one, "maps", held->maps);
	pgmap_put_u64(one, "nr_mappers", held->nr_mappers);
	json_object_object_add(one, "mappers", of_mappers(held));
	if (held->allocator_known) {
		json_object_object_add(one, "allocator", of_task(view, &held->allocator));
		pgmap_put_u64(one, "age_ns", held->age_ns);
	}
	return one;
}

static json *of_unknown(const struct pgmap_explanation *why)
{
	json *all = json_object_new_array();
	int i;

	for (i = PGMAP_UNKNOWN_NONE + 1; i < PGMAP_NR_UNKNOWNS; i++)
		if (why->unknown & 1U << i)
			json_object_array_add(all, json_object_new_string(pgmap_unknown_name(i)));
	return all;
}

void pgmap_json_explanation(struct pgmap_view *view, const struct pgmap_explanation *why)
{
	json *line = pgmap_json_start(view, "explanation", why->time_ns);
	json *held = json_object_new_array();
	__u32 i;

	pgmap_put_address(line, "pgmap", why->pgmap);
	pgmap_put_u64(line, "generation", why->generation);
	pgmap_put_text(line, "type", pgmap_type_name(why->type));
	pgmap_put_text(line, "driver", why->driver);
	pgmap_put_text(line, "device", why->device);
	pgmap_put_text(line, "state", pgmap_state_name(why->state));
	pgmap_put_u64(line, "nr_range", why->nr_range);
	json_object_object_add(line, "ranges", pgmap_json_ranges(why->ranges, why->nr_known));
	pgmap_put_u64(line, "pages", why->pages);
	if (why->refs_known)
		pgmap_put_u64(line, "refs", why->refs);
	if (why->has_waiter) {
		json_object_object_add(line, "waiter", of_task(view, &why->waiter));
		pgmap_put_u64(line, "waiting_ns", why->waiting_ns);
	}
	pgmap_put_u64(line, "pages_seen", why->pages_seen);
	pgmap_put_u64(line, "outstanding", why->outstanding);
	for (i = 0; i < why->nr_held; i++)
		json_object_array_add(held, of_held(view, &why->held[i]));
	json_object_object_add(line, "held", held);
	pgmap_put_u64(line, "processes", why->processes);
	json_object_object_add(line, "unknown", of_unknown(why));
	pgmap_json_finish(view, line);
}
