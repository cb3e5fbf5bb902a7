/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers as people read them: at most six columns, unit attached. */
#ifndef PGMAP_VIEW_UNITS_H
#define PGMAP_VIEW_UNITS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

enum { PGMAP_UNIT_LEN = 24 };

struct pgmap_text {
	char text[PGMAP_UNIT_LEN];
};

/* 0 "-", then 850ns, 12.3us, 4.56ms, 7.89s, 321s */
struct pgmap_text pgmap_unit_time(__u64 ns);

/* 0 .. 99999 as they are, then 123k, 4.56M, 7.89G */
struct pgmap_text pgmap_unit_count(__s64 count);

/* @count in @interval_ns as a rate for a second; three digits, "0" only for none */
struct pgmap_text pgmap_unit_rate(__u64 count, __u64 interval_ns);

/* @text, or "?" if it is @unknown. */
struct pgmap_text pgmap_unit_or_unknown(struct pgmap_text text, bool unknown);

/* Time of day of @real_ns (CLOCK_REALTIME) as HH:MM:SS.uuuuuu, local time. */
struct pgmap_text pgmap_unit_clock(__u64 real_ns);

#endif
