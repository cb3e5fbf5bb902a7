// SPDX-License-Identifier: GPL-2.0-only
/* Version 6 since it needs no look back: one part after the other, the pages at its end. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <pgmap/names.h>

#include "capture_files.h"
#include "trace_dat_write.h"
#include "trace_format.h"
#include "trace_page.h"

enum { MOST_TEXT = 64 << 10 };

enum option {
	OPTION_STATS	= 2,
	OPTION_CLOCK	= 4,
	OPTION_UNAME	= 5,
	OPTION_CPUS	= 8,
	OPTION_VERSION	= 9,
};

/* ---- marks ---- */

int pgmap_dat_flush_marks(struct pgmap_dat_marks *marks)
{
	struct pgmap_dat_page *page = &marks->page;
	__u64 length = page->used - PGMAP_TRACE_PAGE_HEAD;

	if (page->used <= PGMAP_TRACE_PAGE_HEAD)
		return 0;
	memcpy(page->bytes, &marks->time_ns, sizeof(__u64));
	memcpy(page->bytes + sizeof(__u64), &length, sizeof(length));
	memset(page->bytes + page->used, 0, page->size - page->used);
	page->used = 0;
	return pgmap_capture_file_put(marks->fd, page->bytes, page->size);
}

/* What comes before the text in a record of ftrace:print. */
struct print_head {
	__u32 word;	/* of the buffer: the length follows */
	__u32 length;	/* with itself */
	__u16 type;
	__u8 flags;
	__u8 preempt_count;
	__s32 pid;
	__u64 ip;
};

int pgmap_dat_put_mark(struct pgmap_dat_marks *marks, const struct pgmap_mark *mark)
{
	struct print_head head = { .type = marks->id, .pid = getpid() };
	struct pgmap_dat_page *page = &marks->page;
	char text[PGMAP_MARK_LEN];
	size_t length;
	int err = 0;

	pgmap_mark_write(mark, text);
	length = (strlen(text) + sizeof(__u32)) & ~(sizeof(__u32) - 1);
	memset(text + strlen(text), 0, length - strlen(text));
	if (page->used + sizeof(head) + length > page->size)
		err = pgmap_dat_flush_marks(marks);
	if (!page->used)
		page->used = PGMAP_TRACE_PAGE_HEAD;
	head.length = sizeof(head) - sizeof(head.word) + length;
	memcpy(page->bytes + page->used, &head, sizeof(head));
	memcpy(page->bytes + page->used + sizeof(head), text, length);
	page->used += sizeof(head) + length;
	return err;
}

/* ---- parts ---- */

static void put_16(FILE *out, __u16 value)
{
	fwrite(&value, sizeof(value), 1, out);
}

static void put_32(FILE *out, __u32 value)
{
	fwrite(&value, sizeof(value), 1, out);
}

static void put_64(FILE *out, __u64 value)
{
	fwrite(&value, sizeof(value), 1, out);
}

static void put_text(FILE *out, const char *text)
{
	fwrite(text, strlen(text) + 1, 1, out);
}

/* A file of tracefs, which does not know its size before it is read, after its size. */
static int put_file(FILE *out, const char *directory, const char *name)
{
	char path[256], *text = malloc(MOST_TEXT);
	FILE *in;
	size_t size;
	int err = 0;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	in = fopen(path, "re");
	if (!in || !text) {
		err = in ? -ENOMEM : -errno;
	} else {
		size = fread(text, 1, MOST_TEXT, in);
		put_64(out, size);
		fwrite(text, size, 1, out);
		err = ferror(in) || size == MOST_TEXT ? -EIO : 0;
	}
	if (in)
		fclose(in);
	free(text);
	return err;
}

static int put_formats(FILE *out, const char *events)
{
	char name[64];
	int id, err;

	put_text(out, "header_page");
	err = put_file(out, events, "header_page");
	put_text(out, "header_event");
	if (!err)
		err = put_file(out, events, "header_event");
	put_32(out, 1);
	if (!err)
		err = put_file(out, events, "ftrace/print/format");
	put_32(out, 1);
	put_text(out, "memremap");
	put_32(out, PGMAP_TRACE_NR_FORMATS - PGMAP_EVENT_ADD);
	for (id = PGMAP_EVENT_ADD; id < PGMAP_TRACE_NR_FORMATS && !err; id++) {
		snprintf(name, sizeof(name), "memremap/%s/format", pgmap_event_name(id));
		err = put_file(out, events, name);
	}
	return err;
}

