// SPDX-License-Identifier: GPL-2.0-only
/* A comparison for people: who, then a line for each percentile of each metric. */
#include <stdio.h>

#include <pgmap/names.h>

#include "diff.h"
#include "latency.h"
#include "units.h"

#define LINE	"  %-8s %-4s %8s %8s %7s %8s %8s  %s\n"

static void print_side(FILE *out, const char *name, const struct pgmap_runs *runs)
{
	const struct pgmap_origin *origin = &runs->all[0].origin;

	fprintf(out, "%-5s %u run%s, kernel %s, %s, %s, %llu CPUs, %s\n", name, runs->nr,
		runs->nr == 1 ? "" : "s", origin->kernel, origin->arch, origin->backend,
		origin->cpus, origin->tool);
}

/* By what it is matched: an address is another one in each run. */
static void print_who(FILE *out, enum pgmap_by by, const struct pgmap_group *group)
{
	struct pgmap_group nameless = *group;
	char who[PGMAP_WHO_LEN];

	if (by == PGMAP_BY_PGMAP && !group->rest) {
		fprintf(out, "%s, driver %s, device %s, #%u\n",
			pgmap_type_name(group->type), *group->driver ? group->driver : "-",
			*group->device ? group->device : "-", group->ordinal + 1);
		return;
	}
	nameless.pagemaps = 0;	/* may differ from run to run */
	pgmap_prose_group(who, by, &nameless);
	fprintf(out, "%s\n", who);
}

static struct pgmap_text ratio_of(const struct pgmap_comparison *one)
{
	struct pgmap_text text = { "-" };

	if (one->base.ns && one->fresh.ns)
		snprintf(text.text, sizeof(text.text), "%.3f",
			 (double)one->fresh.ns / one->base.ns);
	return text;
}

struct pgmap_text pgmap_diff_number(__u32 permille)
{
	struct pgmap_text text = { "mean" };

	if (permille != PGMAP_COMPARE_MEAN)
		snprintf(text.text, sizeof(text.text), "p%u", permille / 10);
	return text;
}

static void print_comparison(FILE *out, const struct pgmap_comparison *one)
{
	fprintf(out, LINE, pgmap_metric_name(one->metric), pgmap_diff_number(one->permille).text,
		pgmap_unit_time(one->base.ns).text, pgmap_unit_time(one->fresh.ns).text,
		ratio_of(one).text, pgmap_unit_count(one->base.count).text,
		pgmap_unit_count(one->fresh.count).text, pgmap_change_name(one->change));
}

static void print_sum(FILE *out, const struct pgmap_diff *diff)
{
	const __u64 *changes = diff->comparisons->changes;
	const char *before = "";
	int change;

	for (change = 0; change < PGMAP_NR_CHANGES; change++) {
		if (!changes[change])
			continue;
		fprintf(out, "%s%llu %s", before, changes[change], pgmap_change_name(change));
		before = ", ";
	}
	fprintf(out, "%s (by at least %u.%u %% and %s, of %llu values)\n",
		*before ? "" : "nothing to compare", diff->options->ratio_permille / 10,
		diff->options->ratio_permille % 10, pgmap_unit_time(diff->options->floor_ns).text,
		diff->options->min_count);
}

void pgmap_text_diff(const struct pgmap_view_options *options, const struct pgmap_diff *diff)
{
	const struct pgmap_comparisons *comparisons = diff->comparisons;
	const struct pgmap_group *last = NULL;
	FILE *out = options->out;
	size_t i;

	print_side(out, "base:", diff->base);
	print_side(out, "new:", diff->fresh);
	for (i = 0; i < comparisons->nr; i++) {
		const struct pgmap_comparison *one = &comparisons->all[i];

		if (one->group != last) {
			print_who(out, diff->base->all[0].by, one->group);
			fprintf(out, LINE, "metric", "", "base", "new", "ratio", "count", "new",
				"change");
		}
		last = one->group;
		print_comparison(out, one);
	}
	print_sum(out, diff);
}
