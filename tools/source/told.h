/* SPDX-License-Identifier: GPL-2.0-only */
/* Faults that are open for too long: which of them have been told of, each once. */
#ifndef PGMAP_SOURCE_TOLD_H
#define PGMAP_SOURCE_TOLD_H

#include <stdbool.h>
#include <stddef.h>

#include <pgmap/event.h>

struct pgmap_told_fault {
	__u64 time_ns;
	__u32 tid;
	bool again;	/* met since the last pgmap_told_forget() */
};

/* All zero is an empty one. */
struct pgmap_told {
	struct pgmap_told_fault *faults;
	size_t nr;
	size_t room;
};

/*
 * Notes the fault that thread @tid began at @time_ns. Returns 1 the first time,
 * 0 later, or -ENOMEM.
 */
int pgmap_told_note(struct pgmap_told *told, __u32 tid, __u64 time_ns);

/* Forgets those not noted since the last call: they are over. */
void pgmap_told_forget(struct pgmap_told *told);

/* The FAULT_OPEN record at @now_ns of the fault @start of thread @tid. */
struct pgmap_event pgmap_told_event(__u32 tid, const struct pgmap_fault_start *start,
				    __u64 now_ns);

/* Leaves it empty. */
void pgmap_told_free(struct pgmap_told *told);

#endif
