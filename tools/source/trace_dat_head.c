// SPDX-License-Identifier: GPL-2.0-only
/* What comes before the records in trace.dat, which versions 6 and 7 arrange differently. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace_dat.h"

/* Of the first bytes: magic, then the version as text, then three numbers. */
enum { MAGIC_SIZE = 10, NAME_LEN = 64, TAG_SIZE = 10 };

enum { LEAST_PAGE = 512, MOST_PAGE = 1 << 20, MOST_OPTION = 1 << 20, MOST_SECTIONS = 64 };

enum option {
	OPTION_DONE	= 0,
	OPTION_BUFFER	= 3,
	OPTION_CPUS	= 8,
	OPTION_HEADER	= 16,
	OPTION_FTRACE	= 17,
	OPTION_EVENTS	= 18,
	OPTION_NAMES	= 21,
};

static int refuse(char why[PGMAP_WHY_LEN], int err, const char *reason)
{
	if (!*why)
		snprintf(why, PGMAP_WHY_LEN, "%s", reason);
	return err;
}

static bool is_page_size(__u32 size)
{
	return size >= LEAST_PAGE && size <= MOST_PAGE && !(size & (size - 1));
}

/* ---- version 6: one after the other ---- */

static void skip_header_info(struct pgmap_bytes *from)
{
	char name[NAME_LEN];
	int i;

	/* header_page and header_event */
	for (i = 0; i < 2; i++) {
		pgmap_bytes_text(from, name, sizeof(name));
		pgmap_bytes_skip(from, pgmap_bytes_64(from));
	}
}

static int read_options_6(struct pgmap_file_reader *reader, struct pgmap_bytes *from)
{
	char *text;
	__u16 id;

	while ((id = pgmap_bytes_16(from))) {
		text = pgmap_bytes_copy(from, pgmap_bytes_32(from), MOST_OPTION);
		if (!text)
			return -EBADMSG;
		reader->buffers += id == OPTION_BUFFER;
		pgmap_dat_option(reader, id, text);
		free(text);
	}
	return from->failed ? -EBADMSG : 0;
}

static int read_cpus_6(struct pgmap_file_reader *reader, struct pgmap_bytes *from, __u32 nr,
		       char why[PGMAP_WHY_LEN])
{
	__u64 start, size;
	__u32 cpu;
	int err = 0;

	/* more than the kernel counted for are not the machine's, such as the one of our marks */
	reader->info->cpus = reader->nr_stats && reader->nr_stats < nr ? reader->nr_stats : nr;
	for (cpu = 0; cpu < nr && !err; cpu++) {
		start = pgmap_bytes_64(from);
		size = pgmap_bytes_64(from);
		if (from->failed)
			return -EBADMSG;
		if (size)
			err = pgmap_dat_add_cpu(reader, cpu, start, size, why);
	}
	return err;
}

static int read_version_6(struct pgmap_file_reader *reader, struct pgmap_bytes *from,
			  char why[PGMAP_WHY_LEN])
{
	char tag[TAG_SIZE + 1] = "";
	__u32 cpus;
	int err;

	skip_header_info(from);
	err = pgmap_file_read_ftrace_events(reader->info, from);
	if (!err)
		err = pgmap_file_read_events(reader->info, from, why);
	/* the kernel's symbols, and the formats of its trace_printk() */
	pgmap_bytes_skip(from, pgmap_bytes_32(from));
	pgmap_bytes_skip(from, pgmap_bytes_32(from));
	if (!err)
		err = pgmap_dat_names(reader, from);
	cpus = pgmap_bytes_32(from);
	pgmap_bytes_take(from, tag, TAG_SIZE);
	reader->buffers = 1;
	if (!err && !strcmp(tag, "options  ")) {
		err = read_options_6(reader, from);
		pgmap_bytes_take(from, tag, TAG_SIZE);
	}
	if (err || from->failed)
		return err ? err : -EBADMSG;
	if (strcmp(tag, "flyrecord"))
		return refuse(why, -ENOTSUP, "it holds text, not records (of a latency tracer)");
	return read_cpus_6(reader, from, cpus, why);
}

