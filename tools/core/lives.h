/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose event it is, and how a generation of a pagemap begins and ends. */
#ifndef PGMAP_CORE_LIVES_H
#define PGMAP_CORE_LIVES_H

#include "model.h"

/* The one that @ev is about; without a generation the newest there. NULL: not known. */
struct pgmap_instance *pgmap_lives_find(const struct pgmap_model *model,
					const struct pgmap_event *ev);

/* One that began unseen. NULL without memory. */
struct pgmap_instance *pgmap_lives_take_over(struct pgmap_model *model,
					     const struct pgmap_event *ev);

/*
 * Forgets @last (may be NULL), found as a pagemap older than the observer, if it is @ev's own:
 * its add was under way when it was found. Returns whether it was so.
 */
bool pgmap_lives_forget_half_added(struct pgmap_model *model, struct pgmap_instance *last,
				   const struct pgmap_event *ev);

/* A new one, after @last at the same address (may be NULL). NULL without memory. */
struct pgmap_instance *pgmap_lives_begin(struct pgmap_model *model, const struct pgmap_event *ev,
					 struct pgmap_instance *last);

/* Its life is over; too many of those and the first of them is forgotten. */
void pgmap_lives_end(struct pgmap_model *model, struct pgmap_instance *one);

#endif
