/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What a source can show on the kernel it runs on, as a set. Rules say what they need of
 * it; what is not in it is unknown, which is not the same as zero.
 */
#ifndef PGMAP_SIGHT_H
#define PGMAP_SIGHT_H

#include <linux/types.h>

/* By the name of the event, or of the field. */
#define PGMAP_SIGHTS(X)	\
	X(ADD, "pgmap_add")	\
	X(KILL, "pgmap_kill")	\
	X(DRAINED, "pgmap_drained")	\
	X(RELEASE, "pgmap_release")	\
	X(ALLOC, "pgmap_page_alloc")	\
	X(FREE, "pgmap_page_free")	\
	X(FAULT, "pgmap_fault_exit")	\
	/* while it is handled, not only once it is over */	\
	X(ENTER, "pgmap_fault_enter")	\
	X(PFN, "pfn")	\
	/* that a program was kept from running by the kernel: a loss that is known */	\
	X(SKIP, "program_skipped")

enum {
#define X(id, name) PGMAP_SIGHT_NR_##id,
	PGMAP_SIGHTS(X)
#undef X
	PGMAP_NR_SIGHTS
};

enum {
#define X(id, name) PGMAP_SIGHT_##id = 1 << PGMAP_SIGHT_NR_##id,
	PGMAP_SIGHTS(X)
#undef X
	PGMAP_SIGHT_ALL = (1 << PGMAP_NR_SIGHTS) - 1,
	/* what it takes to say how many pages are outstanding */
	PGMAP_SIGHT_OUTSTANDING = PGMAP_SIGHT_ALLOC | PGMAP_SIGHT_FREE,
};

#endif
