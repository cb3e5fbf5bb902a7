// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a pagemap hangs, in words for somebody who has to get it going again: what
 * and for how long, who waits, what is left, who holds it, what to do.
 */
#include <string.h>

#include <pgmap/names.h>

#include "prose.h"

static const char *plural(__u64 nr)
{
	return nr == 1 ? "" : "s";
}

static void print_subject(FILE *out, const struct pgmap_explanation *why)
{
	__u32 i;

	fprintf(out, "pgmap 0x%llx", why->pgmap);
	if (why->generation)
		fprintf(out, " generation %u", why->generation);
	fprintf(out, ", %s%s%s%s%s", pgmap_type_name(why->type), *why->driver ? ", driver " : "",
		why->driver, *why->device ? ", device " : "", why->device);
	for (i = 0; i < why->nr_known; i++)
		fprintf(out, ", 0x%llx-0x%llx", why->ranges[i].start, why->ranges[i].end);
	fprintf(out, "%s, %llu page%s\n", why->nr_range > why->nr_known ? " and more" : "",
		why->pages, plural(why->pages));
}

static void print_state(FILE *out, const struct pgmap_explanation *why)
{
	fprintf(out, "    %s", pgmap_state_name(why->state));
	switch (why->state) {
	case PGMAP_STATE_LIVE:
		fprintf(out, ": nobody has begun to unmap it\n");
		return;
	case PGMAP_STATE_KILLED:
		fprintf(out, ": being unmapped, and it does not drain\n");
		return;
	case PGMAP_STATE_UNKNOWN:
		fprintf(out, ": its driver's reference is dying, perhaps for another reason\n");
		return;
	case PGMAP_STATE_DRAINED:
		fprintf(out, ": nothing holds it any more; its memory is still to be unmapped\n");
		return;
	default:
		fprintf(out, ": it was unmapped, nothing hangs\n");
	}
}

static void print_waiter(const struct pgmap_view_options *options,
			 const struct pgmap_explanation *why)
{
	const struct pgmap_task *waiter = &why->waiter;

	if (!why->has_waiter)
		return;
	fprintf(options->out, "    waiting for about %s: %.16s/%u",
		pgmap_unit_time(why->waiting_ns).text, waiter->comm, waiter->pid);
	if (waiter->tid != waiter->pid)
		fprintf(options->out, " thread %u", waiter->tid);
	fputc('\n', options->out);
	pgmap_prose_stack(options, waiter->stack, waiter->nr_frames);
}

static bool all_pages_seen(const struct pgmap_explanation *why)
{
	return !(why->unknown & (1U << PGMAP_UNKNOWN_PAGES | 1U << PGMAP_UNKNOWN_MEMMAP));
}

/* What the references that are left must be, given the pages in use. */
static void print_rest(FILE *out, const struct pgmap_explanation *why)
{
	__u64 refs = why->refs, pages = why->outstanding;

	if (!refs)
		return;
	if (!why->pages_hold_refs)
		fprintf(out, "        taken with get_dev_pagemap() and not put; a page in use holds none\n");
	else if (pages > refs)
		fprintf(out, "        fewer than pages in use: a reference was dropped too early\n");
	else if (pages == refs)
		fprintf(out, "        held by the page%s in use\n", plural(pages));
	else
		fprintf(out, "        %llu by pages in use, %llu by nobody's page: get_dev_pagemap() without put_dev_pagemap()\n",
			pages, refs - pages);
}

static void print_left(FILE *out, const struct pgmap_explanation *why)
{
	if (why->state == PGMAP_STATE_RELEASED)
		return;
	if (why->refs_known)
		fprintf(out, "    references left: %llu\n", why->refs);
	if (why->refs_known && all_pages_seen(why) && why->state == PGMAP_STATE_KILLED)
		print_rest(out, why);
	if (why->pages_seen)
		fprintf(out, "    pages in use: %llu of %llu looked at\n", why->outstanding,
			why->pages_seen);
}