int pgmap_dat_make_head(const char *events, __u32 page_size, struct pgmap_dat_head *head)
{
	static const char magic[10] = "\x17\x08\x44tracing";
	FILE *out = open_memstream(&head->bytes, &head->size);
	int err;

	if (!out)
		return -ENOMEM;
	fwrite(magic, sizeof(magic), 1, out);
	put_text(out, "6");
	putc(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 1 : 0, out);
	putc(sizeof(__u64), out);
	put_32(out, page_size);
	err = put_formats(out, events);
	/* the kernel's symbols, and the formats of its trace_printk(): for nobody here */
	put_32(out, 0);
	put_32(out, 0);
	return fclose(out) && !err ? -ENOMEM : err;
}

/* After their size, which is known once they have been put together. */
static int put_names(FILE *out, const struct pgmap_thread_names *names)
{
	char *lines = NULL;
	size_t size = 0, i;
	FILE *text = open_memstream(&lines, &size);

	if (!text)
		return -ENOMEM;
	for (i = 0; i < names->room; i++)
		if (names->all[i].tid && *names->all[i].comm)
			fprintf(text, "%u %s\n", names->all[i].tid, names->all[i].comm);
	if (fclose(text)) {
		free(lines);
		return -ENOMEM;
	}
	put_64(out, size);
	fwrite(lines, size, 1, out);
	free(lines);
	return 0;
}

static void put_option(FILE *out, enum option id, const char *text)
{
	put_16(out, id);
	put_32(out, strlen(text) + 1);
	put_text(out, text);
}

static void put_options(FILE *out, const struct pgmap_dat_content *content)
{
	struct utsname system;
	char text[4 * sizeof(system.release)];
	__u32 cpu;

	put_text(out, "options  ");
	put_option(out, OPTION_CLOCK, "[mono]\n");
	if (!uname(&system)) {
		snprintf(text, sizeof(text), "%s %s %s %s", system.sysname, system.nodename,
			 system.release, system.machine);
		put_option(out, OPTION_UNAME, text);
	}
	put_option(out, OPTION_VERSION, content->version);
	for (cpu = 0; cpu < content->nr_cpus; cpu++)
		if (content->stats[cpu])
			put_option(out, OPTION_STATS, content->stats[cpu]);
	put_16(out, OPTION_CPUS);
	put_32(out, sizeof(__u32));
	put_32(out, content->nr_cpus);
	put_16(out, 0);
}

/* ---- pages ---- */

static __u64 size_of(int fd)
{
	struct stat status;

	return fd >= 0 && !fstat(fd, &status) ? (__u64)status.st_size : 0;
}

static int put_pages(FILE *out, int fd)
{
	char bytes[1 << 16];
	ssize_t got;
	off_t at = 0;

	while (fd >= 0 && (got = pread(fd, bytes, sizeof(bytes), at))) {
		if (got < 0)
			return -errno;
		if (fwrite(bytes, got, 1, out) != 1)
			return -errno;
		at += got;
	}
	return 0;
}

static int put_records(FILE *out, const struct pgmap_dat_content *content)
{
	__u64 at, gap;
	__u32 cpu;
	int err = 0;

	put_text(out, "flyrecord");
	at = ftell(out) + content->nr_cpus * 2 * sizeof(__u64);
	gap = -at & (content->page_size - 1);
	at += gap;
	for (cpu = 0; cpu < content->nr_cpus; cpu++) {
		put_64(out, at);
		put_64(out, size_of(content->fds[cpu]));
		at += size_of(content->fds[cpu]);
	}
	while (gap--)
		putc(0, out);
	for (cpu = 0; cpu < content->nr_cpus && !err; cpu++)
		err = put_pages(out, content->fds[cpu]);
	return err;
}

int pgmap_dat_write(FILE *out, const struct pgmap_dat_content *content)
{
	int err;

	rewind(out);
	fwrite(content->head.bytes, content->head.size, 1, out);
	err = put_names(out, content->names);
	put_32(out, content->nr_cpus);
	put_options(out, content);
	if (!err)
		err = put_records(out, content);
	if (err)
		return err;
	if (fflush(out))
		return -errno;
	return ferror(out) ? -EIO : 0;
}
