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

/* As @nr is a knob, the verifier knows it; 0: there is no such argument. */
static __always_inline __u64 argument_if_any(const unsigned long long *ctx, __u32 nr)
{
	return nr == 1 ? argument(ctx, 1) : nr == 2 ? argument(ctx, 2) : 0;
}

/* ---- the short way ---- */

/*
 * Pages come as pointers whose type the verifier knows, so that words of theirs are read without
 * a call; page_init() and folio_free(), which probes use, too, need one for each.
 */

/* As argument_if_any(), typed. The verifier wants loads with the offset in the instruction. */
static __always_inline __u64 typed_argument_if_any(const unsigned long long *ctx, __u32 nr)
{
	__u64 value = 0;

	if (nr == 1)
		asm("%0 = *(u64 *)(%1 + 8)" : "=r"(value) : "r"(ctx));
	if (nr == 2)
		asm("%0 = *(u64 *)(%1 + 16)" : "=r"(value) : "r"(ctx));
	return value;
}

/* Returns false if it has to go the long way. */
static __always_inline bool quick_alloc(const unsigned long long *ctx)
{
	__u64 pgmap = typed_argument_if_any(ctx, knob_alloc_pgmap_arg);
	__u32 order = typed_argument_if_any(ctx, knob_alloc_order_arg);
	struct pgmap_counts *sums;

	if (!knob_alloc_pgmap_arg)
		pgmap = *place_of_pgmap((const void *)ctx[0]);
	sums = calm_counts(pgmap);
	if (!sums)
		return false;
	count_alloc(sums, pages_of_order(order));
	return true;
}

/* So does this. */
static __always_inline bool quick_free(const unsigned long long *ctx)
{
	const void *folio = (const void *)ctx[0];
	struct pgmap_counts *sums = calm_counts(*place_of_pgmap(folio));

	if (!sums || flags_are_large(*place_of_flags(folio)))
		return false;
	count_free(sums, 1);
	return true;
}

/* ---- the programs ---- */

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
	if (quick_alloc(ctx))
		return 0;
	return page_init((void *)ctx, (const void *)argument(ctx, 0),
			 (const void *)argument_if_any(ctx, knob_alloc_pgmap_arg),
			 argument_if_any(ctx, knob_alloc_order_arg));
}

/* Not its return: by then the page may be another one's. */
SEC("?fentry/free_zone_device_folio")
int fentry_free(const unsigned long long *ctx)
{
	if (quick_free(ctx))
		return 0;
	return folio_free((void *)ctx, (const void *)argument(ctx, 0));
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
