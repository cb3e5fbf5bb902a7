/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * By what latencies are told apart, what is measured, and what may come out when two
 * runs are compared; the key and value of the BPF map that holds those of threads and
 * CPUs. Data only.
 */
#ifndef PGMAP_GROUPING_H
#define PGMAP_GROUPING_H

#include <pgmap/event.h>

/* Each but the last two is a property of the pagemap, so its own histogram will do. */
#define PGMAP_BYS(X)	\
	X(PGMAP, "pgmap")	\
	X(DRIVER, "driver")	\
	X(TYPE, "type")	\
	X(NODE, "node")	\
	X(COMM, "comm")	\
	X(CPU, "cpu")

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

/* Key of `groups`: who left the fault, by what was asked for; the other one is zero. */
struct pgmap_group_key {
	char comm[PGMAP_COMM_LEN];
	__u32 cpu;
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
	return by == PGMAP_BY_COMM || by == PGMAP_BY_CPU;
}

_Static_assert(sizeof(struct pgmap_group_key) == 24, "no hidden padding");
_Static_assert(sizeof(struct pgmap_group_value) == 24, "no hidden padding");

#endif
