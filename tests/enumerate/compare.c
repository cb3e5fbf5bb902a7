// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generations are left to core, page events come
 * one by one, each pagemap has a thread of its own: what a trace file would give.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <pgmap/names.h>

#include "compare.h"

enum { NR_PAGEMAPS = 2 };

/* Two addresses that fall into one chain of core's hash table. */
static const __u64 addresses[NR_PAGEMAPS] = { 0xffff888100001000, 0xffff888100006a00 };
static const struct pgmap_range ranges[NR_PAGEMAPS] = {
	{ 0x100000000, 0x1000fffff },
	{ 0x100080000, 0x10017ffff },
};

static struct pgmap_event prepared[NR_PAGEMAPS][NR_WHATS];
static struct pgmap_event fault_exits[NR_PAGEMAPS];

static const enum pgmap_event_id ids[NR_WHATS] = {
	[ADD] = PGMAP_EVENT_ADD,
	[ADD_ERROR] = PGMAP_EVENT_ADD,
	[KILL] = PGMAP_EVENT_KILL,
	[KILL_ADDING] = PGMAP_EVENT_KILL,
	[DRAINED] = PGMAP_EVENT_DRAINED,
	[RELEASE] = PGMAP_EVENT_RELEASE,
	[ALLOC] = PGMAP_EVENT_PAGE_ALLOC,
	[FREE] = PGMAP_EVENT_PAGE_FREE,
	[FAULT] = PGMAP_EVENT_FAULT_ENTER,
	[ADD_EARLY] = PGMAP_EVENT_ADD,
	[WAIT] = PGMAP_EVENT_TICK,
};

static void fill(struct pgmap_event *ev, enum what what, int where)
{
	ev->event = ids[what];
	ev->pgmap = addresses[where];
	ev->type = PGMAP_TYPE_PRIVATE;
	ev->pid = where + 1;
	ev->tid = where + 1;
	if (what == KILL_ADDING)
		ev->flags = PGMAP_FLAG_ADDING;
	if (what == ADD || what == ADD_ERROR || what == ADD_EARLY) {
		ev->u.add.error = what == ADD_ERROR ? -12 : 0;
		ev->u.add.setup_ns = what == ADD_EARLY ? STEP_NS + 1 : 1;
		ev->u.add.nr_range = 1;
		ev->u.add.nr_here = 1;
		ev->u.add.ranges[0] = ranges[where];
	} else if (what == ALLOC || what == FREE || what == FAULT) {
		ev->u.page.pfn = ranges[where].start >> 12;
		ev->u.page.pages = 1;
	}
}

void compare_prepare(void)
{
	int what, where;

	for (where = 0; where < NR_PAGEMAPS; where++) {
		for (what = 0; what < NR_WHATS; what++)
			fill(&prepared[where][what], what, where);
		fault_exits[where] = prepared[where][FAULT];
		fault_exits[where].event = PGMAP_EVENT_FAULT_EXIT;
	}
}

int compare_feed(struct pgmap_model *model, const struct happening *history, int at)
{
	const struct happening *now = &history[at];
	struct pgmap_event *ev = &prepared[now->where][now->what];
	int err;

	ev->time_ns = predicates_time(history, at);
	err = pgmap_model_event(model, ev);
	if (err || now->what != FAULT)
		return err;
	/* a fault that never left would be counted as a lost event */
	fault_exits[now->where].time_ns = ev->time_ns;
	return pgmap_model_event(model, &fault_exits[now->where]);
}

static struct wanted *find_same(struct wanted_list *list, const struct broken *broken)
{
	int i;

	for (i = 0; i < list->nr; i++) {
		const struct broken *old = &list->all[i].broken;

		if (old->rule == broken->rule && old->where == broken->where &&
		    old->generation == broken->generation)
			return &list->all[i];
	}
	return NULL;
}

static void add_wanted(struct wanted_list *to, const struct broken *broken, int nr, int at)
{
	struct wanted *same;
	int i;

	for (i = 0; i < nr; i++) {
		same = find_same(to, &broken[i]);
		if (!same) {
			to->all[to->nr++] = (struct wanted){ broken[i], at };
			continue;
		}
		/* a rule is told of once for each life, as it was broken most severely */
		same->broken.times += broken[i].times;
		if (broken[i].severity <= same->broken.severity)
			continue;
		same->broken.severity = broken[i].severity;
		same->at = at;
	}
}

static void copy_wanted(struct wanted_list *to, const struct wanted_list *from)
{
	memcpy(to->all, from->all, from->nr * sizeof(to->all[0]));
	to->nr = from->nr;
}

