// SPDX-License-Identifier: GPL-2.0-only
/* Formats, names, counts and where the records are, of trace.dat of any version. */
#include <errno.h>
#include <event-parse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace_dat.h"
#include "tracefs_cpus.h"

enum { MOST_FORMAT = 64 << 10, MOST_NAMES = 16 << 20, MOST_CPUS = 8192, NAME_LEN = 128 };

enum option {
	OPTION_STATS	= 2,
	OPTION_CLOCK	= 4,
	OPTION_UNAME	= 5,
};

/* ---- formats ---- */

/* One of them; of those that are not @wanted (NULL: all are) nothing is read. */
static int read_format(struct pgmap_file_reader *reader, struct pgmap_bytes *from,
		       const char *system, const char *wanted)
{
	char *format = pgmap_bytes_copy(from, pgmap_bytes_64(from), MOST_FORMAT);

	if (!format)
		return -EBADMSG;
	/* what the library cannot make sense of is missed later, by name */
	if (!wanted || !strncmp(format, wanted, strlen(wanted)))
		tep_parse_event(reader->tep, format, strlen(format), system);
	free(format);
	return 0;
}

int pgmap_dat_events(struct pgmap_file_reader *reader, struct pgmap_bytes *from,
		     char why[PGMAP_WHY_LEN])
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
				err = read_format(reader, from, system, NULL);
	}
	if (err || from->failed)
		return -EBADMSG;
	return pgmap_file_formats(reader->info, reader->tep, why);
}

static void find_marks(struct pgmap_file_reader *reader)
{
	struct tep_event *event = tep_find_event_by_name(reader->tep, "ftrace", "print");
	struct tep_format_field *text = event ? tep_find_field(event, "buf") : NULL;

	if (!text || text->offset < 0 || text->offset > MOST_FORMAT)
		return;
	reader->info->mark_id = event->id;
	reader->info->mark_offset = text->offset;
}

int pgmap_dat_ftrace_events(struct pgmap_file_reader *reader, struct pgmap_bytes *from)
{
	__u32 nr = pgmap_bytes_32(from);
	int err = 0;

	for (; nr && !err && !from->failed; nr--)
		err = read_format(reader, from, "ftrace", "name: print\n");
	if (err || from->failed)
		return -EBADMSG;
	find_marks(reader);
	return 0;
}

int pgmap_dat_names(struct pgmap_file_reader *reader, struct pgmap_bytes *from)
{
	char *lines = pgmap_bytes_copy(from, pgmap_bytes_64(from), MOST_NAMES);
	int err;

	if (!lines)
		return -EBADMSG;
	err = pgmap_thread_names_read(&reader->info->names, lines);
	free(lines);
	return err;
}

/* ---- options ---- */

/* "local [mono] boot": the one that is chosen. */
static void read_clock(struct pgmap_file_info *info, const char *text)
{
	const char *chosen = strchr(text, '[');

	text = chosen ? chosen + 1 : text;
	snprintf(info->clock, sizeof(info->clock), "%.*s", (int)strcspn(text, "] \n"), text);
}

/* "Linux NODE RELEASE MACHINE" */
static void read_uname(struct pgmap_file_info *info, char *text)
{
	const char *words[4] = { "", "", "", "" };
	char *word;
	int i = 0;

	while (i < 4 && (word = strsep(&text, " \n")))
		words[i++] = word;
	snprintf(info->kernel, sizeof(info->kernel), "%s", words[2]);
	snprintf(info->machine, sizeof(info->machine), "%s", words[3]);
}

void pgmap_dat_option(struct pgmap_file_reader *reader, __u16 id, char *text)
{
	switch (id) {
	case OPTION_STATS:
		reader->stats_lost += pgmap_trace_stats_lost(text);
		return;
	case OPTION_CLOCK:
		read_clock(reader->info, text);
		return;
	case OPTION_UNAME:
		read_uname(reader->info, text);
		return;
	}
}

/* ---- records ---- */

int pgmap_dat_add_cpu(struct pgmap_file_reader *reader, __u32 cpu, __u64 start, __u64 size,
		      char why[PGMAP_WHY_LEN])
{
	struct pgmap_dat_cpu *more;

	if (start > reader->size || size > reader->size - start) {
		snprintf(why, PGMAP_WHY_LEN,
			 "it is cut off: the records of CPU %u are not all in it; record again",
			 cpu);
		return -EBADMSG;
	}
	if (reader->nr_cpus == MOST_CPUS)
		return -EBADMSG;
	more = reallocarray(reader->cpus, reader->nr_cpus + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	reader->cpus = more;
	more[reader->nr_cpus++] = (struct pgmap_dat_cpu){
		.cpu = cpu, .start = start, .at = start, .end = start + size,
	};
	return 0;
}
