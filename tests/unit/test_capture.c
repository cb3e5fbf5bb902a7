// SPDX-License-Identifier: GPL-2.0-only
/* A recording written without a kernel, from descriptions in a directory: what is read of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pgmap/names.h>

#include "source/capture_files.h"
#include "source/file_reader.h"
#include "source/trace_dat_write.h"
#include "trace_formats.h"
#include "unit.h"

enum { PAGE = 4096, CPUS = 2, PATH_LEN = 300, PRINT_ID = 77 };

static const char print_format[] =
	"name: print\nID: 77\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:char buf[];\toffset:16;\tsize:0;\tsigned:0;\n\nprint fmt: \"%s\", REC->buf\n";

/* ---- descriptions as a kernel has them, in files ---- */

struct place {
	char events[32];
	char out[64];
	struct pgmap_dat_head head;
};

static void put_text(const struct place *place, const char *name, const char *text)
{
	char path[PATH_LEN], *slash;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", place->events, name);
	for (slash = path + strlen(place->events); (slash = strchr(slash + 1, '/'));) {
		*slash = 0;
		mkdir(path, 0700);
		*slash = '/';
	}
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static int open_place(void **state)
{
	static struct place place;
	char name[64];
	int i;

	place = (struct place){ .events = "/tmp/pgmap-capture-XXXXXX" };
	assert_non_null(mkdtemp(place.events));
	put_text(&place, "header_page", "page");
	put_text(&place, "header_event", "event");
	put_text(&place, "ftrace/print/format", print_format);
	for (i = 0; i < NR_FORMATS; i++) {
		snprintf(name, sizeof(name), "memremap/%s/format",
			 pgmap_event_name(PGMAP_EVENT_ADD + i));
		put_text(&place, name, formats[i]);
	}
	snprintf(place.out, sizeof(place.out), "%s/out", place.events);
	assert_int_equal(pgmap_dat_make_head(place.events, PAGE, &place.head), 0);
	*state = &place;
	return 0;
}

static int close_place(void **state)
{
	struct place *place = *state;
	char command[PATH_LEN];

	free(place->head.bytes);
	snprintf(command, sizeof(command), "rm -r %s", place->events);
	return system(command);
}

/* ---- a recording of two CPUs, and of marks as if of a third one ---- */

struct recording {
	struct pgmap_dat_marks marks;
	unsigned char page[PAGE];
	int fds[CPUS + 1];
	char texts[CPUS][64];
	char *stats[CPUS + 1];
	struct pgmap_thread_names names;
	struct pgmap_dat_content content;
};

static void begin(const struct place *place, struct recording *recording)
{
	int i;

	memset(recording, 0, sizeof(*recording));
	for (i = 0; i < CPUS; i++) {
		snprintf(recording->texts[i], sizeof(recording->texts[i]),
			 "CPU: %d\nentries: 0\noverrun: %d\n", i, 3 * i);
		recording->stats[i] = recording->texts[i];
	}
	for (i = 0; i < CPUS + 1; i++) {
		recording->fds[i] = pgmap_capture_file_nameless(place->out);
		assert_true(recording->fds[i] >= 0);
	}
	recording->marks = (struct pgmap_dat_marks){
		.fd = recording->fds[CPUS], .time_ns = 1234, .id = PRINT_ID,
		.page = { .bytes = recording->page, .size = PAGE },
	};
	recording->content = (struct pgmap_dat_content){
		.head = place->head, .page_size = PAGE, .names = &recording->names,
		.version = "a version", .nr_cpus = CPUS + 1, .fds = recording->fds,
		.stats = recording->stats,
	};
}

static void end(struct recording *recording)
{
	int i;

	for (i = 0; i < CPUS + 1; i++)
		close(recording->fds[i]);
	pgmap_thread_names_free(&recording->names);
}

static void mark(struct recording *recording)
{
	const struct pgmap_mark text = { .kind = PGMAP_MARK_END, .complete = true };

	assert_int_equal(pgmap_dat_put_mark(&recording->marks, &text), 0);
	assert_int_equal(pgmap_dat_flush_marks(&recording->marks), 0);
}

static int write_to(const char *path, const struct recording *recording)
{
	FILE *out = fopen(path, "w");
	int err;

	assert_non_null(out);
	err = pgmap_dat_write(out, &recording->content);
	fclose(out);
	return err;
}

/* ---- tests ---- */

static struct pgmap_file_reader *read_back(const struct place *place, int *fd,
					   struct pgmap_file_info *info)
{
	struct pgmap_file_reader *reader;
	char why[PGMAP_WHY_LEN];
	struct stat status;

	*fd = open(place->out, O_RDONLY);
	assert_true(*fd >= 0);
	assert_int_equal(fstat(*fd, &status), 0);
	memset(info, 0, sizeof(*info));
	assert_int_equal(pgmap_file_trace_dat.open(&reader, *fd, status.st_size, info, why), 0);
	return reader;
}

static void test_what_is_written_is_read_back(void **state)
{
	struct pgmap_file_record record = { 0 };
	struct pgmap_file_reader *reader;
	struct recording recording;
	struct pgmap_file_info info;
	char why[PGMAP_WHY_LEN];
	int fd;

	begin(*state, &recording);
	mark(&recording);
	assert_int_equal(pgmap_thread_names_note(&recording.names, 5, 5, "five"), 0);
	assert_int_equal(write_to(((struct place *)*state)->out, &recording), 0);
	reader = read_back(*state, &fd, &info);
	assert_int_equal(pgmap_file_trace_dat.next(reader, &record, why), 1);
	assert_int_equal(record.time_ns, 1234);
	assert_string_equal((const char *)record.data + info.mark_offset,
			    "pgmapstat:end\tcomplete=1\tlost=0");
	assert_int_equal(pgmap_file_trace_dat.next(reader, &record, why), 0);
	assert_int_equal(pgmap_file_trace_dat.lost(reader), 3);
	assert_int_equal(info.names.nr, 1);
	pgmap_file_trace_dat.free(reader);
	pgmap_thread_names_free(&info.names);
	close(fd);
	end(&recording);
}

static __u32 cpus_read_back(const struct place *place, const struct recording *recording)
{
	struct pgmap_file_reader *reader;
	struct pgmap_file_info info;
	int fd;

	assert_int_equal(write_to(place->out, recording), 0);
	reader = read_back(place, &fd, &info);
	pgmap_file_trace_dat.free(reader);
	close(fd);
	return info.cpus;
}

static void test_the_cpu_of_marks_is_none_of_the_machine(void **state)
{
	struct recording recording;

	begin(*state, &recording);
	mark(&recording);
	assert_int_equal(cpus_read_back(*state, &recording), CPUS);
	end(&recording);
}

static void test_where_no_cpu_was_counted_for_the_head_says_how_many(void **state)
{
	struct recording recording;

	begin(*state, &recording);
	mark(&recording);
	memset(recording.stats, 0, sizeof(recording.stats));
	assert_int_equal(cpus_read_back(*state, &recording), CPUS + 1);
	end(&recording);
}

static void test_a_full_disk_is_an_error_and_an_end(void **state)
{
	struct recording recording;

	begin(*state, &recording);
	mark(&recording);
	assert_int_equal(write_to("/dev/full", &recording), -ENOSPC);
	end(&recording);
}

static void test_descriptions_that_are_not_there_are_an_error(void **state)
{
	struct pgmap_dat_head head = { 0 };

	(void)state;
	assert_int_equal(pgmap_dat_make_head("/nowhere", PAGE, &head), -ENOENT);
	free(head.bytes);
}

static void test_what_a_file_has_stays_until_there_is_something_else(void **state)
{
	const struct place *place = *state;
	char why[PGMAP_WHY_LEN];
	struct stat status;
	bool is_new;
	int fd;

	put_text(place, "out", "an older recording");
	is_new = true;
	fd = pgmap_capture_file_open(place->out, &is_new, why);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(status.st_size, strlen("an older recording"));
	assert_false(is_new);
	close(fd);
}

static void test_a_file_takes_one_recording_at_a_time(void **state)
{
	const struct place *place = *state;
	char why[PGMAP_WHY_LEN], expected[PGMAP_WHY_LEN];
	int first, second;
	bool is_new;

	first = pgmap_capture_file_open(place->out, &is_new, why);
	assert_true(first >= 0 && is_new);
	assert_int_equal(pgmap_capture_file_open(place->out, &is_new, why), -EBUSY);
	assert_false(is_new);
	snprintf(expected, sizeof(expected),
		 "cannot record into %s: another recording is going there", place->out);
	assert_string_equal(why, expected);
	close(first);
	second = pgmap_capture_file_open(place->out, &is_new, why);
	assert_true(second >= 0);
	close(second);
}

static void test_what_is_no_file_is_refused(void **state)
{
	char why[PGMAP_WHY_LEN];
	bool is_new;

	(void)state;
	assert_int_equal(pgmap_capture_file_open("/dev/full", &is_new, why), -EINVAL);
	assert_string_equal(why, "cannot record into /dev/full: it is no regular file");
	assert_int_equal(pgmap_capture_file_open("/tmp", &is_new, why), -EISDIR);
	assert_int_equal(pgmap_capture_file_open("/nowhere/x", &is_new, why), -ENOENT);
	assert_string_equal(why, "cannot record into /nowhere/x: No such file or directory");
}

static void test_a_short_write_is_gone_on_with(void **state)
{
	static const char bytes[1 << 20];
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	/* more than fits, so that a part is written and then an error tells why not all */
	assert_int_equal(pgmap_capture_file_put(ends[1], bytes, sizeof(bytes)), -EAGAIN);
	close(ends[0]);
	close(ends[1]);
}

#define IN_PLACE(test)	cmocka_unit_test_setup_teardown(test, open_place, close_place)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(test_what_is_written_is_read_back),
		IN_PLACE(test_the_cpu_of_marks_is_none_of_the_machine),
		IN_PLACE(test_where_no_cpu_was_counted_for_the_head_says_how_many),
		IN_PLACE(test_a_full_disk_is_an_error_and_an_end),
		IN_PLACE(test_descriptions_that_are_not_there_are_an_error),
		IN_PLACE(test_what_a_file_has_stays_until_there_is_something_else),
		IN_PLACE(test_a_file_takes_one_recording_at_a_time),
		IN_PLACE(test_what_is_no_file_is_refused),
		IN_PLACE(test_a_short_write_is_gone_on_with),
	};

	return PGMAP_RUN_TESTS(tests);
}
