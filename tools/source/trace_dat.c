// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records of trace.dat, as trace-cmd writes it, in order of time: each CPU's are in order by
 * themselves, so one piece of each is enough. Not through libtracecmd, which comes as a
 * shared library only and trusts what it reads.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace_dat.h"

enum { PIECE = 64 << 10, MOST_CHUNK = 16 << 20 };	/* bytes */

/* ---- pages ---- */

static int make_room(struct pgmap_dat_cpu *cpu, size_t size)
{
	unsigned char *more;

	if (size <= cpu->room)
		return 0;
	more = realloc(cpu->buffer, size);
	if (!more)
		return -ENOMEM;
	cpu->buffer = more;
	cpu->room = size;
	return 0;
}

static int read_piece(const struct pgmap_file_reader *reader, struct pgmap_dat_cpu *cpu)
{
	struct pgmap_bytes from = pgmap_bytes_of_file(reader->fd, cpu->at, cpu->end);
	size_t most = reader->page_size > PIECE ? reader->page_size : PIECE;
	size_t size = cpu->end - cpu->at < most ? cpu->end - cpu->at : most;
	int err = make_room(cpu, size);

	if (err)
		return err;
	pgmap_bytes_take(&from, cpu->buffer, size);
	cpu->at = from.at;
	cpu->have = size;
	return from.failed ? -EBADMSG : 0;
}

static int read_chunk(const struct pgmap_file_reader *reader, struct pgmap_dat_cpu *cpu)
{
	struct pgmap_bytes from = pgmap_bytes_of_file(reader->fd, cpu->at, cpu->end);
	__u32 packed, size;
	char *copy;
	int err;

	if (cpu->at == cpu->start)
		cpu->chunks_left = pgmap_bytes_32(&from);
	if (!cpu->chunks_left && !from.failed) {
		cpu->at = cpu->end;
		return 0;
	}
	cpu->chunks_left--;
	packed = pgmap_bytes_32(&from);
	size = pgmap_bytes_32(&from);
	copy = pgmap_bytes_copy(&from, packed, MOST_CHUNK);
	if (!copy || !size || size > MOST_CHUNK) {
		free(copy);
		return -EBADMSG;
	}
	err = make_room(cpu, size);
	if (!err)
		err = pgmap_dat_unpack(reader->packing, copy, packed, cpu->buffer, size);
	free(copy);
	cpu->at = from.at;
	cpu->have = size;
	return err;
}

static int open_page(struct pgmap_file_reader *reader, struct pgmap_dat_cpu *cpu)
{
	size_t left = cpu->have - cpu->next;
	size_t size = left < reader->page_size ? left : reader->page_size;
	int err = pgmap_trace_page_open(&cpu->page, cpu->buffer + cpu->next, size);

	cpu->next += size;
	reader->pages_lost += cpu->page.lost;
	return err;
}

/* ---- records ---- */

/* Its next record, over the ends of pages and pieces. */
static int step(struct pgmap_file_reader *reader, struct pgmap_dat_cpu *cpu)
{
	int err;

	for (;;) {
		err = pgmap_trace_page_next(&cpu->page, &cpu->data, &cpu->size);
		if (err)
			return err < 0 ? err : 0;
		cpu->data = NULL;
		if (cpu->next == cpu->have) {
			if (cpu->at == cpu->end)
				return 0;
			cpu->next = 0;
			cpu->have = 0;
			err = reader->is_packed ? read_chunk(reader, cpu) :
						  read_piece(reader, cpu);
		}
		if (!err && cpu->have)
			err = open_page(reader, cpu);
		if (err)
			return err;
	}
}

/* The one with the oldest record; of two of the same age the first. */
static struct pgmap_dat_cpu *oldest(const struct pgmap_file_reader *reader)
{
	struct pgmap_dat_cpu *found = NULL, *cpu;

	for (cpu = reader->cpus; cpu < reader->cpus + reader->nr_cpus; cpu++)
		if (cpu->data && (!found || cpu->page.time_ns < found->page.time_ns))
			found = cpu;
	return found;
}

static int tell_of_damage(const struct pgmap_dat_cpu *cpu, int err, char why[PGMAP_WHY_LEN])
{
	if (err == -ENOMEM)
		snprintf(why, PGMAP_WHY_LEN, "there is no memory for that");
	else if (err)
		snprintf(why, PGMAP_WHY_LEN,
			 "it is damaged: the records of CPU %u before byte %llu make no sense",
			 cpu->cpu, cpu->at);
	return err;
}

static int trace_dat_next(struct pgmap_file_reader *reader, struct pgmap_file_record *record,
			  char why[PGMAP_WHY_LEN])
{
	struct pgmap_dat_cpu *cpu = reader->current;
	int err;

	if (cpu) {
		err = step(reader, cpu);
		if (err)
			return tell_of_damage(cpu, err, why);
	}
	cpu = oldest(reader);
	reader->current = cpu;
	if (!cpu)
		return 0;
	*record = (struct pgmap_file_record){
		.data = cpu->data, .size = cpu->size, .time_ns = cpu->page.time_ns,
		.cpu = cpu->cpu,
	};
	return 1;
}

/* Both tell of the same losses, each of some that the other one does not know. */
static __u64 trace_dat_lost(const struct pgmap_file_reader *reader)
{
	return reader->stats_lost > reader->pages_lost ? reader->stats_lost : reader->pages_lost;
}

static void trace_dat_free(struct pgmap_file_reader *reader)
{
	__u32 i;

	if (!reader)
		return;
	for (i = 0; i < reader->nr_cpus; i++)
		free(reader->cpus[i].buffer);
	free(reader->cpus);
	free(reader);
}

static int open_all(struct pgmap_file_reader *reader, char why[PGMAP_WHY_LEN])
{
	int err = pgmap_dat_read_head(reader, why);
	__u32 i;

	for (i = 0; i < reader->nr_cpus && !err; i++)
		err = tell_of_damage(&reader->cpus[i], step(reader, &reader->cpus[i]), why);
	return err;
}

static int trace_dat_open(struct pgmap_file_reader **opened, int fd, __u64 size,
			  struct pgmap_file_info *info, char why[PGMAP_WHY_LEN])
{
	struct pgmap_file_reader *reader = calloc(1, sizeof(*reader));
	int err = -ENOMEM;

	*opened = NULL;
	*why = 0;
	if (reader)
		*reader = (struct pgmap_file_reader){
			.fd = fd, .size = size, .info = info,
		};
	if (reader)
		err = open_all(reader, why);
	else
		snprintf(why, PGMAP_WHY_LEN, "there is no memory for that");
	if (err)
		trace_dat_free(reader);
	else
		*opened = reader;
	return err;
}

const struct pgmap_file_reader_ops pgmap_file_trace_dat = {
	.name = "trace.dat",
	.magic = "\x17\x08\x44tracing",
	.magic_size = 10,
	.open = trace_dat_open,
	.next = trace_dat_next,
	.lost = trace_dat_lost,
	.free = trace_dat_free,
};
