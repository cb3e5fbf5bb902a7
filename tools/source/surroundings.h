/* SPDX-License-Identifier: GPL-2.0-only */
/* What must be so before BPF can be asked: capabilities, lockdown, BTF. */
#ifndef PGMAP_SOURCE_SURROUNDINGS_H
#define PGMAP_SOURCE_SURROUNDINGS_H

#include <stddef.h>

#include "source.h"

#define PGMAP_BTF_PATH "/sys/kernel/btf/vmlinux"
#define PGMAP_KPROBE_PATH "/sys/bus/event_source/devices/kprobe"

/* Returns 0, or a negative errno with one line for the user in @why. */
int pgmap_surroundings_check(char why[PGMAP_WHY_LEN]);

/*
 * Does kernel.perf_event_paranoid forbid probes to who has CAP_PERFMON only, as it can on Debian's
 * kernels? Then @why is one line for the user.
 */
bool pgmap_surroundings_guard_probes(char why[PGMAP_WHY_LEN]);

/* What the kernel does that a backend without tracepoints hooks into. */
enum pgmap_hook {
	PGMAP_HOOK_ADD,
	PGMAP_HOOK_UNMAP,
	PGMAP_HOOK_DRAINED,
	PGMAP_HOOK_ALLOC,
	PGMAP_HOOK_FREE,
	PGMAP_HOOK_SWAP,	/* only where a driver's fault handler cannot be probed */
	PGMAP_HOOK_GET,
	/* only for the phases of faults */
	PGMAP_HOOK_MIGRATE_SETUP,
	PGMAP_HOOK_MIGRATE_UNMAP,
	PGMAP_HOOK_MIGRATE_PAGES,
	PGMAP_HOOK_MIGRATE_FINALIZE,
	PGMAP_NR_HOOKS
};

struct pgmap_hook_target {
	const char *function;	/* by the name it has in this kernel; NULL: it has none */
	bool has_types;		/* BTF describes it, as a trampoline needs */
	bool has_symbol;	/* kallsyms has it, as a probe needs */
};

/* What differs between kernels, from their BTF and symbols. */
struct pgmap_kernel {
	const char *no_tracepoint;	/* of ours the first that is missing; NULL: all there */
	bool has_driver;		/* struct dev_pagemap names its driver */
	bool has_trampolines;
	bool has_probes;		/* perf makes kprobes ... */
	bool may_probe;			/* ... for us, too; set by who tries it */
	bool counts_skips;		/* a probe's run that was skipped is counted */
	bool can_walk_maps;		/* bpf_for_each_map_elem() */
	bool get_takes_pgmap;		/* get_dev_pagemap() takes a pagemap, too */
	__u32 alloc_pgmap_arg;		/* which argument of zone_device_page_init(); 0 none */
	__u32 alloc_order_arg;
	/* the array of struct pages: where the kernel keeps its address, or that; both 0: ? */
	__u64 vmemmap_at;
	__u64 vmemmap;
	bool has_symbols;		/* kallsyms has been read */
	struct pgmap_hook_target hooks[PGMAP_NR_HOOKS];
};

/* Reads the running kernel's BTF. Returns 0, or a negative errno with one line in @why. */
int pgmap_kernel_check(struct pgmap_kernel *kernel, char why[PGMAP_WHY_LEN]);

/*
 * Adds what its symbols say (takes a moment: they are many). Returns 0, or a negative
 * errno: then none is known.
 */
int pgmap_kernel_read_symbols(struct pgmap_kernel *kernel);

/* A fact with a printf-formatted value. */
struct pgmap_fact pgmap_fact(const char *key, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The capabilities that matter and are effective, separated by blanks. */
struct pgmap_fact pgmap_surroundings_capabilities(void);

#endif
