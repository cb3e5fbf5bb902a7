// SPDX-License-Identifier: GPL-2.0-only
/* Counts by time and latency; a column gets twice as wide when they run out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "heat.h"

enum { FIRST_WIDTH_NS = 1024 };

static void add_to(__u32 *count, __u32 more)
{
	*count = *count + more < *count ? ~0U : *count + more;
}

static void merge(struct pgmap_heat_column *to, const struct pgmap_heat_column *more)
{
	__u32 row;

	to->total += more->total;
	if (more->max_ns > to->max_ns)
		to->max_ns = more->max_ns;
	for (row = 0; row < PGMAP_HEAT_ROWS; row++)
		add_to(&to->rows[row], more->rows[row]);
}

static void widen(struct pgmap_heat *heat)
{
	struct pgmap_heat_column *columns = heat->columns;
	const size_t half = PGMAP_HEAT_COLUMNS / 2;
	size_t i;

	for (i = 0; i < half; i++) {
		if (i)
			columns[i] = columns[2 * i];
		merge(&columns[i], &columns[2 * i + 1]);
	}
	memset(&columns[half], 0, half * sizeof(*columns));
	heat->width_ns *= 2;
	heat->nr = (heat->nr + 1) / 2;
}

static int begin(struct pgmap_heat *heat, __u64 time_ns)
{
	heat->columns = calloc(PGMAP_HEAT_COLUMNS, sizeof(*heat->columns));
	if (!heat->columns)
		return -ENOMEM;
	heat->start_ns = time_ns;
	heat->width_ns = FIRST_WIDTH_NS;
	return 0;
}

int pgmap_heat_add(struct pgmap_heat *heat, __u64 time_ns, __u64 ns)
{
	struct pgmap_heat_column *column;
	__u64 since, place;

	if (!heat->columns && begin(heat, time_ns))
		return -ENOMEM;
	/* an event that came late may be from before */
	since = time_ns > heat->start_ns ? time_ns - heat->start_ns : 0;
	while ((place = since / heat->width_ns) >= PGMAP_HEAT_COLUMNS)
		widen(heat);
	if (heat->nr <= place)
		heat->nr = place + 1;
	column = &heat->columns[place];
	column->total++;
	if (ns > column->max_ns)
		column->max_ns = ns;
	add_to(&column->rows[pgmap_hist_bucket(ns) / PGMAP_HEAT_MERGED], 1);
	return 0;
}

__u64 pgmap_heat_percentile(const struct pgmap_heat_column *column, __u32 permille)
{
	__u64 want = column->total - column->total * (1000 - permille) / 1000;
	__u64 seen = 0, ns;
	__u32 row;

	for (row = 0; column->total && row < PGMAP_HEAT_ROWS; row++) {
		seen += column->rows[row];
		if (seen < want || !seen)
			continue;
		ns = pgmap_heat_low(row) + (pgmap_heat_low(row + 1) - pgmap_heat_low(row)) / 2;
		/* a row's middle may lie above the exact maximum */
		return ns < column->max_ns ? ns : column->max_ns;
	}
	return column->total ? column->max_ns : 0;
}

void pgmap_heat_free(struct pgmap_heat *heat)
{
	free(heat->columns);
	memset(heat, 0, sizeof(*heat));
}
