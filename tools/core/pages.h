/* SPDX-License-Identifier: GPL-2.0-only */
/* Page events one by one: the counting that BPF does for the live source. */
#ifndef PGMAP_CORE_PAGES_H
#define PGMAP_CORE_PAGES_H

#include "model.h"

/*
 * Counts @ev on @one unless BPF has done so already; other events than those
 * of pages and faults pass. Returns 0 or -ENOMEM.
 */
int pgmap_pages_count(struct pgmap_model *model, struct pgmap_instance *one,
		      const struct pgmap_event *ev);

#endif
