/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions about the history that event @at meets, for the predicates. Each is about
 * the address of that event, and does not count the event itself.
 */
#ifndef PGMAP_ENUMERATE_HISTORY_H
#define PGMAP_ENUMERATE_HISTORY_H

#include <stdbool.h>

#include "predicates.h"

/* Is event @i about the pagemap that event @at is about? */
bool is_here(const struct happening *h, int i, int at);

/* Is event @i an add that succeeded? */
bool is_add(const struct happening *h, int i);

/* Is event @at an add that fails and whose unwinding was seen? Does a life begin with it? */
bool ends_unwinding(const struct happening *h, int at);
bool begins_life(const struct happening *h, int at);

/* There is a pagemap that has not been released. */
bool is_active(const struct happening *h, int at);

/* The event that began the life that is there, or -1: older than the observer. */
int beginning(const struct happening *h, int at);

/* The generation that event @at belongs to. One older than the observer counts as the first. */
int generation(const struct happening *h, int at);

/* How often it happened in the life that is there. */
int count(const struct happening *h, int at, enum what what);

bool was_killed(const struct happening *h, int at);
bool was_drained(const struct happening *h, int at);
bool was_released(const struct happening *h, int at);

/* Its beginning was seen, so what is not in the history has not happened. */
bool is_whole(const struct happening *h, int at);

#endif
