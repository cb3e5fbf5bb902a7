/* SPDX-License-Identifier: GPL-2.0-only */
/* Builds events and feeds them to a model: a test reads like the story it tells. */
#ifndef PGMAP_TEST_EVENTS_H
#define PGMAP_TEST_EVENTS_H

#include <stdio.h>
#include <string.h>

#include "core/model.h"
#include "unit.h"

enum { A = 0x1000, B = 0x2000, C = 0x3000 };	/* addresses of pagemaps */
enum { TID = 7, OTHER_TID = 8 };

static inline struct pgmap_event event_of(enum pgmap_event_id id, __u64 pgmap, __u64 time)
{
	struct pgmap_event ev = {
		.event = id,
		.pgmap = pgmap,
		.time_ns = time,
		.type = PGMAP_TYPE_PRIVATE,
		.pid = TID,
		.tid = TID,
		.comm = "test",
	};

	return ev;
}

static inline void feed(struct pgmap_model *model, struct pgmap_event ev)
{
	assert_int_equal(pgmap_model_event(model, &ev), 0);
}

/* An add of one range of @pages pages at physical page @first. */
static inline struct pgmap_event add_of(__u64 pgmap, __u64 time, __u64 first, __u64 pages)
{
	struct pgmap_event ev = event_of(PGMAP_EVENT_ADD, pgmap, time);

	ev.u.add.nr_range = 1;
	ev.u.add.nr_here = 1;
	ev.u.add.pages = pages;
	ev.u.add.ranges[0].start = first << 12;
	ev.u.add.ranges[0].end = ((first + pages) << 12) - 1;
	strcpy(ev.u.add.driver, "driver");
	return ev;
}

static inline void add(struct pgmap_model *model, __u64 pgmap, __u64 time)
{
	feed(model, add_of(pgmap, time, pgmap, 16));
}

static inline void step(struct pgmap_model *model, enum pgmap_event_id id, __u64 pgmap,
			__u64 time)
{
	feed(model, event_of(id, pgmap, time));
}

static inline void page(struct pgmap_model *model, enum pgmap_event_id id, __u64 pgmap,
			__u64 time, __u64 pages)
{
	struct pgmap_event ev = event_of(id, pgmap, time);

	ev.u.page.pages = pages;
	ev.u.page.pfn = pgmap;
	feed(model, ev);
}

static inline void kill_drain_release(struct pgmap_model *model, __u64 pgmap, __u64 time)
{
	step(model, PGMAP_EVENT_KILL, pgmap, time);
	step(model, PGMAP_EVENT_DRAINED, pgmap, time + 1);
	step(model, PGMAP_EVENT_RELEASE, pgmap, time + 2);
}

static inline void assert_findings(const struct pgmap_model *model, size_t nr)
{
	size_t i;

	if (model->findings.nr != nr)
		for (i = 0; i < model->findings.nr; i++)
			print_message("# rule %d on 0x%llx generation %u\n",
				      model->findings.all[i].rule, model->findings.all[i].pgmap,
				      model->findings.all[i].generation);
	assert_int_equal(model->findings.nr, nr);
}

/* Exactly one finding, of this rule, as severe as that. */
static inline const struct pgmap_finding *assert_only(const struct pgmap_model *model,
						      enum pgmap_rule rule,
						      enum pgmap_severity severity)
{
	assert_findings(model, 1);
	assert_int_equal(model->findings.all[0].rule, rule);
	assert_int_equal(model->findings.all[0].severity, severity);
	return &model->findings.all[0];
}

static inline enum pgmap_state state_of(const struct pgmap_model *model, __u64 pgmap)
{
	const struct pgmap_instance *one = pgmap_table_latest(&model->table, pgmap);

	assert_non_null(one);
	return one->state;
}

static inline int new_model(void **state)
{
	static struct pgmap_model model;

	*state = &model;
	return pgmap_model_init(&model, NULL);
}

static inline int drop_model(void **state)
{
	pgmap_model_free(*state);
	return 0;
}

#define model_test(name) cmocka_unit_test_setup_teardown(name, new_model, drop_model)

#endif
