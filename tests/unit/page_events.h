/* SPDX-License-Identifier: GPL-2.0-only */
/* A model with the rules on pages, and page events of pagemap A one by one. */
#ifndef PGMAP_TEST_PAGE_EVENTS_H
#define PGMAP_TEST_PAGE_EVENTS_H

#include "events.h"

enum { FIRST = A, PAGES = 16 };		/* the frames that add() gives to A */
enum { SIGBUS = 0x2, MAJOR = 0x4, NOPAGE = 0x100, RETRY = 0x400 };

static inline int new_page_model(void **state)
{
	struct pgmap_judge_options options = pgmap_judge_defaults();
	static struct pgmap_model model;

	options.pages = true;
	*state = &model;
	return pgmap_model_init(&model, &options);
}

#define page_test(name) cmocka_unit_test_setup_teardown(name, new_page_model, drop_model)

static inline struct pgmap_event page_of(enum pgmap_event_id id, __u64 time, __u64 pfn)
{
	struct pgmap_event ev = event_of(id, A, time);

	ev.u.page.pfn = pfn;
	ev.u.page.pages = 1;
	ev.u.page.address = 0x7f0000000000;
	return ev;
}

static inline void alloc(struct pgmap_model *model, __u64 time, __u64 pfn)
{
	feed(model, page_of(PGMAP_EVENT_PAGE_ALLOC, time, pfn));
}

static inline void drop(struct pgmap_model *model, __u64 time, __u64 pfn)
{
	feed(model, page_of(PGMAP_EVENT_PAGE_FREE, time, pfn));
}

static inline void enter(struct pgmap_model *model, __u64 time, __u64 pfn, __u32 tid)
{
	struct pgmap_event ev = page_of(PGMAP_EVENT_FAULT_ENTER, time, pfn);

	ev.tid = tid;
	feed(model, ev);
}

static inline void leave(struct pgmap_model *model, __u64 time, __u64 pfn, __u32 tid, __u32 result)
{
	struct pgmap_event ev = page_of(PGMAP_EVENT_FAULT_EXIT, time, pfn);

	ev.tid = tid;
	ev.u.page.result = result;
	feed(model, ev);
}

#endif
