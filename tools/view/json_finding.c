// SPDX-License-Identifier: GPL-2.0-only
/* A finding as one line of JSON, with the events and the kernel stack that explain it. */
#include <pgmap/names.h>

#include "json_value.h"

static json *of_history(const struct pgmap_history *history)
{
	json *all = json_object_new_array();
	__u32 i;

	for (i = 0; i < history->nr; i++) {
		const struct pgmap_moment *moment = &history->moments[i];
		json *one = json_object_new_object();

		pgmap_put_text(one, "event", pgmap_event_name(moment->event));
		pgmap_put_u64(one, "time_ns", moment->time_ns);
		pgmap_put_u64(one, "generation", moment->generation);
		pgmap_put_bool(one, "adding", moment->flags & PGMAP_FLAG_ADDING);
		pgmap_put_s64(one, "error", moment->error);
		pgmap_put_process(one, moment->comm, moment->pid);
		json_object_array_add(all, one);
	}
	return all;
}

static json *of_frame(const struct pgmap_frame *frame)
{
	json *one = json_object_new_object();

	pgmap_put_address(one, "address", frame->address);
	if (frame->function) {
		pgmap_put_text(one, "function", frame->function);
		pgmap_put_u64(one, "offset", frame->offset);
	}
	if (frame->module)
		pgmap_put_text(one, "module", frame->module);
	if (frame->file) {
		pgmap_put_text(one, "file", frame->file);
		pgmap_put_u64(one, "line", frame->line);
	}
	return one;
}

json *pgmap_json_stack(const struct pgmap_view *view, const __u64 *stack, __u32 nr)
{
	json *all = json_object_new_array();
	struct pgmap_frame frame;
	__u32 i;

	for (i = 0; i < nr; i++) {
		pgmap_symbols_frame(view->options.symbols, stack[i], &frame);
		json_object_array_add(all, of_frame(&frame));
	}
	return all;
}

/* Where the pagemap is; an empty array if it never said so. */
static void put_place(json *to, const struct pgmap_finding *finding)
{
	pgmap_put_u64(to, "nr_range", finding->nr_range);
	json_object_object_add(to, "ranges",
			       pgmap_json_ranges(&finding->where, finding->where.end ? 1 : 0));
}

void pgmap_json_finding(struct pgmap_view *view, const struct pgmap_finding *finding,
			enum pgmap_severity severity)
{
	json *line = pgmap_json_start(view, "finding", finding->time_ns);

	pgmap_put_text(line, "rule", pgmap_rule_name(finding->rule));
	pgmap_put_text(line, "severity", pgmap_severity_name(severity));
	pgmap_put_text(line, "text", pgmap_rule_text(finding->rule));
	pgmap_put_address(line, "pgmap", finding->pgmap);
	pgmap_put_u64(line, "generation", finding->generation);
	pgmap_put_text(line, "type", pgmap_type_name(finding->type));
	pgmap_put_text(line, "driver", finding->driver);
	pgmap_put_text(line, "device", finding->device);
	pgmap_put_text(line, "state", pgmap_state_name(finding->state));
	pgmap_put_process(line, finding->comm, finding->pid);
	pgmap_put_u64(line, "tid", finding->tid);
	put_place(line, finding);
	pgmap_put_u64(line, "times", finding->times);
	pgmap_put_s64(line, "error", finding->error);
	pgmap_put_s64_if(line, "outstanding", finding->outstanding,
			 finding->outstanding_unknown);
	pgmap_put_u64(line, "for_ns", finding->for_ns);
	if (finding->unseen & PGMAP_SIGHT_PFN)
		json_object_object_add(line, "pfn", NULL);
	else
		pgmap_put_address(line, "pfn", finding->pfn);
	pgmap_put_address(line, "address", finding->address);
	pgmap_put_u64(line, "nr_faults", finding->nr_faults);
	pgmap_put_address(line, "other", finding->other);
	pgmap_put_u64(line, "other_generation", finding->other_generation);
	pgmap_put_address(line, "start", finding->range.start);
	pgmap_put_address(line, "end", finding->range.end);
	json_object_object_add(line, "events", of_history(&finding->history));
	json_object_object_add(line, "stack",
			       pgmap_json_stack(view, finding->stack, finding->nr_frames));
	pgmap_json_finish(view, line);
}
