/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The only way into the ring buffer. What does not fit is counted by cause,
 * never dropped in silence.
 */
#ifndef PGMAP_SUBMIT_BPF_H
#define PGMAP_SUBMIT_BPF_H

#include "maps.bpf.h"

static __always_inline void loss_count(__u32 cause)
{
	__u64 *count = bpf_map_lookup_elem(&losses, &cause);

	/* any program may get here, also from an interrupt: hence atomic */
	if (count)
		__sync_fetch_and_add(count, 1);
}

/* Whose record it is, and the rule that a program saw broken by it. */
struct subject {
	__u64 pgmap;
	__u32 generation;
	__u32 slot;
	__u32 type;
	__u32 rule;
};

/* A record with its head filled in and its payload zeroed, or NULL. */
static __always_inline struct pgmap_event *event_reserve(__u32 id, const struct subject *who)
{
	struct pgmap_event *ev = bpf_ringbuf_reserve(&events, sizeof(*ev), 0);
	__u64 task;

	if (!ev) {
		loss_count(PGMAP_LOSS_RINGBUF);
		return NULL;
	}
	task = bpf_get_current_pid_tgid();
	__builtin_memset(ev, 0, sizeof(*ev));
	ev->time_ns = bpf_ktime_get_ns();
	ev->event = id;
	ev->pgmap = who->pgmap;
	ev->generation = who->generation;
	ev->slot = who->slot;
	ev->type = who->type;
	ev->rule = who->rule;
	ev->pid = task >> 32;
	ev->tid = task;
	bpf_get_current_comm(ev->comm, sizeof(ev->comm));
	return ev;
}

/*
 * Frames that are there at least before the kernel's own: the function of ours that
 * takes the stack, the program that calls it, and what calls the program. So stacks
 * are taken in functions that are not inlined and that programs call themselves.
 */
enum { OWN_FRAMES = 3 };

/* How this thread came here. */
static __always_inline void event_add_stack(void *ctx, struct pgmap_event *ev)
{
	long bytes = bpf_get_stack(ctx, ev->stack, sizeof(ev->stack), OWN_FRAMES);

	if (bytes > 0)
		ev->nr_frames = bytes / sizeof(ev->stack[0]);
}

static __always_inline void event_submit(struct pgmap_event *ev)
{
	__u32 id = ev->event;
	__u64 *count = bpf_map_lookup_elem(&sent, &id);

	if (count)
		__sync_fetch_and_add(count, 1);
	bpf_ringbuf_submit(ev, 0);
}

#endif
