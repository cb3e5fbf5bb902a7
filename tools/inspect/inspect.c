// SPDX-License-Identifier: GPL-2.0-only
/* Puts an explanation together from what its parts find. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocators.h"
#include "inspector.h"
#include "mappers.h"
#include "pages.h"
#include "places.h"

/* Half of the time is for the pages, the rest for the processes. */
static bool pages_are_over(const void *context)
{
	const struct pgmap_inspector *inspector = context;

	return pgmap_inspector_now_ns() + inspector->options.limit_ns / 2 > inspector->deadline_ns;
}

static bool all_is_over(const void *context)
{
	const struct pgmap_inspector *inspector = context;

	return pgmap_inspector_now_ns() > inspector->deadline_ns;
}

/* ---- opening ---- */

int pgmap_inspector_open(struct pgmap_inspector **opened,
			 const struct pgmap_inspect_options *options, char *why, size_t why_len)
{
	struct pgmap_inspector *inspector = calloc(1, sizeof(*inspector));
	int err;

	*opened = inspector;
	if (!inspector) {
		snprintf(why, why_len, "cannot start (%s)", strerror(ENOMEM));
		return -ENOMEM;
	}
	inspector->options = *options;
	err = pgmap_kernel_view_open(&inspector->kernel, &inspector->memory, options->log, why,
				     why_len);
	if (err) {
		pgmap_inspector_free(inspector);
		*opened = NULL;
		return err;
	}
	pgmap_places_find(&inspector->memory, options->symbols);
	return 0;
}

void pgmap_inspector_free(struct pgmap_inspector *inspector)
{
	if (!inspector)
		return;
	pgmap_kernel_view_free(inspector->kernel);
	free(inspector);
}

/* ---- finding what hangs ---- */

int pgmap_inspector_stuck(struct pgmap_inspector *inspector, __u64 *pgmaps, int max)
{
	struct pgmap_sleeper *sleepers;
	int i, found = 0, nr = pgmap_kernel_view_sleepers(inspector->kernel, &sleepers);

	if (nr < 0)
		return nr;
	for (i = 0; i < nr && found < max; i++) {
		pgmaps[found] = pgmap_waited_for(&inspector->memory, &sleepers[i]);
		found += pgmaps[found] != 0;
	}
	free(sleepers);
	return found;
}

/* ---- explaining ---- */

static void lacks(struct pgmap_explanation *to, enum pgmap_unknown what)
{
	to->unknown |= 1U << what;
}

static void tell_facts(struct pgmap_explanation *to, const struct pgmap_facts *facts)
{
	to->pgmap = facts->pgmap;
	to->type = facts->type;
	to->state = facts->state;
	memcpy(to->driver, facts->driver, sizeof(to->driver));
	to->pages = facts->pages;
	to->nr_range = facts->nr_range;
	to->nr_known = facts->nr_known < PGMAP_ADD_RANGES ? facts->nr_known : PGMAP_ADD_RANGES;
	memcpy(to->ranges, facts->ranges, to->nr_known * sizeof(to->ranges[0]));
	to->refs_known = facts->refs_known;
	to->refs = facts->refs;
	to->callback = facts->callback;
	if (!facts->refs_known)
		lacks(to, facts->refs_foreign ? PGMAP_UNKNOWN_FOREIGN_REFS : PGMAP_UNKNOWN_REFS);
}

static void tell_waiter(struct pgmap_explanation *to, struct pgmap_inspector *inspector,
			const struct pgmap_facts *facts)
{
	struct pgmap_sleeper *sleepers;
	int i, nr = pgmap_kernel_view_sleepers(inspector->kernel, &sleepers);

	for (i = 0; i < nr; i++) {
		if (sleepers[i].task != facts->waiter)
			continue;
		to->has_waiter = true;
		to->waiting_ns = sleepers[i].asleep_ns;
		to->waiter.pid = sleepers[i].pid;
		to->waiter.tid = sleepers[i].tid;
		memcpy(to->waiter.comm, sleepers[i].comm, sizeof(to->waiter.comm));
		to->waiter.nr_frames = sleepers[i].nr_frames;
		memcpy(to->waiter.stack, sleepers[i].stack, sizeof(to->waiter.stack));
		break;
	}
	if (nr >= 0)
		free(sleepers);
	if (!to->has_waiter)
		lacks(to, nr < 0 ? PGMAP_UNKNOWN_TASKS : PGMAP_UNKNOWN_WAITER);
}

