// SPDX-License-Identifier: GPL-2.0-only
/* An unsorted array: few faults are open for long. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "told.h"

static int make_room(struct pgmap_told *told)
{
	size_t room = told->room ? told->room * 2 : 16;
	struct pgmap_told_fault *more;

	if (told->nr < told->room)
		return 0;
	more = reallocarray(told->faults, room, sizeof(*more));
	if (!more)
		return -ENOMEM;
	told->faults = more;
	told->room = room;
	return 0;
}

int pgmap_told_note(struct pgmap_told *told, __u32 tid, __u64 time_ns)
{
	size_t i;
	int err;

	for (i = 0; i < told->nr; i++) {
		if (told->faults[i].tid != tid || told->faults[i].time_ns != time_ns)
			continue;
		told->faults[i].again = true;
		return 0;
	}
	err = make_room(told);
	if (err)
		return err;
	told->faults[told->nr++] = (struct pgmap_told_fault){ time_ns, tid, true };
	return 1;
}

void pgmap_told_forget(struct pgmap_told *told)
{
	size_t i, nr = 0;

	for (i = 0; i < told->nr; i++) {
		if (!told->faults[i].again)
			continue;
		told->faults[i].again = false;
		told->faults[nr++] = told->faults[i];
	}
	told->nr = nr;
}

struct pgmap_event pgmap_told_event(__u32 tid, const struct pgmap_fault_start *start,
				    __u64 now_ns)
{
	struct pgmap_event ev = {
		.time_ns = now_ns,
		.pgmap = start->pgmap,
		.generation = start->generation,
		.event = PGMAP_EVENT_FAULT_OPEN,
		.flags = PGMAP_FLAG_COUNTED,
		.type = start->type,
		.pid = start->pid,
		.tid = tid,
	};

	memcpy(ev.comm, start->comm, sizeof(ev.comm));
	ev.u.page.pfn = start->pfn;
	ev.u.page.address = start->address;
	ev.u.page.since_ns = start->time_ns;
	return ev;
}

void pgmap_told_free(struct pgmap_told *told)
{
	free(told->faults);
	memset(told, 0, sizeof(*told));
}