/* ---- version 7: sections, found by options ---- */

/* One option says how many there are, another one lists those only that have records. */
static void raise_cpus(struct pgmap_file_info *info, __u32 cpus)
{
	if (cpus > info->cpus && cpus <= PGMAP_DAT_MOST_CPUS)
		info->cpus = cpus;
}

static int read_buffer_7(struct pgmap_file_reader *reader, struct pgmap_bytes *from,
			 char why[PGMAP_WHY_LEN])
{
	char name[NAME_LEN], *clock = reader->info->clock;
	__u64 start, size, section = pgmap_bytes_64(from);
	struct pgmap_bytes head;
	__u32 nr, cpu, with_records = 0;
	int err = 0;

	reader->buffers++;
	pgmap_bytes_text(from, name, sizeof(name));
	pgmap_bytes_text(from, clock, PGMAP_FILE_TEXT_LEN);
	reader->page_size = pgmap_bytes_32(from);
	head = pgmap_bytes_of_file(reader->fd, section + sizeof(__u16), reader->size);
	reader->is_packed = pgmap_bytes_16(&head) & 1;
	if (head.failed || !is_page_size(reader->page_size))
		return -EBADMSG;
	for (nr = pgmap_bytes_32(from); nr && !err && !from->failed; nr--) {
		cpu = pgmap_bytes_32(from);
		start = pgmap_bytes_64(from);
		size = pgmap_bytes_64(from);
		/* trace-cmd does not count the number of chunks in */
		if (size && reader->is_packed)
			size += sizeof(__u32);
		if (size && !from->failed)
			err = pgmap_dat_add_cpu(reader, cpu, start, size, why);
		with_records++;
	}
	raise_cpus(reader->info, with_records);
	return err ? err : from->failed ? -EBADMSG : 0;
}

static int read_section_7(struct pgmap_file_reader *reader, __u16 id, __u64 offset,
			  char why[PGMAP_WHY_LEN])
{
	struct pgmap_dat_section section;
	int err = pgmap_dat_section_open(reader, offset, id, &section);

	if (err)
		return err;
	if (id == OPTION_FTRACE)
		err = pgmap_file_read_ftrace_events(reader->info, &section.bytes);
	else if (id == OPTION_EVENTS)
		err = pgmap_file_read_events(reader->info, &section.bytes, why);
	else
		err = pgmap_dat_names(reader, &section.bytes);
	free(section.memory);
	return err;
}

static int read_option_7(struct pgmap_file_reader *reader, __u16 id, char *data, __u32 size,
			 char why[PGMAP_WHY_LEN])
{
	struct pgmap_bytes from = pgmap_bytes_of_memory(data, size);
	bool is_section = id == OPTION_FTRACE || id == OPTION_EVENTS || id == OPTION_NAMES;

	if (id == OPTION_BUFFER)
		return read_buffer_7(reader, &from, why);
	if (id == OPTION_CPUS)
		raise_cpus(reader->info, pgmap_bytes_32(&from));
	if (is_section)
		return read_section_7(reader, id, pgmap_bytes_64(&from), why);
	pgmap_dat_option(reader, id, data);
	return 0;
}

/* Options of one section. @next: where the next one is, 0: there is none. */
static int read_options_7(struct pgmap_file_reader *reader, struct pgmap_bytes *from,
			  __u64 *next, char why[PGMAP_WHY_LEN])
{
	__u32 size;
	__u16 id;
	char *data;
	int err = 0;

	while (!err) {
		id = pgmap_bytes_16(from);
		size = pgmap_bytes_32(from);
		if (id == OPTION_DONE || from->failed)
			break;
		data = pgmap_bytes_copy(from, size, MOST_OPTION);
		err = data ? read_option_7(reader, id, data, size, why) : -EBADMSG;
		free(data);
	}
	*next = pgmap_bytes_64(from);
	return err ? err : from->failed ? -EBADMSG : 0;
}