/* Pages are allocated in bulk: the same stack again and again would hide what differs. */
static bool is_same_place(const struct pgmap_task *a, const struct pgmap_task *b)
{
	return a->nr_frames == b->nr_frames && a->nr_frames &&
	       !memcmp(a->stack, b->stack, a->nr_frames * sizeof(a->stack[0]));
}

static void print_allocator(const struct pgmap_view_options *options,
			    const struct pgmap_held *held, const struct pgmap_held *before)
{
	const struct pgmap_task *who = &held->allocator;
	bool same = before && before->allocator_known && is_same_place(who, &before->allocator);

	if (!held->allocator_known)
		return;
	fprintf(options->out, "        allocated %s ago by %.16s/%u%s\n",
		pgmap_unit_time(held->age_ns).text, who->comm, who->pid,
		same ? ", as the page before" : "");
	if (!same)
		pgmap_prose_stack(options, who->stack, who->nr_frames);
}

static void print_page(const struct pgmap_view_options *options, const struct pgmap_held *held)
{
	FILE *out = options->out;
	__u32 i;

	fprintf(out, "    page pfn 0x%llx: %u reference%s, mapped %u time%s\n", held->pfn,
		held->refs, plural(held->refs), held->maps, plural(held->maps));
	for (i = 0; i < held->nr_mappers && i < PGMAP_MAX_MAPPERS; i++)
		fprintf(out, "        mapped by %.16s/%u at 0x%llx\n", held->mappers[i].comm,
			held->mappers[i].pid, held->mappers[i].address);
	if (held->nr_mappers > PGMAP_MAX_MAPPERS)
		fprintf(out, "        and %u more\n", held->nr_mappers - PGMAP_MAX_MAPPERS);
}

static bool some_page_is_mapped(const struct pgmap_explanation *why)
{
	__u32 i;

	for (i = 0; i < why->nr_held; i++)
		if (why->held[i].nr_mappers)
			return true;
	return false;
}

/* Pages whose references are more than their mappings are held inside the kernel. */
static bool some_page_is_pinned(const struct pgmap_explanation *why)
{
	__u32 i;

	for (i = 0; i < why->nr_held; i++)
		if (why->held[i].refs > why->held[i].maps)
			return true;
	return false;
}

static void print_advice(FILE *out, const struct pgmap_explanation *why)
{
	if (why->state != PGMAP_STATE_KILLED)
		return;
	if (some_page_is_mapped(why))
		fprintf(out, "    to do: end the processes that map its pages, or have them unmapped\n");
	if (some_page_is_pinned(why))
		fprintf(out, "    to do: a page with more references than mappings is held in the kernel: by its driver, by DMA, by get_user_pages()\n");
	if (all_pages_seen(why) && !why->outstanding && why->refs)
		fprintf(out, "    to do: no page is in use: look for get_dev_pagemap() without put_dev_pagemap(), in the driver and in what uses its memory\n");
}

static void print_unknown(FILE *out, const struct pgmap_explanation *why)
{
	int i;

	for (i = PGMAP_UNKNOWN_NONE + 1; i < PGMAP_NR_UNKNOWNS; i++)
		if (why->unknown & 1U << i)
			fprintf(out, "    not known: %s\n", pgmap_unknown_text(i));
}

void pgmap_prose_explanation(const struct pgmap_view_options *options,
			     const struct pgmap_explanation *why)
{
	FILE *out = options->out;
	__u32 i;

	print_subject(out, why);
	print_state(out, why);
	print_waiter(options, why);
	print_left(out, why);
	for (i = 0; i < why->nr_held; i++) {
		print_page(options, &why->held[i]);
		print_allocator(options, &why->held[i], i ? &why->held[i - 1] : NULL);
	}
	if (why->outstanding > why->nr_held)
		fprintf(out, "    and %llu more page%s in use\n", why->outstanding - why->nr_held,
			plural(why->outstanding - why->nr_held));
	print_advice(out, why);
	print_unknown(out, why);
}
