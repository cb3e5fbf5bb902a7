// SPDX-License-Identifier: GPL-2.0-only
/* The pagemaps there are now, as a table within 120 columns. */
#include <pgmap/lifetime.h>
#include <pgmap/names.h>

#include "prose.h"

#define ROW	"%-18s %-10s %-14s %-16s %-35s %7s %6s %s\n"

/* Its sum is known once it dies: until then each CPU counts for itself. */
static struct pgmap_text refs_text(const struct pgmap_listed *one)
{
	struct pgmap_text text = { "-" };

	if (one->refs_known)
		text = pgmap_unit_count(one->refs);
	else if (one->state != PGMAP_STATE_UNKNOWN)
		snprintf(text.text, sizeof(text.text), "percpu");
	return text;
}

static void print_row(FILE *out, const struct pgmap_listed *one)
{
	char pgmap[24], range[64] = "-";
	__u32 i;

	snprintf(pgmap, sizeof(pgmap), "0x%llx", one->pgmap);
	if (one->nr_known)
		snprintf(range, sizeof(range), "0x%llx-0x%llx", one->ranges[0].start,
			 one->ranges[0].end);
	fprintf(out, ROW, pgmap, pgmap_type_name(one->type), *one->driver ? one->driver : "-",
		*one->device ? one->device : "-", range, pgmap_unit_count(one->pages).text,
		refs_text(one).text, pgmap_state_name(one->state));
	for (i = 1; i < one->nr_known; i++)
		fprintf(out, "%62s 0x%llx-0x%llx\n", "", one->ranges[i].start,
			one->ranges[i].end);
	if (one->nr_range > one->nr_known)
		fprintf(out, "%62s and %u more\n", "", one->nr_range - one->nr_known);
}

void pgmap_prose_listing(const struct pgmap_view_options *options,
			 const struct pgmap_listing *listing)
{
	FILE *out = options->out;
	size_t i;

	if (!listing->nr) {
		fprintf(out, "no pagemap\n");
		return;
	}
	fprintf(out, ROW, "pgmap", "type", "driver", "device", "start-end", "pages", "refs",
		"state");
	for (i = 0; i < listing->nr; i++)
		print_row(out, &listing->all[i]);
}