static void tell_pages(struct pgmap_explanation *to, struct pgmap_inspector *inspector,
		       const struct pgmap_facts *facts)
{
	struct pgmap_page_found pages[PGMAP_MAX_HELD] = { 0 };
	struct pgmap_pages_found found = { .pages = pages, .room = PGMAP_MAX_HELD };
	__u32 i;

	pgmap_pages_find(&found, &inspector->memory, facts, pages_are_over, inspector);
	to->pages_seen = found.seen;
	to->outstanding = found.held;
	to->nr_held = found.nr;
	for (i = 0; i < found.nr; i++) {
		to->held[i].pfn = pages[i].pfn;
		to->held[i].refs = pages[i].refs;
		to->held[i].maps = pages[i].maps;
	}
	if (found.cut_short)
		lacks(to, PGMAP_UNKNOWN_PAGES);
	else if (!found.complete || !found.seen)
		lacks(to, PGMAP_UNKNOWN_MEMMAP);
}

static void tell_allocator(struct pgmap_explanation *to, struct pgmap_held *held,
			   const struct pgmap_allocators *allocators)
{
	struct pgmap_task *who = &held->allocator;
	struct pgmap_page_state state;
	int frames = pgmap_allocators_find(allocators, to->pgmap, held->pfn, &state, who->stack);

	if (frames < 0) {
		lacks(to, PGMAP_UNKNOWN_ALLOCATORS);
		return;
	}
	held->allocator_known = true;
	held->age_ns = to->time_ns > state.time_ns ? to->time_ns - state.time_ns : 0;
	to->generation = state.generation;
	who->nr_frames = frames;
	who->pid = state.pid;
	who->tid = state.tid;
	memcpy(who->comm, state.comm, sizeof(who->comm));
}

static void tell_allocators(struct pgmap_explanation *to)
{
	struct pgmap_allocators allocators;
	int err = pgmap_allocators_open(&allocators);
	__u32 i;

	for (i = 0; i < to->nr_held && (!err || allocators.nr); i++)
		tell_allocator(to, &to->held[i], &allocators);
	if (err && to->nr_held)
		lacks(to, PGMAP_UNKNOWN_MAPS_OF_OTHERS);
	pgmap_allocators_close(&allocators);
}

struct mapper_query {
	struct pgmap_explanation *explanation;
	struct pgmap_inspector *inspector;
};

static bool mappers_are_over(const void *context)
{
	const struct mapper_query *query = context;

	return all_is_over(query->inspector);
}

static void tell_mapper(void *context, const struct pgmap_mapping *mapping)
{
	const struct mapper_query *query = context;
	struct pgmap_held *held = &query->explanation->held[mapping->index];
	struct pgmap_mapper *mapper = &held->mappers[held->nr_mappers];

	if (held->nr_mappers++ >= PGMAP_MAX_MAPPERS)
		return;
	mapper->pid = mapping->pid;
	mapper->address = mapping->address;
	memcpy(mapper->comm, mapping->comm, strnlen(mapping->comm, sizeof(mapper->comm)));
}

static void tell_mappers(struct pgmap_explanation *to, struct pgmap_inspector *inspector)
{
	struct mapper_query context = { .explanation = to, .inspector = inspector };
	__u64 pfns[PGMAP_MAX_HELD];
	struct pgmap_mappers_query query = {
		.pfns = pfns, .nr = to->nr_held, .is_over = mappers_are_over,
		.found = tell_mapper, .context = &context,
	};
	__u32 i;

	for (i = 0; i < to->nr_held; i++)
		pfns[i] = to->held[i].pfn;
	if (pgmap_mappers_find(&query))
		lacks(to, PGMAP_UNKNOWN_PFNS);
	to->processes = query.processes;
	if (query.over)
		lacks(to, PGMAP_UNKNOWN_PROCESSES);
	if (query.skipped)
		lacks(to, PGMAP_UNKNOWN_SOME_PROCESSES);
}

static int refuse(__u64 pgmap, int err, char *why, size_t why_len)
{
	const char *reason = "it was released, or the address is wrong";

	if (err == -EFAULT)
		reason = "no kernel memory is there";
	else if (err == -EOPNOTSUPP)
		reason = "this kernel's pagemaps are of a kind that cannot be read yet";
	snprintf(why, why_len, "there is no pagemap at 0x%llx: %s", pgmap, reason);
	return err;
}

int pgmap_inspector_explain(struct pgmap_inspector *inspector, __u64 pgmap,
			    struct pgmap_explanation *explanation, char *why, size_t why_len)
{
	struct pgmap_facts facts;
	int err = pgmap_facts_read(&facts, &inspector->memory, pgmap);

	if (err)
		return refuse(pgmap, err, why, why_len);
	memset(explanation, 0, sizeof(*explanation));
	explanation->time_ns = pgmap_inspector_now_ns();
	inspector->deadline_ns = explanation->time_ns + inspector->options.limit_ns;
	tell_facts(explanation, &facts);
	explanation->pages_hold_refs = pgmap_pages_hold_refs(&inspector->memory, &facts);
	if (facts.state == PGMAP_STATE_RELEASED)
		return 0;
	if (facts.state != PGMAP_STATE_LIVE)
		tell_waiter(explanation, inspector, &facts);
	tell_pages(explanation, inspector, &facts);
	tell_allocators(explanation);
	tell_mappers(explanation, inspector);
	return 0;
}
