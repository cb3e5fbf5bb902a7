// SPDX-License-Identifier: GPL-2.0-only
/*
 * A histogram as bars. Nine in ten values get rows of one width, as fine as fits them; what
 * lies far out, a twentieth on each side, gets a row for each power of two, so that one slow
 * fault does not press all others into one bar. Gaps take one line.
 */
#include <string.h>

#include "latency.h"
#include "units.h"

enum { MAX_ROWS = 20, BAR = 48, MARKS_LEN = 48 };

/* Buckets; the last one is not in it. */
struct span {
	__u32 first;
	__u32 end;
};

struct rows {
	const struct pgmap_latency *values;
	__u32 shift;		/* a row of the middle is 1 << shift buckets */
	struct span all;
	struct span middle;
	__u64 total;
	__u64 largest;
};

static __u64 count_in(const struct rows *rows, struct span span)
{
	const struct pgmap_latency_bucket *buckets = rows->values->buckets;
	__u64 count = 0;
	__u32 i;

	for (i = 0; i < rows->values->nr; i++)
		if (buckets[i].bucket >= span.first && buckets[i].bucket < span.end)
			count += buckets[i].count;
	return count;
}

static __u32 bucket_of(const struct pgmap_latency *values, __u32 permille)
{
	return pgmap_hist_bucket(pgmap_latency_percentile(values, PGMAP_LATENCY_ALL, permille));
}

static __u32 round_down(__u32 bucket, __u32 shift)
{
	return bucket >> shift << shift;
}

static __u32 round_up(__u32 bucket, __u32 shift)
{
	return round_down(bucket + (1U << shift) - 1, shift);
}

/* The row that begins at @first. */
static struct span row_at(const struct rows *rows, __u32 first)
{
	const struct span *middle = &rows->middle;
	bool inside = first >= middle->first && first < middle->end;
	struct span row = { .first = first };

	row.end = round_up(first + 1, inside ? rows->shift : PGMAP_HIST_SUB_BITS);
	if (first < middle->first && row.end > middle->first)
		row.end = middle->first;
	return row;
}

static void lay_out(struct rows *rows, const struct pgmap_latency *values)
{
	__u32 low = bucket_of(values, 50), high = bucket_of(values, 950);
	struct span row;

	*rows = (struct rows){ .values = values };
	rows->total = pgmap_latency_total(values, PGMAP_LATENCY_ALL);
	while (rows->shift < PGMAP_HIST_SUB_BITS &&
	       (high >> rows->shift) - (low >> rows->shift) >= MAX_ROWS)
		rows->shift++;
	rows->middle.first = round_down(low, rows->shift);
	rows->middle.end = round_up(high + 1, rows->shift);
	rows->all.first = round_down(bucket_of(values, 1), PGMAP_HIST_SUB_BITS);
	rows->all.end = bucket_of(values, 1000) + 1;
	/* buckets below the first permille are few, but there */
	while (rows->all.first && count_in(rows, (struct span){ 0, rows->all.first }))
		rows->all.first -= PGMAP_HIST_SUB;
	for (row = row_at(rows, rows->all.first); row.first < rows->all.end;
	     row = row_at(rows, row.end)) {
		__u64 count = count_in(rows, row);

		if (count > rows->largest)
			rows->largest = count;
	}
}

/* The percentiles that lie in this row. */
static void mark(char marks[MARKS_LEN], const struct rows *rows, struct span row)
{
	static const struct {
		__u32 permille;
		const char *name;
	} all[] = { { 500, "p50" }, { 900, "p90" }, { 990, "p99" }, { 999, "p99.9" } };
	__u32 bucket;
	size_t i;

	marks[0] = 0;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		bucket = bucket_of(rows->values, all[i].permille);
		if (bucket < row.first || bucket >= row.end)
			continue;
		strcat(marks, " ");
		strcat(marks, all[i].name);
	}
}

static struct pgmap_text bound(__u32 bucket)
{
	__u64 ns = bucket < PGMAP_HIST_BUCKETS ? pgmap_hist_low(bucket) : ~0ULL;
	struct pgmap_text zero = { "0ns" };

	return ns ? pgmap_unit_time(ns) : zero;
}

static void print_row(FILE *out, const struct rows *rows, struct span row, __u64 count)
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
	fprintf(out, "    %7s - %-7s %8s %5.1f%% |%s%s\n", bound(row.first).text,
		bound(row.end).text, pgmap_unit_count(count).text, 100.0 * count / rows->total,
		bar, marks);
}

void pgmap_bars(FILE *out, const struct pgmap_metric *metric)
{
	bool begun = false, in_gap = false;
	struct rows rows;
	struct span row;
	__u64 count;

	if (!pgmap_latency_total(&metric->values, PGMAP_LATENCY_ALL))
		return;
	lay_out(&rows, &metric->values);
	for (row = row_at(&rows, rows.all.first); row.first < rows.all.end;
	     row = row_at(&rows, row.end)) {
		count = count_in(&rows, row);
		if (count)
			print_row(out, &rows, row, count);
		else if (begun && !in_gap)
			fprintf(out, "    %7s   %-7s %8s %6s |\n", "", "", "...", "");
		begun |= count != 0;
		in_gap = !count;
	}
}
