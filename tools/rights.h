/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attaching takes rights, watching does not: what this process may do is given up for
 * good once it watches, and nothing that it starts from then on gets it back.
 */
#ifndef PGMAP_RIGHTS_H
#define PGMAP_RIGHTS_H

#include "run.h"

struct pgmap_stall;

enum { PGMAP_RIGHTS_LEN = 320 };

/* What this process cannot do for want of which capability, for people. */
void pgmap_rights_lacking(char lacking[PGMAP_RIGHTS_LEN]);

/*
 * Drops every capability, once @stall has what it takes one to load. What the source needs
 * while it watches stays: where it goes on attaching, and where the kernel asks for a right
 * at each look at an open map, which is found by trying. With --keep-rights all stay. @kept:
 * what is left, for people. Returns 0 or a negative errno.
 */
int pgmap_rights_drop(const struct pgmap_run_options *options, struct pgmap_source *source,
		      struct pgmap_stall *stall, char kept[PGMAP_RIGHTS_LEN]);

/* Drops every capability, of this process and of all that it starts. Returns as above. */
int pgmap_rights_drop_all(void);

#endif
