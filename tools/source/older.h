/* SPDX-License-Identifier: GPL-2.0-only */
/* The events of a pagemap that is older than the source, for sources whose kernel sends none. */
#ifndef PGMAP_SOURCE_OLDER_H
#define PGMAP_SOURCE_OLDER_H

#include "source.h"

/* The SEEN of an older one at @time_ns. */
struct pgmap_event pgmap_older_seen(const struct pgmap_source_older *older, __u64 time_ns);

/* The RANGE of its ranges from @first on. Returns how many it tells; 0: none is left. */
__u32 pgmap_older_more(const struct pgmap_source_older *older, __u32 first, __u64 time_ns,
		       struct pgmap_event *ev);

#endif
