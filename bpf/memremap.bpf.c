// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The programs that watch pagemaps: three sets of thin ones over one body, of which user space
 * loads the set that this kernel allows, and a few that it runs itself.
 */
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "tracepoints.bpf.h"
#include "trampolines.bpf.h"
#include "probes.bpf.h"
#include "phases.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/*
 * Takes over the pagemap at address[0], which was live after all programs were attached.
 * Returns 1, or 0 if it is known: its add or its release was seen.
 */
SEC("raw_tp")
int adopt(const __u64 *address)
{
	const struct dev_pagemap *pgmap = (const void *)address[0];

	if (!pgmap || entry_find((__u64)pgmap) || tomb_find((__u64)pgmap))
		return 0;
	return !!entry_take_over((void *)address, pgmap);
}

/*
 * --pages: a generation, (address, number) in @which, is over, and the states of pages it
 * never freed must not fill the map. Rare, since it is a bug.
 */
SEC("?raw_tp")
int sweep(const __u64 *which)
{
	struct page_sweep sweep = { .pgmap = which[0], .generation = which[1] };

	bpf_for_each_map_elem(&pgmap_pages, sweep_page, &sweep, 0);
	return 0;
}
