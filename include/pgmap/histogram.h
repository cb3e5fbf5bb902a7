/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Log-linear histogram: value -> bucket -> value, the same code in BPF and in
 * user space. Below 32 a bucket is one value; above, each power of two has 32
 * buckets, so a bucket's middle is within 1.6 % of every value in it.
 */
#ifndef PGMAP_HISTOGRAM_H
#define PGMAP_HISTOGRAM_H

#include <linux/types.h>

enum {
	PGMAP_HIST_SUB_BITS	= 5,
	PGMAP_HIST_SUB		= 1 << PGMAP_HIST_SUB_BITS,
	PGMAP_HIST_BUCKETS	= (64 - PGMAP_HIST_SUB_BITS + 1) * PGMAP_HIST_SUB,
	PGMAP_HIST_KEY_BITS	= 11,	/* bucket in the key of `latencies` */
	/* Room in each of two maps, which are emptied one after the other: 5.5 MiB both. */
	PGMAP_MAX_LATENCIES	= 32768,
	/* So many are worth a look of user space, before they are too many. */
	PGMAP_MANY_LATENCIES	= PGMAP_MAX_LATENCIES / 4,
};

_Static_assert(PGMAP_HIST_BUCKETS <= 1 << PGMAP_HIST_KEY_BITS, "a bucket fits its key");

/* Value of `latencies`: the values in one bucket. */
struct pgmap_hist_sum {
	__u64 count;
	__u64 sum_ns;		/* exact, as no bucket's middle is */
};

_Static_assert(sizeof(struct pgmap_hist_sum) == 16, "no hidden padding");

/* Position of the highest set bit of @value, 0 for 0. BPF has no such instruction. */
static inline __u32 pgmap_log2(__u64 value)
{
	__u32 log = 0, step;

	for (step = 32; step; step >>= 1) {
		if (value >> step) {
			value >>= step;
			log += step;
		}
	}
	return log;
}

/* Bucket of @value, 0 .. PGMAP_HIST_BUCKETS - 1; grows with @value. */
static inline __u32 pgmap_hist_bucket(__u64 value)
{
	__u32 octave;

	if (value < PGMAP_HIST_SUB)
		return value;
	octave = pgmap_log2(value) - PGMAP_HIST_SUB_BITS;
	return octave * PGMAP_HIST_SUB + (__u32)(value >> octave);
}

/* Smallest value that falls into @bucket. */
static inline __u64 pgmap_hist_low(__u32 bucket)
{
	__u32 octave;

	if (bucket < 2 * PGMAP_HIST_SUB)
		return bucket;
	octave = bucket / PGMAP_HIST_SUB - 1;
	return (__u64)(bucket - octave * PGMAP_HIST_SUB) << octave;
}

/* The value that stands for all of @bucket: its middle. */
static inline __u64 pgmap_hist_value(__u32 bucket)
{
	__u32 octave = bucket < 2 * PGMAP_HIST_SUB ? 0 : bucket / PGMAP_HIST_SUB - 1;

	return pgmap_hist_low(bucket) + (((__u64)1 << octave) - 1) / 2;
}

/* Key of `latencies`: which slot, which bucket. */
static inline __u32 pgmap_hist_key(__u32 slot, __u32 bucket)
{
	return slot << PGMAP_HIST_KEY_BITS | bucket;
}

#endif
