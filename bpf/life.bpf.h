/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What each step in a pagemap's life leads to, whichever program saw it: its entry takes
 * the step, and a record of it goes out.
 */
#ifndef PGMAP_LIFE_BPF_H
#define PGMAP_LIFE_BPF_H

#include "entry.bpf.h"

/* A step of a pagemap that was not seen adding, or is gone already. */
static __always_inline struct pgmap_entry *entry_for_step(void *ctx,
							  const struct dev_pagemap *pgmap,
							  __u32 id)
{
	struct pgmap_tomb *tomb = tomb_find((__u64)pgmap);
	struct subject who;

	if (!tomb)
		return entry_take_over(ctx, pgmap);
	if (!tomb->hidden) {
		subject_of_tomb(&who, (__u64)pgmap, tomb);
		submit_lifecycle(ctx, id, &who, 0);
	}
	return NULL;
}

static __always_inline int lifecycle(void *ctx, const struct dev_pagemap *pgmap, __u32 id,
				     __u32 step)
{
	__u64 key = (__u64)pgmap;
	struct pgmap_entry *entry;
	struct subject who;

	if (!attached)
		return 0;
	entry = entry_find(key);
	if (!entry)
		entry = entry_for_step(ctx, pgmap, id);
	if (!entry)
		return 0;
	entry_set_state(entry, pgmap_transition(entry->state, step)->next);
	if (entry->watched)
		calm_forget(calm_key(key));
	if (step == PGMAP_STEP_KILL && !entry->killed_ns)
		entry->killed_ns = bpf_ktime_get_ns();
	if (!entry->hidden) {
		subject_of_entry(&who, key, entry);
		submit_lifecycle(ctx, id, &who, entry->ref_is_lent ? PGMAP_FLAG_LENT_REF : 0);
	}
	if (step == PGMAP_STEP_RELEASE)
		entry_bury(key, entry);
	return 0;
}

static __always_inline int add_success(void *ctx, const struct dev_pagemap *pgmap,
				       struct add_info *info)
{
	struct pgmap_entry fresh = { .state = PGMAP_STATE_LIVE };
	struct pgmap_entry *entry = entry_begin(pgmap, &fresh, BPF_ANY);
	struct subject who;

	if (!entry || entry->hidden)
		return 0;
	subject_of_entry(&who, (__u64)pgmap, entry);
	submit_add(ctx, pgmap, &who, info);
	return 0;
}

/*
 * Whose failure is it? Of the generation that this thread has just unwound, of
 * the pagemap that lives there (its struct was added again), or of a new one
 * that never lived.
 */
static __always_inline bool add_error_subject(const struct dev_pagemap *pgmap, struct subject *who)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 key = (__u64)pgmap;
	struct pgmap_entry *entry = entry_find(key);
	struct pgmap_tomb *tomb = tomb_find(key);
	struct pgmap_tomb fresh = {};

	if (entry) {
		subject_of_entry(who, key, entry);
		return !entry->hidden;
	}
	if (tomb && tomb->adding_tid == tid) {
		tomb->adding_tid = 0;
		subject_of_tomb(who, key, tomb);
		return !tomb->hidden;
	}
	fresh.generation = generation_next(key);
	fresh.type = describe_type(pgmap);
	fresh.hidden = filter_hides(pgmap);
	if (bpf_map_update_elem(&tombs, &key, &fresh, BPF_ANY))
		loss_count(PGMAP_LOSS_TOMBSTONES);
	subject_of_tomb(who, key, &fresh);
	return !fresh.hidden;
}

/* memremap_pages() is about to return, or has returned. */
static __always_inline int on_add(void *ctx, const struct dev_pagemap *pgmap,
				  struct add_info *info)
{
	struct subject who;

	if (!attached)
		return 0;
	if (!info->error)
		return add_success(ctx, pgmap, info);
	if (add_error_subject(pgmap, &who))
		submit_add(ctx, pgmap, &who, info);
	return 0;
}

static __always_inline int kill_adding(void *ctx, const struct dev_pagemap *pgmap)
{
	struct pgmap_entry fresh = {
		.state = PGMAP_STATE_KILLED,
		.adding_tid = (__u32)bpf_get_current_pid_tgid(),
		.killed_ns = bpf_ktime_get_ns(),
	};
	struct pgmap_entry *entry;
	struct subject who;

	if (!attached)
		return 0;
	entry = entry_begin(pgmap, &fresh, BPF_ANY);
	if (!entry || entry->hidden)
		return 0;
	subject_of_entry(&who, (__u64)pgmap, entry);
	submit_lifecycle(ctx, PGMAP_EVENT_KILL, &who, PGMAP_FLAG_ADDING);
	return 0;
}

/* Its reference is about to be killed; @adding: by an add that failed half-way. */
static __always_inline int on_kill(void *ctx, const struct dev_pagemap *pgmap, bool adding)
{
	if (adding)
		return kill_adding(ctx, pgmap);
	return lifecycle(ctx, pgmap, PGMAP_EVENT_KILL, PGMAP_STEP_KILL);
}

/* The last reference is gone. */
static __always_inline int on_drained(void *ctx, const struct dev_pagemap *pgmap)
{
	return lifecycle(ctx, pgmap, PGMAP_EVENT_DRAINED, PGMAP_STEP_DRAINED);
}

/* Nothing of it is left in the kernel. */
static __always_inline int on_release(void *ctx, const struct dev_pagemap *pgmap)
{
	return lifecycle(ctx, pgmap, PGMAP_EVENT_RELEASE, PGMAP_STEP_RELEASE);
}

#endif
