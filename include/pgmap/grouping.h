/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * By what latencies are told apart, what is measured, and what may come out when two
 * runs are compared; the key and value of the BPF map that holds those of threads, CPUs
 * and phases. Data only.
 */
#ifndef PGMAP_GROUPING_H
#define PGMAP_GROUPING_H

#include <pgmap/event.h>

/* Each but the last three is a property of the pagemap, so its own histogram will do. */
#define PGMAP_BYS(X)	\
	X(PGMAP, "pgmap")	\
	X(DRIVER, "driver")	\
	X(TYPE, "type")	\
	X(NODE, "node")	\
	X(COMM, "comm")	\
	X(CPU, "cpu")	\
	X(PHASE, "phase")

/*
 * Where the time of a fault goes, by the functions of mm/migrate_device.c that its driver
 * calls. Where migrate_device_unmap() cannot be watched, its time is in collect.
 */
#define PGMAP_PHASES(X)	\
	X(WHOLE, "whole", "from one end of the fault to the other") \
	X(COLLECT, "collect", "migrate_vma_setup() without unmap")	\
	X(UNMAP, "unmap", "migrate_device_unmap(): migration entries take the place of mappings") \
	X(COPY, "copy", "between these two functions: the driver allocates and copies") \
	X(MIGRATE, "migrate", "migrate_vma_pages()")	\
	X(FINALIZE, "finalize", "migrate_vma_finalize()")	\
	X(DRIVER, "driver", "all else: the driver's own time")

/* What is measured, and from where to where. */
#define PGMAP_METRICS(X)	\
	X(FAULT, "fault", "a CPU fault on device-private memory, migrate_to_ram() and around it") \
	X(SETUP, "setup", "memremap_pages()")	\
	X(DRAIN, "drain", "pgmap_kill to pgmap_drained")	\
	X(RELEASE, "release", "pgmap_drained to pgmap_release")

/*
 * SAME: the values seen differ by less than was asked about. UNSURE: by as much, but that may
 * be chance.
 */
#define PGMAP_CHANGES(X)	\
	X(SAME, "same")	\
	X(UNSURE, "unsure")	\
	X(SLOWER, "slower")	\
	X(FASTER, "faster")	\
	X(TOO_FEW, "too_few")	\
	X(ONLY_BASE, "only_in_base")	\
	X(ONLY_NEW, "only_in_new")

enum pgmap_by {
	PGMAP_BY_NONE,
#define X(id, ...) PGMAP_BY_##id,
	PGMAP_BYS(X)
#undef X
	PGMAP_NR_BYS
};

enum pgmap_phase {
#define X(id, ...) PGMAP_PHASE_##id,
	PGMAP_PHASES(X)
#undef X
	PGMAP_NR_PHASES
};

enum pgmap_metric_id {
#define X(id, ...) PGMAP_METRIC_##id,
	PGMAP_METRICS(X)
#undef X
	PGMAP_NR_METRICS
};

enum pgmap_change {
#define X(id, ...) PGMAP_CHANGE_##id,
	PGMAP_CHANGES(X)
#undef X
	PGMAP_NR_CHANGES
};

/* Key of `groups`: who left the fault, or its phase, by what was asked for; else zero. */
struct pgmap_group_key {
	char comm[PGMAP_COMM_LEN];
	__u32 number;		/* CPU, or enum pgmap_phase */
	__u32 bucket;		/* of the latency in ns: pgmap/histogram.h */
};

/* Value of `groups`. */
struct pgmap_group_value {
	__u64 count;
	__u64 sum_ns;
	__u64 max_ns;
};

/* Has the kernel to tell them apart, since no pagemap knows? */
static inline int pgmap_by_needs_groups(__u32 by)
{
	return by == PGMAP_BY_COMM || by == PGMAP_BY_CPU || by == PGMAP_BY_PHASE;
}

/* Value of `fault_phases`: a fault that is being handled. */
struct pgmap_fault_phases {
	__u64 begin_ns;
	__u64 since_ns;		/* in @phase */
	__u32 phase;		/* enum pgmap_phase */
	__u32 met;		/* bit 1 << phase: it was in that one */
	__u64 ns[PGMAP_NR_PHASES];
};

_Static_assert(sizeof(struct pgmap_group_key) == 24, "no hidden padding");
_Static_assert(sizeof(struct pgmap_group_value) == 24, "no hidden padding");
_Static_assert(sizeof(struct pgmap_fault_phases) == 80, "no hidden padding");

#endif
