/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Backend tp_btf: one thin program for each tracepoint of system memremap. */
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

SEC("?tp_btf/pgmap_page_alloc")
int BPF_PROG(pgmap_page_alloc, const struct dev_pagemap *pgmap, unsigned long pfn,
	     unsigned long pages)
{
	return on_alloc(ctx, pgmap, pfn, pages);
}

SEC("?tp_btf/pgmap_page_free")
int BPF_PROG(pgmap_page_free, const struct dev_pagemap *pgmap, unsigned long pfn,
	     unsigned long pages)
{
	return on_free(ctx, pgmap, pfn, pages);
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
