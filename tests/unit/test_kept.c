// SPDX-License-Identifier: GPL-2.0-only
/* Files that outlive a run: added to, or replaced as a whole, and told when that fails. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kept.h"
#include "summaries.h"

static char path[32];

static int new_file(void **state)
{
	int fd;

	(void)state;
	strcpy(path, "/tmp/test_kept.XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int drop_file(void **state)
{
	(void)state;
	return unlink(path);
}

#define file_test(name) cmocka_unit_test_setup_teardown(name, new_file, drop_file)

/* Writes a line about @nr pagemaps. */
static void keep(bool replace, int nr)
{
	struct pgmap_summary summary = summary_by(PGMAP_BY_PGMAP);
	struct pgmap_view_options show = { .out = stdout };
	struct pgmap_kept kept = { 0 };

	while (nr--)
		group_in(&summary, "gpu");
	assert_int_equal(pgmap_kept_open(&kept, path, replace, &show), 0);
	if (replace)
		pgmap_kept_clear(&kept);
	pgmap_view_json.latencies(kept.view, &summary);
	assert_int_equal(pgmap_kept_close(&kept), 0);
	pgmap_summary_free(&summary);
}

static size_t size_of_file(size_t *lines)
{
	FILE *file = fopen(path, "r");
	size_t size = 0;
	int c;

	assert_non_null(file);
	*lines = 0;
	for (c = fgetc(file); c != EOF; c = fgetc(file), size++)
		*lines += c == '\n';
	fclose(file);
	return size;
}

static void test_adding_keeps_what_is_there(void **state)
{
	size_t lines, size, one;

	(void)state;
	keep(false, 3);
	one = size_of_file(&lines);
	keep(false, 3);
	size = size_of_file(&lines);
	assert_int_equal(lines, 2);
	assert_int_equal(size, 2 * one);
}

static void test_a_shorter_result_leaves_nothing_of_a_longer_one(void **state)
{
	size_t lines, alone;

	(void)state;
	keep(true, 0);
	alone = size_of_file(&lines);
	keep(true, 9);
	assert_true(size_of_file(&lines) > alone);
	keep(true, 0);
	assert_int_equal(size_of_file(&lines), alone);
	assert_int_equal(lines, 1);
}

static void test_a_run_that_fails_leaves_the_old_result(void **state)
{
	struct pgmap_view_options show = { .out = stdout };
	struct pgmap_kept kept = { 0 };
	size_t lines, size;

	(void)state;
	keep(true, 2);
	size = size_of_file(&lines);
	assert_int_equal(pgmap_kept_open(&kept, path, true, &show), 0);
	assert_int_equal(pgmap_kept_close(&kept), 0);
	assert_int_equal(size_of_file(&lines), size);
}

static void test_what_cannot_be_written_is_told(void **state)
{
	struct pgmap_summary summary = summary_by(PGMAP_BY_PGMAP);
	struct pgmap_view_options show = { .out = stdout };
	struct pgmap_kept kept = { 0 };

	(void)state;
	assert_int_equal(pgmap_kept_open(&kept, "/nowhere/at/all", true, &show), -ENOENT);
	assert_string_equal(kept.path, "/nowhere/at/all");
	assert_int_equal(pgmap_kept_close(&kept), 0);
	kept = (struct pgmap_kept){ 0 };
	assert_int_equal(pgmap_kept_open(&kept, "/dev/full", true, &show), 0);
	pgmap_kept_clear(&kept);
	pgmap_view_json.latencies(kept.view, &summary);
	assert_int_equal(pgmap_kept_close(&kept), -EIO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		file_test(test_adding_keeps_what_is_there),
		file_test(test_a_shorter_result_leaves_nothing_of_a_longer_one),
		file_test(test_a_run_that_fails_leaves_the_old_result),
		cmocka_unit_test(test_what_cannot_be_written_is_told),
	};

	return PGMAP_RUN_TESTS(tests);
}
