/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The functions of mm/migrate_device.c between whose entries and returns a fault passes from
 * phase to phase: programs through trampolines, and by probes where there are none.
 */
#ifndef PGMAP_PHASES_BPF_H
#define PGMAP_PHASES_BPF_H

#include "group.bpf.h"

/* name, function (user space may put another name in), phase in it, phase after it */
#define PHASE_FUNCTIONS(X)	\
	X(setup, "migrate_vma_setup", COLLECT, COPY)	\
	X(unmap, "migrate_device_unmap", UNMAP, COLLECT)	\
	X(pages, "migrate_vma_pages", MIGRATE, DRIVER)	\
	X(finalize, "migrate_vma_finalize", FINALIZE, DRIVER)

#define X(name, function, inside, after)	\
SEC("?fentry/" function)	\
int fentry_phase_##name(void *ctx)	\
{	\
	return phase_next(PGMAP_PHASE_##inside);	\
}	\
	\
SEC("?fexit/" function)	\
int fexit_phase_##name(void *ctx)	\
{	\
	return phase_next(PGMAP_PHASE_##after);	\
}	\
	\
SEC("?kprobe")	\
int kprobe_phase_##name(void *ctx)	\
{	\
	return phase_next(PGMAP_PHASE_##inside);	\
}	\
	\
SEC("?kretprobe")	\
int kretprobe_phase_##name(void *ctx)	\
{	\
	return phase_next(PGMAP_PHASE_##after);	\
}
PHASE_FUNCTIONS(X)
#undef X

#endif
