/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attaching takes rights, watching does not: what this process may do is given up for
 * good once it watches, and nothing that it starts from then on gets it back.
 */
#ifndef PGMAP_RIGHTS_H
#define PGMAP_RIGHTS_H

#include "source/source.h"

enum { PGMAP_RIGHTS_LEN = 160 };

/* What this process cannot do for want of which capability, for people. */
void pgmap_rights_lacking(char lacking[PGMAP_RIGHTS_LEN]);

/*
 * Drops every capability. Where the kernel asks for one at each look at an open map too,
 * which is found by trying, that one stays. @kept: what is left, for people. Returns 0 or
 * a negative errno.
 */
int pgmap_rights_drop(const struct pgmap_source_ops *ops, struct pgmap_source *source,
		      char kept[PGMAP_RIGHTS_LEN]);

#endif