static int read_version_7(struct pgmap_file_reader *reader, struct pgmap_bytes *from,
			  char why[PGMAP_WHY_LEN])
{
	char name[NAME_LEN], version[NAME_LEN];
	struct pgmap_dat_section section;
	int nr = 0, err;
	__u64 next;

	pgmap_bytes_text(from, name, sizeof(name));
	pgmap_bytes_text(from, version, sizeof(version));
	next = pgmap_bytes_64(from);
	if (from->failed)
		return -EBADMSG;
	err = pgmap_dat_packing_of(name, &reader->packing);
	if (err)
		return refuse(why, err, "it is packed in a way that is not known here: trace-cmd record --compression zstd");
	for (; next && !err && nr < MOST_SECTIONS; nr++) {
		err = pgmap_dat_section_open(reader, next, OPTION_DONE, &section);
		if (err)
			break;
		err = read_options_7(reader, &section.bytes, &next, why);
		free(section.memory);
	}
	return err ? err : next ? -EBADMSG : 0;
}

/* ---- both ---- */

static int check(const struct pgmap_file_reader *reader, char why[PGMAP_WHY_LEN])
{
	static const char *const clocks[] = {
		"", "local", "global", "perf", "mono", "mono_raw", "boot", "tai"
	};
	size_t i;

	if (!reader->info->formats.all[PGMAP_EVENT_ADD].event)
		return refuse(why, -EBADMSG, "it is cut off or damaged: it does not describe its records; record again");
	if (reader->buffers > 1)
		return refuse(why, -ENOTSUP, "it holds several trace buffers: record without -B");
	for (i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++)
		if (!strcmp(reader->info->clock, clocks[i]))
			return 0;
	snprintf(why, PGMAP_WHY_LEN,
		 "its times are of clock %s, not in nanoseconds: trace-cmd record -C mono",
		 reader->info->clock);
	return -ENOTSUP;
}

static int read_start(struct pgmap_file_reader *reader, struct pgmap_bytes *from,
		      char why[PGMAP_WHY_LEN])
{
	char version[NAME_LEN];
	unsigned char how[2];	/* endianness, size of a long */

	pgmap_bytes_skip(from, MAGIC_SIZE);
	pgmap_bytes_text(from, version, sizeof(version));
	pgmap_bytes_take(from, how, sizeof(how));
	reader->page_size = pgmap_bytes_32(from);
	if (from->failed)
		return -EBADMSG;
	if (how[0] != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__))
		return refuse(why, -ENOTSUP, "it is of a machine with the other byte order: replay it there");
	if (how[1] != sizeof(__u64))
		return refuse(why, -ENOTSUP, "it is of a machine that is not one of 64 bits");
	if (!is_page_size(reader->page_size))
		return -EBADMSG;
	reader->version = atoi(version);
	if (reader->version == 6 || reader->version == 7)
		return 0;
	snprintf(why, PGMAP_WHY_LEN, "it is of version %.10s of trace.dat, known are 6 and 7",
		 version);
	return -ENOTSUP;
}

int pgmap_dat_read_head(struct pgmap_file_reader *reader, char why[PGMAP_WHY_LEN])
{
	struct pgmap_bytes from = pgmap_bytes_of_file(reader->fd, 0, reader->size);
	int err = read_start(reader, &from, why);

	if (!err)
		err = reader->version == 6 ? read_version_6(reader, &from, why) :
					     read_version_7(reader, &from, why);
	if (!err)
		err = check(reader, why);
	if (err == -ENOMEM)
		return refuse(why, err, "there is no memory for that");
	return err ? refuse(why, err, "it is cut off or damaged: record again") : 0;
}
