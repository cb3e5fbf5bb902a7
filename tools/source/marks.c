// SPDX-License-Identifier: GPL-2.0-only
/* Lines of "pgmapstat:KIND<tab>key=value<tab>...", written and read. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pgmap/names.h>

#include "marks.h"

#define PREFIX	"pgmapstat:"
#define PREFIX_LEN (sizeof(PREFIX) - 1)

/* One range as text takes up to 44 bytes, and the rest of a line up to 200. */
enum { MOST_RANGES = (PGMAP_MARK_LEN - 300) / 44 };

/* ---- writing ---- */

/* What would end a value is none of it. */
static void put_name(char *to, const char name[PGMAP_NAME_LEN])
{
	size_t i;

	for (i = 0; i < PGMAP_NAME_LEN - 1 && name[i]; i++)
		to[i] = name[i] == '\t' || name[i] == '\n' ? '?' : name[i];
	to[i] = 0;
}

static void write_older(const struct pgmap_source_older *older, char *text, size_t size)
{
	char driver[PGMAP_NAME_LEN], device[PGMAP_NAME_LEN];
	__u32 i, nr = older->nr_here < MOST_RANGES ? older->nr_here : MOST_RANGES;
	size_t used;

	put_name(driver, older->driver);
	put_name(device, older->device);
	used = snprintf(text, size,
			PREFIX "older\tpgmap=0x%llx\ttype=%s\tdriver=%s\tdevice=%s\tnr_range=%u\tpages=%llu",
			older->pgmap, pgmap_type_name(older->type), driver, device,
			older->nr_range, older->pages);
	for (i = 0; i < nr && used < size; i++)
		used += snprintf(text + used, size - used, "\trange=0x%llx-0x%llx",
				 older->ranges[i].start, older->ranges[i].end);
}

void pgmap_mark_write(const struct pgmap_mark *mark, char text[PGMAP_MARK_LEN])
{
	if (mark->kind == PGMAP_MARK_OLDER)
		write_older(&mark->older, text, PGMAP_MARK_LEN);
	else
		snprintf(text, PGMAP_MARK_LEN, PREFIX "end\tcomplete=%d\tlost=%llu",
			 mark->complete, mark->lost);
}

/* ---- reading ---- */

static void take_name(char name[PGMAP_NAME_LEN], const char *value)
{
	snprintf(name, PGMAP_NAME_LEN, "%.*s", PGMAP_NAME_LEN - 1, value);
}

static void take_range(struct pgmap_source_older *older, const char *value)
{
	struct pgmap_range *range = &older->ranges[older->nr_here];
	char *rest;

	if (older->nr_here == PGMAP_MAX_RANGES)
		return;
	range->start = strtoull(value, &rest, 0);
	range->end = *rest == '-' ? strtoull(rest + 1, NULL, 0) : 0;
	if (range->start <= range->end && range->end)
		older->nr_here++;
}

static __u32 type_of(const char *name)
{
	__u32 type;

	for (type = PGMAP_TYPE_NONE + 1; type < PGMAP_NR_TYPES; type++)
		if (!strcmp(name, pgmap_type_name(type)))
			return type;
	return PGMAP_TYPE_NONE;
}

static void take_value(struct pgmap_mark *mark, const char *key, const char *value)
{
	struct pgmap_source_older *older = &mark->older;

	if (!strcmp(key, "pgmap"))
		older->pgmap = strtoull(value, NULL, 0);
	else if (!strcmp(key, "type"))
		older->type = type_of(value);
	else if (!strcmp(key, "driver"))
		take_name(older->driver, value);
	else if (!strcmp(key, "device"))
		take_name(older->device, value);
	else if (!strcmp(key, "nr_range"))
		older->nr_range = strtoul(value, NULL, 0);
	else if (!strcmp(key, "pages"))
		older->pages = strtoull(value, NULL, 0);
	else if (!strcmp(key, "range"))
		take_range(older, value);
	else if (!strcmp(key, "complete"))
		mark->complete = strtoul(value, NULL, 0);
	else if (!strcmp(key, "lost"))
		mark->lost = strtoull(value, NULL, 0);
}

void pgmap_mark_read(const char *text, size_t size, struct pgmap_mark *mark)
{
	char line[PGMAP_MARK_LEN], *rest = line, *word, *value;

	memset(mark, 0, sizeof(*mark));
	snprintf(line, sizeof(line), "%.*s", size < sizeof(line) ? (int)size : 0, text);
	if (strncmp(line, PREFIX, PREFIX_LEN))
		return;
	line[strcspn(line, "\n")] = 0;
	word = strsep(&rest, "\t") + PREFIX_LEN;
	if (!strcmp(word, "older"))
		mark->kind = PGMAP_MARK_OLDER;
	else if (!strcmp(word, "end"))
		mark->kind = PGMAP_MARK_END;
	while ((word = strsep(&rest, "\t"))) {
		value = strchr(word, '=');
		if (!value)
			continue;
		*value = 0;
		take_value(mark, word, value + 1);
	}
	if (mark->kind == PGMAP_MARK_OLDER && !mark->older.pgmap)
		mark->kind = PGMAP_MARK_NONE;
}
