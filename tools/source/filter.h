/* SPDX-License-Identifier: GPL-2.0-only */
/* Which pagemaps were asked for, where the kernel has not left out the others itself. */
#ifndef PGMAP_SOURCE_FILTER_H
#define PGMAP_SOURCE_FILTER_H

#include <stdbool.h>
#include <string.h>

#include "source.h"

/* Do the filters of @options let one of this address, type and driver through? */
static inline bool pgmap_source_wants(const struct pgmap_source_options *options, __u64 pgmap,
				      __u32 type, const char driver[PGMAP_NAME_LEN])
{
	return (!options->pgmap || options->pgmap == pgmap) &&
	       (!options->type || options->type == (enum pgmap_type)type) &&
	       (!*options->driver || !strncmp(options->driver, driver, PGMAP_NAME_LEN));
}

#endif
