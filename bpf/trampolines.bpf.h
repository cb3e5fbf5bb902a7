/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Backend fentry: programs on functions, through trampolines. Those that pair a return with
 * an entry are attached the return first, lest an entry waits for a return for ever. User space
 * puts the names in that this kernel has.
 */
#ifndef PGMAP_TRAMPOLINES_BPF_H
#define PGMAP_TRAMPOLINES_BPF_H

#include "functions.bpf.h"

/*
 * By a probe read, so that it is a number: the verifier allows no arithmetic on a pointer
 * that it knows the type of, and what is shared with probes is written for numbers.
 */
static __always_inline __u64 argument(const unsigned long long *ctx, __u32 nr)
{
	__u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), ctx + nr);
	return value;
}

/* As argument(), but of a real one only, and without a call where the kernel can do that. */
static __always_inline __u64 quick_argument(const unsigned long long *ctx, __u32 nr)
{
	__u64 value = 0;

	if (!can_get_arguments())
		return argument(ctx, nr);
	bpf_get_func_arg((void *)ctx, nr, &value);
	return value;
}

/* As @nr is a knob, the verifier knows it; 0: there is no such argument. */
static __always_inline __u64 argument_if_any(const unsigned long long *ctx, __u32 nr)
{
	return nr == 1 ? argument(ctx, 1) : nr == 2 ? argument(ctx, 2) : 0;
}

SEC("?fexit/memremap_pages")
int fexit_add(const unsigned long long *ctx)
{
	return exit_add((void *)ctx, argument(ctx, 2));
}

SEC("?fentry/memremap_pages")
int fentry_add(const unsigned long long *ctx)
{
	return enter_add((const void *)argument(ctx, 0), argument(ctx, 1));
}

SEC("?fexit/memunmap_pages")
int fexit_unmap(const unsigned long long *ctx)
{
	return exit_unmap((void *)ctx);
}

SEC("?fentry/memunmap_pages")
int fentry_unmap(const unsigned long long *ctx)
{
	return enter_unmap((void *)ctx, (const void *)argument(ctx, 0));
}

SEC("?fentry/dev_pagemap_percpu_release")
int fentry_drained(const unsigned long long *ctx)
{
	return ref_released((void *)ctx, (const void *)argument(ctx, 0));
}

SEC("?fentry/zone_device_page_init")
int fentry_alloc(const unsigned long long *ctx)
{
	return page_init((void *)ctx, (const void *)quick_argument(ctx, 0),
			 (const void *)argument_if_any(ctx, knob_alloc_pgmap_arg),
			 argument_if_any(ctx, knob_alloc_order_arg));
}

/* Not its return: by then the page may be another one's. */
SEC("?fentry/free_zone_device_folio")
int fentry_free(const unsigned long long *ctx)
{
	return folio_free((void *)ctx, (const void *)quick_argument(ctx, 0));
}

/* These two are attached on demand. */
SEC("?fexit/do_swap_page")
int fexit_swap(const unsigned long long *ctx)
{
	return exit_swap((void *)ctx, argument(ctx, 1), knob_own_frames);
}

SEC("?fentry/do_swap_page")
int fentry_swap(const unsigned long long *ctx)
{
	return enter_swap((const void *)argument(ctx, 0));
}

SEC("?fexit/get_dev_pagemap")
int fexit_get(const unsigned long long *ctx)
{
	if (knob_get_takes_pgmap)
		return on_get((void *)ctx, argument(ctx, 0), (const void *)argument(ctx, 1),
			      (const void *)argument(ctx, 2));
	return on_get((void *)ctx, argument(ctx, 0), NULL, (const void *)argument(ctx, 1));
}

#endif
