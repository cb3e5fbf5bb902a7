/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Faults that have entered and not yet left, by thread, for sources that give
 * page events one by one.
 */
#ifndef PGMAP_CORE_FAULTS_H
#define PGMAP_CORE_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

#include <pgmap/event.h>

struct pgmap_open_fault {
	__u32 tid;
	__u32 generation;
	__u64 pgmap;
	__u64 time_ns;
	__u64 pfn;
	__u64 address;
	__u32 pid;
	bool told;	/* that it is open for too long */
	char comm[PGMAP_COMM_LEN];
};

/* All zero is an empty one. A thread handles one fault at a time: few are open. */
struct pgmap_faults {
	struct pgmap_open_fault *open;
	size_t nr;
	size_t room;
};

/* Returns 0, -ENOMEM, or -EBUSY: an older one of this thread never left and is replaced. */
int pgmap_faults_enter(struct pgmap_faults *faults, const struct pgmap_open_fault *fault);

/*
 * Ends the fault of @fault's thread and puts its duration up to
 * @fault->time_ns into @ns. Returns 0, or -ENOENT: no such fault was open.
 */
int pgmap_faults_exit(struct pgmap_faults *faults, const struct pgmap_open_fault *fault,
		      __u64 *ns);

/* Leaves it empty. */
void pgmap_faults_free(struct pgmap_faults *faults);

#endif
