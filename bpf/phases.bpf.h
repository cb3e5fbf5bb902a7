/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The functions of mm/migrate_device.c between whose entries and returns a fault passes from
 * phase to phase: programs through trampolines, and by probes where there are none.
 */
#ifndef PGMAP_PHASES_BPF_H
#define PGMAP_PHASES_BPF_H

#include "group.bpf.h"

/* @function: user space may put another name in. */
#define PHASE(name, function, inside, after)	\
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

PHASE(setup, "migrate_vma_setup", COLLECT, COPY)
PHASE(unmap, "migrate_device_unmap", UNMAP, COLLECT)
PHASE(pages, "migrate_vma_pages", MIGRATE, DRIVER)
PHASE(finalize, "migrate_vma_finalize", FINALIZE, DRIVER)

#undef PHASE

#endif
