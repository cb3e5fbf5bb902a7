/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether a percentile has moved, or only seems to. Pure arithmetic on histograms. */
#ifndef PGMAP_CORE_SIGNIFICANCE_H
#define PGMAP_CORE_SIGNIFICANCE_H

#include <stdbool.h>

#include "latency.h"

/* Buckets between which the true percentile lies, by the values seen. */
struct pgmap_interval {
	bool known;	/* false: there are too few values to say */
	__u32 low;
	__u32 high;
};

/* The interval that has the percentile @permille (1 .. 999) with 99 % confidence. */
struct pgmap_interval pgmap_percentile_interval(const struct pgmap_latency *values,
						__u32 permille);

/* Where the true mean lies, in ns. */
struct pgmap_mean_interval {
	bool known;	/* false: there are too few values to say */
	double low;
	double high;
};

/*
 * The interval that has the mean with 99 % confidence, as far as it follows the normal law:
 * a rare outlier widens it.
 */
struct pgmap_mean_interval pgmap_mean_interval(const struct pgmap_latency *values);

/*
 * One number of each run: are those of @larger (@nr_larger of them) really the
 * larger ones? Each at most 32, at least 1; with one on each side nothing is known
 * of the differences between runs, and the answer is true.
 */
bool pgmap_runs_are_apart(const __u64 *smaller, __u32 nr_smaller, const __u64 *larger,
			  __u32 nr_larger);

#endif
