// SPDX-License-Identifier: GPL-2.0-only
/* Names, counts and where the records are, of trace.dat of any version. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace_dat.h"
#include "tracefs_cpus.h"

enum { MOST_NAMES = 16 << 20 };

enum option {
	OPTION_STATS	= 2,
	OPTION_CLOCK	= 4,
	OPTION_UNAME	= 5,
};

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
	snprintf(info->clock, sizeof(info->clock), "%.*s", (int)strcspn(text, "]\n "), text);
}

/* "Linux NODE RELEASE MACHINE" */
static void read_uname(struct pgmap_file_info *info, char *text)
{
	const char *words[4] = { "", "", "", "" };
	char *word;
	int i = 0;

	while (i < 4 && (word = strsep(&text, "\n ")))
		words[i++] = word;
	snprintf(info->kernel, sizeof(info->kernel), "%s", words[2]);
	snprintf(info->machine, sizeof(info->machine), "%s", words[3]);
}

void pgmap_dat_option(struct pgmap_file_reader *reader, __u16 id, char *text)
{
	switch (id) {
	case OPTION_STATS:
		reader->nr_stats++;
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
	if (reader->nr_cpus == PGMAP_DAT_MOST_CPUS)
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
