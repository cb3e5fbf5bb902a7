// SPDX-License-Identifier: GPL-2.0-only
/* The pagemaps there are now, as one line of JSON each. */
#include <pgmap/names.h>

#include "json_value.h"

void pgmap_json_listing(struct pgmap_view *view, const struct pgmap_listing *listing)
{
	const struct pgmap_listed *one;
	json *line;

	for (one = listing->all; one < listing->all + listing->nr; one++) {
		line = pgmap_json_start(view, "pagemap", listing->time_ns);
		pgmap_put_address(line, "pgmap", one->pgmap);
		pgmap_put_text(line, "type", pgmap_type_name(one->type));
		pgmap_put_text(line, "driver", one->driver);
		pgmap_put_text(line, "device", one->device);
		pgmap_put_text(line, "state", pgmap_state_name(one->state));
		pgmap_put_u64(line, "nr_range", one->nr_range);
		json_object_object_add(line, "ranges",
				       pgmap_json_ranges(one->ranges, one->nr_known));
		pgmap_put_u64(line, "pages", one->pages);
		if (one->refs_known)
			pgmap_put_u64(line, "refs", one->refs);
		else
			json_object_object_add(line, "refs", NULL);
		pgmap_json_finish(view, line);
	}
}
