// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the live source tells without an event in the kernel: that time went by,
 * and which faults have been open for too long by then. This goes past the order:
 * a record that was on its way for very long is not out of order for the clock's
 * sake, since nothing that a tick leads to depends on a moment more or less.
 */
#include <errno.h>

#include "live.h"

#define TICK_EVERY_NS 1000000000ULL

enum { BATCH = 128 };

static int tell_fault(struct pgmap_source *source, __u32 tid,
		      const struct pgmap_fault_start *start, __u64 now_ns,
		      const struct pgmap_sink *sink)
{
	struct pgmap_event ev;
	int is_new;

	if (start->time_ns > now_ns || now_ns - start->time_ns < source->stall_ns)
		return 0;
	is_new = pgmap_told_note(&source->told, tid, start->time_ns);
	if (is_new <= 0)
		return is_new;
	ev = pgmap_told_event(tid, start, now_ns);
	return sink->event(sink->context, &ev);
}

static int tell_open_faults(struct pgmap_source *source, __u64 now_ns,
			    const struct pgmap_sink *sink)
{
	int fd = bpf_map__fd(source->skeleton->maps.fault_starts);
	struct pgmap_fault_start starts[BATCH];
	__u32 tids[BATCH], nr, i, position, *from = NULL;
	int err, end;

	do {
		nr = BATCH;
		end = bpf_map_lookup_batch(fd, from, &position, tids, starts, &nr, NULL);
		if (end && end != -ENOENT)
			return end;
		from = &position;
		for (i = 0; i < nr; i++) {
			err = tell_fault(source, tids[i], &starts[i], now_ns, sink);
			if (err)
				return err;
		}
	} while (!end);
	pgmap_told_forget(&source->told);
	return 0;
}

int pgmap_live_tick(struct pgmap_source *source, __u64 watermark_ns,
		    const struct pgmap_sink *sink)
{
	struct pgmap_event tick = { .event = PGMAP_EVENT_TICK, .time_ns = watermark_ns };
	int err = 0;

	if (watermark_ns - source->last_tick_ns < TICK_EVERY_NS)
		return 0;
	source->last_tick_ns = watermark_ns;
	if (source->pages && source->stall_ns)
		err = tell_open_faults(source, watermark_ns, sink);
	return err ? err : sink->event(sink->context, &tick);
}
