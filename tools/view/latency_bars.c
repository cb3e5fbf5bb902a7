// SPDX-License-Identifier: GPL-2.0-only
/*
 * A histogram as bars. The rows fit the values: as fine as the buckets when these lie
 * close together, a power of two each when they are spread wide, and gaps take one line.
 */
#include <string.h>

#include "latency.h"
#include "units.h"

enum { MAX_ROWS = 20, BAR = 48, MARKS_LEN = 48 };

struct rows {
	const struct pgmap_latency *values;
	__u32 shift;	/* a row is 1 << shift buckets */
	__u32 first;
	__u32 last;
	__u64 total;
	__u64 largest;
};

static __u64 count_in(const struct rows *rows, __u32 row)
{
	__u64 count = 0;
	__u32 i;

	for (i = 0; i < rows->values->nr; i++)
		if (rows->values->buckets[i].bucket >> rows->shift == row)
			count += rows->values->buckets[i].count;
	return count;
}

/* Buckets may be there that have counted nothing. */
static bool find_ends(const struct pgmap_latency *values, __u32 *first, __u32 *last)
{
	bool found = false;
	__u32 i;

	for (i = 0; i < values->nr; i++) {
		if (!values->buckets[i].count)
			continue;
		if (!found)
			*first = values->buckets[i].bucket;
		*last = values->buckets[i].bucket;
		found = true;
	}
	return found;
}

static bool lay_out(struct rows *rows, const struct pgmap_latency *values)
{
	__u32 first, last, row;

	*rows = (struct rows){ .values = values };
	if (!find_ends(values, &first, &last))
		return false;
	while (rows->shift < PGMAP_HIST_SUB_BITS &&
	       (last >> rows->shift) - (first >> rows->shift) >= MAX_ROWS)
		rows->shift++;
	rows->first = first >> rows->shift;
	rows->last = last >> rows->shift;
	rows->total = pgmap_latency_total(values, PGMAP_LATENCY_ALL);
	for (row = rows->first; row <= rows->last; row++) {
		__u64 count = count_in(rows, row);

		if (count > rows->largest)
			rows->largest = count;
	}
	return true;
}

/* The percentiles that lie in this row. */
static void mark(char marks[MARKS_LEN], const struct rows *rows, __u32 row)
{
	static const struct {
		__u32 permille;
		const char *name;
	} all[] = { { 500, "p50" }, { 900, "p90" }, { 990, "p99" }, { 999, "p99.9" } };
	__u32 bucket;
	size_t i;

	marks[0] = 0;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		bucket = pgmap_hist_bucket(pgmap_latency_percentile(rows->values, PGMAP_LATENCY_ALL,
								    all[i].permille));
		if (bucket >> rows->shift == row) {
			strcat(marks, " ");
			strcat(marks, all[i].name);
		}
	}
}

static struct pgmap_text bound(__u32 bucket)
{
	__u64 ns = bucket < PGMAP_HIST_BUCKETS ? pgmap_hist_low(bucket) : ~0ULL;
	struct pgmap_text zero = { "0ns" };

	return ns ? pgmap_unit_time(ns) : zero;
}

static void print_row(FILE *out, const struct rows *rows, __u32 row, __u64 count)
{
	int width = (double)count * BAR / rows->largest + 0.5;
	char bar[BAR + 1], marks[MARKS_LEN];

	memset(bar, '#', sizeof(bar));
	/* whatever is there is seen */
	if (!width) {
		bar[0] = '.';
		width = 1;
	}
	bar[width] = 0;
	mark(marks, rows, row);
	fprintf(out, "    %7s - %-7s %8s %5.1f%% |%s%s\n", bound(row << rows->shift).text,
		bound((row + 1) << rows->shift).text, pgmap_unit_count(count).text,
		100.0 * count / rows->total, bar, marks);
}

void pgmap_bars(FILE *out, const struct pgmap_metric *metric)
{
	bool in_gap = false;
	struct rows rows;
	__u64 count;
	__u32 row;

	if (!lay_out(&rows, &metric->values))
		return;
	for (row = rows.first; row <= rows.last; row++) {
		count = count_in(&rows, row);
		if (count)
			print_row(out, &rows, row, count);
		else if (!in_gap)
			fprintf(out, "    %7s   %-7s %8s %6s |\n", "", "", "...", "");
		in_gap = !count;
	}
}
