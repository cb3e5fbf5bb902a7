// SPDX-License-Identifier: GPL-2.0-only
/* Descriptions of trace records, as trace.dat and perf.data hold copies of the kernel's. */
#include <errno.h>
#include <event-parse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file_reader.h"

enum { MOST_FORMAT = 64 << 10, NAME_LEN = 128 };

/* One of them; of those that are not @wanted (NULL: all are) nothing is read. */
static int read_format(struct tep_handle *tep, struct pgmap_bytes *from, const char *system,
		       const char *wanted)
{
	char *format = pgmap_bytes_copy(from, pgmap_bytes_64(from), MOST_FORMAT);

	if (!format)
		return -EBADMSG;
	/* what the library cannot make sense of is missed later, by name */
	if (!wanted || !strncmp(format, wanted, strlen(wanted)))
		tep_parse_event(tep, format, strlen(format), system);
	free(format);
	return 0;
}

static int find_ours(struct pgmap_file_info *info, struct tep_handle *tep,
		     char why[PGMAP_WHY_LEN])
{
	char reason[PGMAP_WHY_LEN];
	int err = pgmap_trace_formats_read(&info->formats, tep, reason);

	if (err == -ENOENT)
		snprintf(why, PGMAP_WHY_LEN,
			 "it does not describe all events of system memremap: record all of them, of a kernel that has them (trace-cmd record -e memremap, perf record -e 'memremap:*')");
	else if (err)
		snprintf(why, PGMAP_WHY_LEN, "%s", reason);
	return err;
}

int pgmap_file_read_events(struct pgmap_file_info *info, struct tep_handle *tep,
			   struct pgmap_bytes *from, char why[PGMAP_WHY_LEN])
{
	__u32 nr_systems = pgmap_bytes_32(from), nr, i;
	char system[NAME_LEN];
	int err = 0;

	for (; nr_systems && !err && !from->failed; nr_systems--) {
		pgmap_bytes_text(from, system, sizeof(system));
		nr = pgmap_bytes_32(from);
		for (i = 0; i < nr && !err && !from->failed; i++)
			if (strcmp(system, "memremap"))
				pgmap_bytes_skip(from, pgmap_bytes_64(from));
			else
				err = read_format(tep, from, system, NULL);
	}
	if (err || from->failed)
		return -EBADMSG;
	return find_ours(info, tep, why);
}

static void find_marks(struct pgmap_file_info *info, struct tep_handle *tep)
{
	struct tep_event *event = tep_find_event_by_name(tep, "ftrace", "print");
	struct tep_format_field *text = event ? tep_find_field(event, "buf") : NULL;

	if (!text || text->offset < 0 || text->offset > MOST_FORMAT)
		return;
	info->mark_id = event->id;
	info->mark_offset = text->offset;
}

int pgmap_file_read_ftrace_events(struct pgmap_file_info *info, struct tep_handle *tep,
				  struct pgmap_bytes *from)
{
	__u32 nr = pgmap_bytes_32(from);
	int err = 0;

	for (; nr && !err && !from->failed; nr--)
		err = read_format(tep, from, "ftrace", "name: print\n");
	if (err || from->failed)
		return -EBADMSG;
	find_marks(info, tep);
	return 0;
}
