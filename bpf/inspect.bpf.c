// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Looks at kernel memory on demand. Nothing here is attached to anything: user
 * space runs each program when it has a question, and makes sense of the answer.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include <pgmap/inspect.h>

#include "inspect_types.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* The answers, mapped into user space. */
__u8 window[PGMAP_WINDOW];
struct pgmap_layout layout;

/* Copies kernel memory (address, size) into the window; -EFAULT if some is not there. */
SEC("raw_tp")
int look(const __u64 *request)
{
	__u64 size = request[1];

	if (size > PGMAP_WINDOW)
		size = PGMAP_WINDOW;
	return bpf_probe_read_kernel(window, size, (const void *)request[0]);
}

#define FIELD(type, field) \
	(bpf_core_field_exists(((struct type *)0)->field) ? \
	 bpf_core_field_offset(((struct type *)0)->field) : PGMAP_NO_FIELD)

/* Where the first of two types that has it has it. */
#define FIRST_FIELD(type, other, field) \
	(bpf_core_field_exists(((struct type *)0)->field) ? \
	 FIELD(type, field) : FIELD(other, field))

static __always_inline void lay_out_types(void)
{
#define X(id) \
	layout.types[PGMAP_TYPE_##id] = \
		bpf_core_enum_value_exists(enum memory_type, MEMORY_DEVICE_##id) ? \
		bpf_core_enum_value(enum memory_type, MEMORY_DEVICE_##id) : PGMAP_NO_FIELD;
	PGMAP_TYPES(X)
#undef X
}

SEC("raw_tp")
int lay_out(const __u64 *nothing)
{
	layout.page_size = bpf_core_type_size(struct page);
	layout.page_pgmap = FIRST_FIELD(page, folio, pgmap);
	layout.idle_is_zero = bpf_core_field_exists(((struct folio *)0)->pgmap);
	layout.page_refcount = FIELD(page, _refcount);
	layout.page_mapcount = FIELD(page, _mapcount);
	layout.pgmap_size = bpf_core_type_size(struct dev_pagemap);
	layout.pgmap_type = FIELD(dev_pagemap, type);
	layout.pgmap_nr_range = FIELD(dev_pagemap, nr_range);
	layout.pgmap_range = FIELD(dev_pagemap, range);
	layout.pgmap_driver = FIELD(dev_pagemap, driver);
	layout.pgmap_ops = FIELD(dev_pagemap, ops);
	layout.ops_size = bpf_core_type_size(struct dev_pagemap_ops);
	layout.pgmap_ref = FIELD(dev_pagemap___with_pointer, internal_ref);
	layout.pgmap_ref_pointer = FIELD(dev_pagemap___with_pointer, ref);
	if (layout.pgmap_ref == PGMAP_NO_FIELD)
		layout.pgmap_ref = FIELD(dev_pagemap___torn_down, ref);
	layout.pgmap_waiters = FIELD(dev_pagemap___torn_down, done.wait.task_list);
	layout.ref_word = FIELD(percpu_ref, percpu_count_ptr);
	layout.ref_data = FIELD(percpu_ref, data);
	layout.data_count = FIELD(percpu_ref_data, count);
	layout.data_release = FIELD(percpu_ref_data, release);
	layout.waiter_task = FIELD(swait_queue, task);
	layout.waiter_list = FIELD(swait_queue, task_list);
	layout.xarray_head = FIELD(xarray, xa_head);
	layout.node_shift = FIELD(xa_node, shift);
	layout.node_slots = FIELD(xa_node, slots);
	layout.node_slots_size = bpf_core_field_size(((struct xa_node *)0)->slots);
	lay_out_types();
	return 0;
}

/* From when the scheduler last saw it run to when it last saw us. */
static __always_inline __u64 asleep_ns(const struct task_struct *task)
{
	const struct task_struct *here = (const void *)bpf_get_current_task();
	__u64 now = BPF_CORE_READ(here, se.exec_start);
	__u64 then = task->se.exec_start;

	return now > then ? now - then : 0;
}

static __always_inline long state_of(const struct task_struct *task)
{
	const struct task_struct___old_name *old = (const void *)task;

	if (bpf_core_field_exists(task->__state))
		return BPF_CORE_READ(task, __state);
	return BPF_CORE_READ(old, state);
}

/* Where it left its stack; 0: on an architecture that is not known. */
static __always_inline __u64 stack_pointer_of(const struct task_struct *task)
{
	const struct task_struct___arm64 *arm64 = (const void *)task;

	if (bpf_core_field_exists(task->thread.sp))
		return BPF_CORE_READ(task, thread.sp);
	if (bpf_core_field_exists(arm64->thread.cpu_context.sp))
		return BPF_CORE_READ(arm64, thread.cpu_context.sp);
	return 0;
}

SEC("iter/task")
int sleepers(struct bpf_iter__task *context)
{
	struct task_struct *task = context->task;
	struct pgmap_sleeper sleeper = {};
	long bytes;

	if (!task || (state_of(task) & (PGMAP_TASK_UNINTERRUPTIBLE | PGMAP_TASK_NOLOAD)) !=
		     PGMAP_TASK_UNINTERRUPTIBLE)
		return 0;
	sleeper.task = (__u64)task;
	sleeper.stack_pointer = stack_pointer_of(task);
	sleeper.asleep_ns = asleep_ns(task);
	sleeper.pid = task->tgid;
	sleeper.tid = task->pid;
	bpf_probe_read_kernel_str(sleeper.comm, sizeof(sleeper.comm), task->comm);
	bytes = bpf_get_task_stack(task, sleeper.stack, sizeof(sleeper.stack), 0);
	sleeper.nr_frames = bytes > 0 ? bytes / sizeof(sleeper.stack[0]) : 0;
	bpf_seq_write(context->meta->seq, &sleeper, sizeof(sleeper));
	return 0;
}
