// SPDX-License-Identifier: GPL-2.0-only
/* Open faults: an unsorted array, as long as the number of threads in a fault. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"

static struct pgmap_open_fault *find(struct pgmap_faults *faults, __u32 tid)
{
	size_t i;

	for (i = 0; i < faults->nr; i++)
		if (faults->open[i].tid == tid)
			return &faults->open[i];
	return NULL;
}

static int make_room(struct pgmap_faults *faults)
{
	size_t room = faults->room ? faults->room * 2 : 16;
	struct pgmap_open_fault *more;

	if (faults->nr < faults->room)
		return 0;
	more = reallocarray(faults->open, room, sizeof(*more));
	if (!more)
		return -ENOMEM;
	faults->open = more;
	faults->room = room;
	return 0;
}

int pgmap_faults_enter(struct pgmap_faults *faults, const struct pgmap_open_fault *fault)
{
	struct pgmap_open_fault *old = find(faults, fault->tid);
	int err;

	if (old) {
		*old = *fault;
		return -EBUSY;
	}
	err = make_room(faults);
	if (err)
		return err;
	faults->open[faults->nr++] = *fault;
	return 0;
}

int pgmap_faults_exit(struct pgmap_faults *faults, const struct pgmap_open_fault *fault,
		      __u64 *ns)
{
	struct pgmap_open_fault *old = find(faults, fault->tid);
	struct pgmap_open_fault start;

	if (!old)
		return -ENOENT;
	start = *old;
	*old = faults->open[--faults->nr];
	if (start.pgmap != fault->pgmap || start.generation != fault->generation ||
	    fault->time_ns < start.time_ns)
		return -ENOENT;
	*ns = fault->time_ns - start.time_ns;
	return 0;
}

void pgmap_faults_free(struct pgmap_faults *faults)
{
	free(faults->open);
	memset(faults, 0, sizeof(*faults));
}
