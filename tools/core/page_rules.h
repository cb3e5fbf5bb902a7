/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules on single pages, for page events one by one: the judging that BPF
 * does for the live source, by the same decisions (pgmap/pages.h).
 */
#ifndef PGMAP_CORE_PAGE_RULES_H
#define PGMAP_CORE_PAGE_RULES_H

#include "model.h"

/*
 * Judges @ev by the state of its page, and keeps that state. @before is the
 * pagemap's state that the event met. Other events than those of pages and
 * faults pass, and those that BPF has seen.
 */
void pgmap_page_rules_judge(struct pgmap_model *model, struct pgmap_instance *instance,
			    const struct pgmap_event *ev, enum pgmap_state before);

/* The pagemap's life is over: its pages are no longer kept. */
void pgmap_page_rules_end(struct pgmap_model *model, const struct pgmap_instance *instance);

#endif
