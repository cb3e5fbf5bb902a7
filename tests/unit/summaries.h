/* SPDX-License-Identifier: GPL-2.0-only */
/* Builds summaries of runs: a test reads like the runs it compares. */
#ifndef PGMAP_TEST_SUMMARIES_H
#define PGMAP_TEST_SUMMARIES_H

#include <string.h>

#include "core/compare.h"
#include "unit.h"

static inline struct pgmap_summary summary_by(enum pgmap_by by)
{
	struct pgmap_summary summary = { .by = by, .duration_ns = 2000000000, .time_ns = 5 };

	strcpy(summary.origin.tool, "pgmapstat 1");
	strcpy(summary.origin.kernel, "6.12");
	strcpy(summary.origin.arch, "x86_64");
	strcpy(summary.origin.backend, "tp_btf");
	summary.origin.cpus = 2;
	return summary;
}

/* A PRIVATE pagemap of @driver; its own and those of all before are numbered. */
static inline struct pgmap_group *group_in(struct pgmap_summary *summary, const char *driver)
{
	struct pgmap_group *group = pgmap_summary_append(summary);

	assert_non_null(group);
	group->type = PGMAP_TYPE_PRIVATE;
	group->pgmap = 0xffff888000000000 + summary->nr * 64;
	group->generation = 1;
	group->pagemaps = 1;
	strcpy(group->driver, driver);
	pgmap_summary_number(summary);
	return group;
}

static inline struct pgmap_metric *faults_of(struct pgmap_group *group)
{
	return &group->metrics[PGMAP_METRIC_FAULT];
}

/* @nr values spread evenly from @from_ns to @to_ns. */
static inline void spread(struct pgmap_metric *metric, __u64 from_ns, __u64 to_ns, __u32 nr)
{
	__u32 i;

	for (i = 0; i < nr; i++)
		assert_int_equal(pgmap_metric_add(metric, from_ns + (to_ns - from_ns) * i / nr), 0);
}

#endif
