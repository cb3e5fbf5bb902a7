/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Backend tp_btf: one thin program for each tracepoint of system memremap. Those for single pages
 * are raw ones, that is without types: there an address is a number that can be calculated with,
 * and the arguments are pgmap, pfn, pages.
 */
#ifndef PGMAP_TRACEPOINTS_BPF_H
#define PGMAP_TRACEPOINTS_BPF_H

#include "life.bpf.h"
#include "use.bpf.h"

SEC("?tp_btf/pgmap_add")
int BPF_PROG(pgmap_add, const struct dev_pagemap *pgmap, const char *device, int node, int error,
	     __u64 setup_ns)
{
	struct add_info info = {
		.id = PGMAP_EVENT_ADD,
		.device = device,
		.node = node,
		.error = error,
		.setup_ns = setup_ns,
	};

	return on_add(ctx, pgmap, &info);
}

SEC("?tp_btf/pgmap_kill")
int BPF_PROG(pgmap_kill, const struct dev_pagemap *pgmap, bool adding)
{
	return on_kill(ctx, pgmap, adding);
}

SEC("?tp_btf/pgmap_drained")
int BPF_PROG(pgmap_drained, const struct dev_pagemap *pgmap)
{
	return on_drained(ctx, pgmap);
}

SEC("?tp_btf/pgmap_release")
int BPF_PROG(pgmap_release, const struct dev_pagemap *pgmap)
{
	return on_release(ctx, pgmap);
}

/*
 * The long way is not inlined, and takes its arguments out of the context itself, so that the
 * short one has nothing to save for it. It is one frame more of ours on a stack.
 */
static __noinline int alloc_long(unsigned long long *ctx)
{
	return on_alloc(ctx, (const struct dev_pagemap *)ctx[0], ctx[1], ctx[2],
			knob_own_frames + 1);
}

static __noinline int free_long(unsigned long long *ctx)
{
	return on_free(ctx, (const struct dev_pagemap *)ctx[0], ctx[1], ctx[2],
		       knob_own_frames + 1);
}

SEC("?raw_tp/pgmap_page_alloc")
int pgmap_page_alloc(unsigned long long *ctx)
{
	struct pgmap_counts *sums = calm_counts(ctx[0]);

	if (!sums)
		return alloc_long(ctx);
	count_alloc(sums, ctx[2]);
	return 0;
}

SEC("?raw_tp/pgmap_page_free")
int pgmap_page_free(unsigned long long *ctx)
{
	struct pgmap_counts *sums = calm_counts(ctx[0]);

	if (!sums)
		return free_long(ctx);
	count_free(sums, ctx[2]);
	return 0;
}

SEC("?tp_btf/pgmap_fault_enter")
int BPF_PROG(pgmap_fault_enter, const struct dev_pagemap *pgmap, unsigned long address,
	     unsigned long pfn)
{
	return on_fault_enter(ctx, pgmap, address, pfn, knob_own_frames);
}

SEC("?tp_btf/pgmap_fault_exit")
int BPF_PROG(pgmap_fault_exit, const struct dev_pagemap *pgmap, unsigned long address,
	     unsigned long pfn, vm_fault_t result)
{
	return on_fault_exit(ctx, pgmap, address, pfn, result, knob_own_frames);
}

#endif
