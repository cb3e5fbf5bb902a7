/* SPDX-License-Identifier: GPL-2.0-only */
/* What of the running kernel no type tells but its symbols do: addresses and functions. */
#ifndef PGMAP_INSPECT_PLACES_H
#define PGMAP_INSPECT_PLACES_H

#include "../symbols/symbols.h"
#include "memory.h"

/* Fills in what symbols tell; the rest of @memory has to be there. What is not known stays 0. */
void pgmap_places_find(struct pgmap_memory *memory, struct pgmap_symbols *symbols);

#endif
