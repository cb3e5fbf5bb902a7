// SPDX-License-Identifier: GPL-2.0-only
/* Open addressing, at most half full. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "thread_names.h"

enum { FIRST_ROOM = 256 };

static struct pgmap_thread_name *place_of(const struct pgmap_thread_names *names, __u32 tid)
{
	size_t at = tid & (names->room - 1);

	while (names->all[at].tid && names->all[at].tid != tid)
		at = (at + 1) & (names->room - 1);
	return &names->all[at];
}

static int grow(struct pgmap_thread_names *names)
{
	struct pgmap_thread_names more = {
		.nr = names->nr,
		.room = names->room ? 2 * names->room : FIRST_ROOM,
	};
	size_t at;

	if (names->nr == PGMAP_MAX_THREADS)
		return -ENOSPC;
	more.all = calloc(more.room, sizeof(*more.all));
	if (!more.all)
		return -ENOMEM;
	for (at = 0; at < names->room; at++)
		if (names->all[at].tid)
			*place_of(&more, names->all[at].tid) = names->all[at];
	free(names->all);
	*names = more;
	return 0;
}

int pgmap_thread_names_note(struct pgmap_thread_names *names, __u32 tid, __u32 pid,
			    const char *comm)
{
	struct pgmap_thread_name *place;
	int err;

	if (2 * (names->nr + 1) > names->room) {
		err = grow(names);
		if (err)
			return err;
	}
	place = place_of(names, tid);
	if (!place->tid)
		names->nr++;
	place->tid = tid;
	if (pid)
		place->pid = pid;
	if (comm)
		snprintf(place->comm, sizeof(place->comm), "%.*s", PGMAP_COMM_LEN - 1, comm);
	return 0;
}

int pgmap_thread_names_read(struct pgmap_thread_names *names, char *lines)
{
	unsigned long tid;
	char *line, *rest;
	int err = 0;

	while (!err && (line = strsep(&lines, "\n"))) {
		tid = strtoul(line, &rest, 10);
		if (tid && tid <= ~0U && *rest == ' ')
			err = pgmap_thread_names_note(names, tid, 0, rest + 1);
	}
	return err;
}

void pgmap_thread_names_fill(const struct pgmap_thread_names *names, struct pgmap_event *ev,
			     __u32 cpu)
{
	const struct pgmap_thread_name *place;

	ev->cpu = cpu;
	/* all that run when there is nothing to do share one number */
	if (!ev->tid) {
		snprintf(ev->comm, sizeof(ev->comm), "swapper/%u", cpu);
		return;
	}
	if (!names->room)
		return;
	place = place_of(names, ev->tid);
	if (!place->tid)
		return;
	ev->pid = place->pid;
	memcpy(ev->comm, place->comm, sizeof(ev->comm));
}

void pgmap_thread_names_free(struct pgmap_thread_names *names)
{
	free(names->all);
	memset(names, 0, sizeof(*names));
}
