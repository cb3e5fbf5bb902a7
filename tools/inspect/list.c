// SPDX-License-Identifier: GPL-2.0-only
/* All pagemaps that are mapped now, from both ways of finding them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "find.h"
#include "inspector.h"

static void __attribute__((format(printf, 2, 3)))
say(const struct pgmap_inspector *inspector, const char *format, ...)
{
	va_list args;

	if (!inspector->options.log)
		return;
	va_start(args, format);
	inspector->options.log(format, args);
	va_end(args);
}

static int find_by_pages(struct pgmap_inspector *inspector, struct pgmap_found *found)
{
	struct pgmap_iomem iomem = { 0 };
	FILE *file = fopen("/proc/iomem", "re");
	int err = file ? pgmap_iomem_read(&iomem, file) : -errno;

	if (!err)
		err = pgmap_find_by_pages(found, &inspector->memory, &iomem);
	pgmap_iomem_free(&iomem);
	if (file)
		fclose(file);
	return err;
}

/* What is missing when neither way can be gone; @pages: what the second one returned. */
static void tell_why_not(const struct pgmap_inspector *inspector, int pages, char *why,
			 size_t why_len)
{
	const char *hidden = pgmap_symbols_missing(inspector->options.symbols);
	const struct pgmap_memory *memory = &inspector->memory;

	if (!memory->lookup && !memory->vmemmap && hidden)
		snprintf(why, why_len, "%s", hidden);
	else if (!memory->lookup && !memory->vmemmap)
		snprintf(why, why_len,
			 "this kernel shows neither its table of pagemaps nor where its struct pages are: it needs CONFIG_KALLSYMS_ALL");
	else if (pages == -EPERM)
		snprintf(why, why_len,
			 "addresses in /proc/iomem are hidden: run as root, or with CAP_SYS_ADMIN");
	else
		snprintf(why, why_len, "this kernel's pagemaps are of a kind that cannot be read");
}

static void tell(struct pgmap_listed *to, const struct pgmap_facts *facts)
{
	to->pgmap = facts->pgmap;
	to->type = facts->type;
	to->state = facts->state;
	memcpy(to->driver, facts->driver, sizeof(to->driver));
	to->pages = facts->pages;
	to->refs_known = facts->refs_known;
	to->refs = facts->refs;
	to->nr_range = facts->nr_range;
	to->nr_known = facts->nr_known;
	memcpy(to->ranges, facts->ranges, facts->nr_known * sizeof(to->ranges[0]));
	to->callback = facts->callback;
}

static int tell_all(struct pgmap_listing *listing, const struct pgmap_found *found)
{
	size_t i;

	listing->all = calloc(found->nr ? found->nr : 1, sizeof(*listing->all));
	if (!listing->all)
		return -ENOMEM;
	for (i = 0; i < found->nr; i++)
		tell(&listing->all[i], &found->all[i]);
	listing->nr = found->nr;
	return 0;
}

static int find(struct pgmap_inspector *inspector, struct pgmap_found *found, char *why,
		size_t why_len)
{
	int table = pgmap_find_by_lookup(found, &inspector->memory), pages, err;
	struct pgmap_found behind = { 0 };

	pages = find_by_pages(inspector, &behind);
	say(inspector,
	    "pgmapstat: pagemaps in the kernel's table: %zu%s%s; by struct pages: %zu%s%s\n",
	    found->nr, table ? ", " : "", table ? strerror(-table) : "", behind.nr,
	    pages ? ", " : "", pages ? strerror(-pages) : "");
	err = pgmap_found_merge(found, &behind);
	pgmap_found_free(&behind);
	if (err || table == -ENOMEM || pages == -ENOMEM) {
		snprintf(why, why_len, "out of memory");
		return -ENOMEM;
	}
	if (!table || !pages)
		return 0;
	tell_why_not(inspector, pages, why, why_len);
	return pages;
}

int pgmap_inspector_list(struct pgmap_inspector *inspector, struct pgmap_listing *listing,
			 char *why, size_t why_len)
{
	struct pgmap_found found = { 0 };
	int err;

	memset(listing, 0, sizeof(*listing));
	listing->time_ns = pgmap_inspector_now_ns();
	err = find(inspector, &found, why, why_len);
	if (!err) {
		err = tell_all(listing, &found);
		if (err)
			snprintf(why, why_len, "out of memory");
	}
	pgmap_found_free(&found);
	return err;
}

void pgmap_listing_free(struct pgmap_listing *listing)
{
	free(listing->all);
	memset(listing, 0, sizeof(*listing));
}
