/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of the live source share this and nobody else includes it: what an
 * open one holds, and what each part does for live.c.
 */
#ifndef PGMAP_SOURCE_LIVE_H
#define PGMAP_SOURCE_LIVE_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "memremap.skel.h"
#include "order.h"
#include "slots.h"
#include "source.h"
#include "surroundings.h"
#include "told.h"

struct pgmap_source {
	struct memremap_bpf *skeleton;
	struct ring_buffer *ring;
	struct pgmap_order order;
	struct pgmap_slots slots;
	struct pgmap_counts *per_cpu;	/* room for one look-up */
	__u32 cpus;
	__u32 buffer_bytes;
	__u32 pages;			/* as in the options, these three */
	bool probe_get;
	enum pgmap_by by;
	__u64 stall_ns;
	__u64 last_tick_ns;
	struct pgmap_told told;
	struct pgmap_kernel kernel;
	int push_error;			/* met in a callback of libbpf */
	const struct pgmap_sink *sink;	/* during read() */
};

/* ---- live_counts.c ---- */

/* Hands a slot to the programs. Returns 0 or a negative errno, as all below. */
int pgmap_live_give_slot(const struct pgmap_source *source, __u32 slot);

/* Last look at a slot that nothing counts on any more; then it is free again. */
int pgmap_live_retire_slot(struct pgmap_source *source, __u32 slot,
			   const struct pgmap_sink *sink);

/* Sums, latencies, losses and records as of now. */
int pgmap_live_read_counts(struct pgmap_source *source, const struct pgmap_sink *sink);

/* ---- live_clock.c ---- */

/*
 * About once a second gives @sink a TICK of @watermark_ns, up to which it has all
 * events, and before that a FAULT_OPEN for each fault that has become too old.
 */
int pgmap_live_tick(struct pgmap_source *source, __u64 watermark_ns,
		    const struct pgmap_sink *sink);

#endif
