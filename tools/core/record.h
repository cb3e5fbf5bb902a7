/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether a record can be what it says: files may be damaged or made up, and all
 * that comes after this, core and views, trusts lengths, names and numbers.
 */
#ifndef PGMAP_CORE_RECORD_H
#define PGMAP_CORE_RECORD_H

#include <stdbool.h>

#include <pgmap/event.h>

bool pgmap_record_is_valid(const struct pgmap_event *ev);

/* Is it an event of a page or a fault that nothing has counted yet? */
bool pgmap_record_is_to_count(const struct pgmap_event *ev);

#endif
