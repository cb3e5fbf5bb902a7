/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The kernel types an inspection looks at, by hand as in kernel_types.bpf.h:
 * CO-RE finds the fields by name.
 */
#ifndef PGMAP_INSPECT_TYPES_BPF_H
#define PGMAP_INSPECT_TYPES_BPF_H

#include "kernel_types.bpf.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head {
	struct list_head *next;
};

struct swait_queue {
	struct task_struct *task;
	struct list_head task_list;
};

struct swait_queue_head {
	struct list_head task_list;
};

struct completion {
	struct swait_queue_head wait;
};

/* The kernel's atomic_t and atomic_long_t: that they are structs is what counts. */
struct atomic {
	int counter;
};

struct percpu_ref_data {
	struct atomic count;
	void *release;
};

struct percpu_ref {
	unsigned long percpu_count_ptr;
	struct percpu_ref_data *data;
};

/* What kernel_types.bpf.h leaves out of it. */
struct dev_pagemap___torn_down {
	struct percpu_ref ref;
	struct completion done;
};

/* Before 5.17 a driver could bring a reference of its own. */
struct dev_pagemap___with_pointer {
	struct percpu_ref *ref;
	struct percpu_ref internal_ref;
};

struct page {
	struct dev_pagemap *pgmap;	/* until 6.15 */
	struct atomic _refcount;
	struct atomic _mapcount;
};

struct folio {
	struct dev_pagemap *pgmap;	/* since 6.15 */
};

struct xarray {
	void *xa_head;
};

struct xa_node {
	unsigned char shift;
	void *slots[64];
};

struct thread_struct {
	unsigned long sp;
};

struct sched_entity {
	__u64 exec_start;
};

struct task_struct {
	unsigned int __state;
	int pid;
	int tgid;
	char comm[16];
	struct sched_entity se;
	struct thread_struct thread;
};

/* What arm64 has in place of the stack pointer above. */
struct cpu_context {
	unsigned long sp;
};

struct thread_struct___arm64 {
	struct cpu_context cpu_context;
};

struct task_struct___arm64 {
	struct thread_struct___arm64 thread;
};

/* Before 5.14. */
struct task_struct___old_name {
	long state;
};

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

#pragma clang attribute pop

/* The kernel's TASK_UNINTERRUPTIBLE, and TASK_NOLOAD that idle workers have with it. */
enum { PGMAP_TASK_UNINTERRUPTIBLE = 0x002, PGMAP_TASK_NOLOAD = 0x400 };

#endif
