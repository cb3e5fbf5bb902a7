/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the running kernel has the fields that an inspection reads, without asking BPF. */
#ifndef PGMAP_INSPECT_LAYOUT_H
#define PGMAP_INSPECT_LAYOUT_H

#include <pgmap/inspect.h>

struct btf;

/* By @btf; a field that it does not have is PGMAP_NO_FIELD, a type has size 0. */
void pgmap_layout_of(struct pgmap_layout *layout, const struct btf *btf);

/* By the kernel's own, which takes no right. Returns 0 or a negative errno: it has none. */
int pgmap_layout_read(struct pgmap_layout *layout);

#endif
