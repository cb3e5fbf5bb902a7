/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Backend kprobe: the same by probes, where there are no trampolines; and in every backend
 * but tp_btf the driver's migrate_to_ram(), whose address a pagemap brings with it. User
 * space attaches all of them by itself, returns before entries.
 */
#ifndef PGMAP_PROBES_BPF_H
#define PGMAP_PROBES_BPF_H

#include "functions.bpf.h"

SEC("?kretprobe")
int BPF_KRETPROBE(kretprobe_add, void *address)
{
	return exit_add(ctx, (__s64)address);
}

SEC("?kprobe")
int BPF_KPROBE(kprobe_add, const struct dev_pagemap *pgmap, int node)
{
	return enter_add(pgmap, node);
}

SEC("?kretprobe")
int BPF_KRETPROBE(kretprobe_unmap)
{
	return exit_unmap(ctx);
}

SEC("?kprobe")
int BPF_KPROBE(kprobe_unmap, const struct dev_pagemap *pgmap)
{
	return enter_unmap(ctx, pgmap);
}

SEC("?kprobe")
int BPF_KPROBE(kprobe_drained, const void *ref)
{
	return ref_released(ctx, ref);
}

static __always_inline __u64 register_argument(struct pt_regs *ctx, __u32 nr)
{
	return nr == 1 ? PT_REGS_PARM2(ctx) : nr == 2 ? PT_REGS_PARM3(ctx) : 0;
}

SEC("?kprobe")
int BPF_KPROBE(kprobe_alloc, const void *page)
{
	return page_init(ctx, page, (const void *)register_argument(ctx, knob_alloc_pgmap_arg),
			 register_argument(ctx, knob_alloc_order_arg));
}

SEC("?kprobe")
int BPF_KPROBE(kprobe_free, const void *folio)
{
	return folio_free(ctx, folio);
}

SEC("?kretprobe")
int BPF_KRETPROBE(kretprobe_swap, vm_fault_t result)
{
	return exit_swap(ctx, result, OWN_FRAMES_OF_PROBE);
}

SEC("?kprobe")
int BPF_KPROBE(kprobe_swap, const struct vm_fault *fault)
{
	return enter_swap(fault);
}

SEC("?kretprobe")
int BPF_KRETPROBE(kretprobe_fault, vm_fault_t result)
{
	return exit_fault(ctx, result);
}

SEC("?kprobe")
int BPF_KPROBE(kprobe_fault, const struct vm_fault *fault)
{
	return enter_fault(ctx, fault);
}

#endif
