/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The only way into the ring buffer. What does not fit is counted by cause,
 * never dropped in silence.
 */
#ifndef PGMAP_SUBMIT_BPF_H
#define PGMAP_SUBMIT_BPF_H

#include "knobs.bpf.h"
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
	__u32 own_frames;	/* of ours, at the top of a stack that is taken now */
	__u32 pad;
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
 * How this thread came here. From a tracepoint or a trampoline the stack begins with our
 * own frames (PGMAP_OWN_FRAMES), so stacks are taken in functions that are not inlined and
 * that programs call themselves. From a probe it begins with the probed function.
 */
static __always_inline void event_add_stack(void *ctx, struct pgmap_event *ev,
					    const struct subject *who)
{
	long bytes = bpf_get_stack(ctx, ev->stack, sizeof(ev->stack), who->own_frames);

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