void compare_want(struct wanted_list *to, const struct wanted_list *before,
		  const struct happening *history, int at, enum pgmap_rule leave_out, bool clock)
{
	struct broken broken[MAX_BROKEN];

	copy_wanted(to, before);
	if (clock)
		add_wanted(to, broken, predicates_clock(history, at, leave_out, broken), at);
	add_wanted(to, broken, predicates_judge(history, at, leave_out, broken), at);
}

void compare_want_end(struct wanted_list *to, const struct wanted_list *before,
		      const struct happening *history, int nr, enum pgmap_rule leave_out)
{
	struct broken broken[MAX_BROKEN];

	copy_wanted(to, before);
	add_wanted(to, broken, predicates_end(history, nr, leave_out, broken), nr - 1);
}

static bool is_it(const struct pgmap_finding *finding, const struct wanted *wanted,
		  const struct happening *history)
{
	const struct broken *broken = &wanted->broken;

	return finding->rule == broken->rule && finding->pgmap == addresses[broken->where] &&
	       finding->generation == broken->generation &&
	       finding->severity == broken->severity && finding->times == broken->times &&
	       finding->time_ns == (__u64)predicates_time(history, wanted->at);
}

/* Its place in the list, or -1. Mostly both lists have the same order. */
static int find_wanted(const struct pgmap_finding *finding, const struct wanted_list *wanted,
		       const struct happening *history, int guess)
{
	int i;

	if (is_it(finding, &wanted->all[guess], history))
		return guess;
	for (i = 0; i < wanted->nr; i++)
		if (is_it(finding, &wanted->all[i], history))
			return i;
	return -1;
}

static enum pgmap_verdict wanted_verdict(const struct wanted_list *wanted)
{
	int i;

	for (i = 0; i < wanted->nr; i++)
		if (wanted->all[i].broken.severity == PGMAP_SEVERITY_ERROR)
			return PGMAP_VERDICT_VIOLATED;
	return PGMAP_VERDICT_CLEAN;
}

bool compare_agree(const struct pgmap_model *model, const struct wanted_list *wanted,
		   const struct happening *history)
{
	const struct pgmap_findings *got = &model->findings;
	__u64 seen = 0;
	int i, place;

	if (got->nr != (size_t)wanted->nr || got->dropped)
		return false;
	for (i = 0; i < wanted->nr; i++) {
		place = find_wanted(&got->all[i], wanted, history, i);
		if (place < 0 || seen >> place & 1)
			return false;
		seen |= 1ULL << place;
	}
	return pgmap_model_verdict(model) == wanted_verdict(wanted);
}

/* ---- what a mismatch looks like ---- */

struct writer {
	char *text;
	size_t size;
	size_t used;
};

__attribute__((format(printf, 2, 3)))
static void put(struct writer *to, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(to->text + to->used, to->size - to->used, format, args);
	va_end(args);
	to->used += n;
	if (to->used >= to->size)
		to->used = to->size - 1;
}

static void put_one(struct writer *to, const char *who, const struct broken *broken, __u64 time)
{
	put(to, "# %s: %s %s on %c generation %u, at %llu, times %u\n", who,
	    pgmap_severity_name(broken->severity), pgmap_rule_name(broken->rule),
	    "AB"[broken->where], broken->generation, time, broken->times);
}

void compare_tell(char *text, size_t size, const struct pgmap_model *model,
		  const struct wanted_list *wanted, const struct happening *history, int nr)
{
	static const char *const names[NR_WHATS] = {
		"ADD", "ADD(error)", "KILL", "KILL(adding)", "DRAINED", "RELEASE", "ALLOC",
		"FREE", "FAULT", "ADD(early)", "WAIT",
	};
	struct writer to = { .text = text, .size = size };
	size_t i;

	put(&to, "# mismatch:");
	for (i = 0; i < (size_t)nr; i++)
		put(&to, " %c.%s", "AB"[history[i].where], names[history[i].what]);
	put(&to, "\n");
	for (i = 0; i < (size_t)wanted->nr; i++)
		put_one(&to, "predicates", &wanted->all[i].broken,
			predicates_time(history, wanted->all[i].at));
	for (i = 0; i < model->findings.nr; i++) {
		const struct pgmap_finding *got = &model->findings.all[i];
		struct broken broken = {
			.rule = got->rule,
			.severity = got->severity,
			.where = got->pgmap == addresses[1],
			.generation = got->generation,
			.times = got->times,
		};

		put_one(&to, "core", &broken, got->time_ns);
	}
	put(&to, "# verdict: predicates %s, core %s\n",
	    pgmap_verdict_name(wanted_verdict(wanted)),
	    pgmap_verdict_name(pgmap_model_verdict(model)));
}
