/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How latencies change over time: counts by column of time and row of latency, in bounded
 * memory however long it lasts. When time has filled all columns, pairs of them become one.
 */
#ifndef PGMAP_CORE_HEAT_H
#define PGMAP_CORE_HEAT_H

#include <pgmap/histogram.h>

enum {
	PGMAP_HEAT_COLUMNS = 128,
	PGMAP_HEAT_SUB = 8,	/* rows for each power of two: their middle is within 6.3 % */
	PGMAP_HEAT_MERGED = PGMAP_HIST_SUB / PGMAP_HEAT_SUB,	/* buckets of histogram.h in one */
	PGMAP_HEAT_ROWS = PGMAP_HIST_BUCKETS / PGMAP_HEAT_MERGED,
};

struct pgmap_heat_column {
	__u64 total;
	__u64 max_ns;		/* exact */
	__u32 rows[PGMAP_HEAT_ROWS];	/* stop at the largest number there is */
};

/* All zero is an empty one. */
struct pgmap_heat {
	struct pgmap_heat_column *columns;	/* PGMAP_HEAT_COLUMNS, or NULL: no value yet */
	__u64 start_ns;		/* of column 0: time of the first value */
	__u64 width_ns;		/* of a column */
	__u32 nr;		/* columns up to the last value */
};

/* One value of @ns, measured at @time_ns. Returns 0 or -ENOMEM. */
int pgmap_heat_add(struct pgmap_heat *heat, __u64 time_ns, __u64 ns);

/* Smallest value that falls into @row. */
static inline __u64 pgmap_heat_low(__u32 row)
{
	return pgmap_hist_low(row * PGMAP_HEAT_MERGED);
}

/*
 * What at least @permille thousandths of the values in @column do not exceed, in ns, within
 * 6.3 %; 0 when there are none.
 */
__u64 pgmap_heat_percentile(const struct pgmap_heat_column *column, __u32 permille);

/* Leaves it empty. */
void pgmap_heat_free(struct pgmap_heat *heat);

#endif
