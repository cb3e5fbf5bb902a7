/* SPDX-License-Identifier: GPL-2.0-only */
/* What must be so before BPF can be asked: capabilities, lockdown, BTF. */
#ifndef PGMAP_SOURCE_SURROUNDINGS_H
#define PGMAP_SOURCE_SURROUNDINGS_H

#include <stddef.h>

#include "source.h"

#define PGMAP_BTF_PATH "/sys/kernel/btf/vmlinux"

/* Returns 0, or a negative errno with one line for the user in @why. */
int pgmap_surroundings_check(char why[PGMAP_WHY_LEN]);

/* What differs between kernels that have the tracepoints. */
struct pgmap_kernel {
	bool has_driver;	/* struct dev_pagemap names its driver */
	bool has_get;		/* get_dev_pagemap() is a function of its own */
};

/* Reads the running kernel's BTF. Returns 0, or a negative errno with one line in @why. */
int pgmap_kernel_check(struct pgmap_kernel *kernel, char why[PGMAP_WHY_LEN]);

/* A fact with a printf-formatted value. */
struct pgmap_fact pgmap_fact(const char *key, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The capabilities that matter and are effective, separated by blanks. */
struct pgmap_fact pgmap_surroundings_capabilities(void);

#endif
