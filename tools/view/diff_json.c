// SPDX-License-Identifier: GPL-2.0-only
/* A comparison as one JSON object. */
#include <stdio.h>

#include <pgmap/names.h>

#include "diff.h"
#include "json_value.h"
#include "latency.h"

static json *of_runs(const struct pgmap_runs *runs)
{
	json *all = json_object_new_array();
	__u32 i;

	for (i = 0; i < runs->nr; i++) {
		json *one = json_object_new_object();

		pgmap_put_origin(one, &runs->all[i].origin);
		json_object_array_add(all, one);
	}
	return all;
}

static void put_side(json *to, const char *key, const struct pgmap_side *side)
{
	json *one = json_object_new_object();

	pgmap_put_u64(one, "ns", side->ns);
	pgmap_put_u64(one, "count", side->count);
	pgmap_put_u64(one, "runs", side->runs);
	json_object_object_add(to, key, one);
}

static json *of_comparison(enum pgmap_by by, const struct pgmap_comparison *one)
{
	json *line = json_object_new_object();
	double ratio = one->base.ns ? (double)one->fresh.ns / one->base.ns : 0;

	pgmap_put_group(line, by, one->group);
	pgmap_put_u64(line, "ordinal", one->group->ordinal);
	pgmap_put_text(line, "metric", pgmap_metric_name(one->metric));
	pgmap_put_text(line, "percentile", pgmap_diff_number(one->permille).text);
	put_side(line, "base", &one->base);
	put_side(line, "new", &one->fresh);
	if (ratio > 0)
		json_object_object_add(line, "ratio", json_object_new_double(ratio));
	pgmap_put_text(line, "change", pgmap_change_name(one->change));
	return line;
}

void pgmap_json_diff(struct pgmap_view *view, const struct pgmap_diff *diff)
{
	json *line = pgmap_json_start(view, "diff", 0);
	json *changes = json_object_new_object();
	json *all = json_object_new_array();
	enum pgmap_by by = diff->base->all[0].by;
	int change;
	size_t i;

	pgmap_put_text(line, "by", pgmap_by_name(by));
	json_object_object_add(line, "base", of_runs(diff->base));
	json_object_object_add(line, "new", of_runs(diff->fresh));
	pgmap_put_u64(line, "ratio_permille", diff->options->ratio_permille);
	pgmap_put_u64(line, "floor_ns", diff->options->floor_ns);
	pgmap_put_u64(line, "min_count", diff->options->min_count);
	pgmap_put_bool(line, "conclusive", diff->conclusive);
	for (change = 0; change < PGMAP_NR_CHANGES; change++)
		pgmap_put_u64(changes, pgmap_change_name(change),
			      diff->comparisons->changes[change]);
	json_object_object_add(line, "changes", changes);
	for (i = 0; i < diff->comparisons->nr; i++)
		json_object_array_add(all, of_comparison(by, &diff->comparisons->all[i]));
	json_object_object_add(line, "comparisons", all);
	pgmap_json_finish(view, line);
}
