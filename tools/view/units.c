// SPDX-License-Identifier: GPL-2.0-only
/* Scaling by tables: limit, divisor, unit. */
#include <stdio.h>
#include <time.h>

#include "units.h"

struct scale {
	double divisor;
	const char *unit;
};

static const struct scale times[] = {
	{ 1, "ns" }, { 1e3, "us" }, { 1e6, "ms" }, { 1e9, "s" },
};

static const struct scale counts[] = {
	{ 1, "" }, { 1e3, "k" }, { 1e6, "M" }, { 1e9, "G" }, { 1e12, "T" }, { 1e15, "P" },
};

/* Three significant digits in the largest unit that leaves at least 1. */
static struct pgmap_text scaled(double value, const struct scale *scales, size_t nr)
{
	struct pgmap_text text;
	size_t i = 0;

	/* 999.5 of one unit would print as 1000 */
	while (i + 1 < nr && value >= 0.9995 * scales[i + 1].divisor)
		i++;
	value /= scales[i].divisor;
	snprintf(text.text, sizeof(text.text), "%.*f%s",
		 value < 9.995 ? 2 : value < 99.95 ? 1 : 0, value, scales[i].unit);
	return text;
}

struct pgmap_text pgmap_unit_time(__u64 ns)
{
	struct pgmap_text text = { "-" };

	if (!ns)
		return text;
	if (ns < 1000) {
		snprintf(text.text, sizeof(text.text), "%lluns", ns);
		return text;
	}
	return scaled(ns, times, sizeof(times) / sizeof(times[0]));
}

struct pgmap_text pgmap_unit_count(__s64 count)
{
	struct pgmap_text text;

	if (count < 100000) {
		snprintf(text.text, sizeof(text.text), "%lld", count);
		return text;
	}
	return scaled(count, counts, sizeof(counts) / sizeof(counts[0]));
}

struct pgmap_text pgmap_unit_rate(__u64 count, __u64 interval_ns)
{
	struct pgmap_text text = { "0" };
	double rate;

	if (!count || !interval_ns)
		return text;
	rate = count * 1e9 / interval_ns;
	if (rate >= 99.95 && rate < 99999.5) {
		snprintf(text.text, sizeof(text.text), "%.0f", rate);
		return text;
	}
	return scaled(rate, counts, sizeof(counts) / sizeof(counts[0]));
}

struct pgmap_text pgmap_unit_clock(__u64 real_ns)
{
	time_t seconds = real_ns / 1000000000;
	struct pgmap_text text = { "?" };
	struct tm day;
	size_t used;

	if (!localtime_r(&seconds, &day))
		return text;
	used = strftime(text.text, sizeof(text.text), "%H:%M:%S", &day);
	snprintf(text.text + used, sizeof(text.text) - used, ".%06llu",
		 real_ns % 1000000000 / 1000);
	return text;
}

struct pgmap_text pgmap_unit_or_unknown(struct pgmap_text text, bool unknown)
{
	const struct pgmap_text question = { "?" };

	return unknown ? question : text;
}
