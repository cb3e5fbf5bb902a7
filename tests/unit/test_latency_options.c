// SPDX-License-Identifier: GPL-2.0-only
/* Command lines of latency and diff: what they become, and that wrong ones end with 129. */
#include <argp.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/compare.h"
#include "unit.h"
#include "verbs/common.h"
#include "verbs/verb.h"

enum { MAX_WORDS = 48 };

/* Splits at blanks; the words live until the next call. */
static int split(const char *line, char *words[MAX_WORDS])
{
	static char copy[256];
	int nr = 0;
	char *word;

	strcpy(copy, line);
	for (word = strtok(copy, " "); word; word = strtok(NULL, " "))
		words[nr++] = word;
	words[nr] = NULL;
	return nr;
}

static struct pgmap_run_options parsed(const char *line)
{
	static char *words[MAX_WORDS];	/* the options point into it */
	struct pgmap_run_options options;
	int nr = split(line, words);

	assert_int_equal(pgmap_verb_latency.parse(nr, words, &options), 0);
	return options;
}

/* The exit code of @line in a process of its own; 0 when parsing goes through. */
static int exit_code(const struct pgmap_verb *verb, const char *line)
{
	struct pgmap_run_options options;
	char *words[MAX_WORDS];
	int nr = split(line, words), status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		close(STDOUT_FILENO);
		close(STDERR_FILENO);
		argp_err_exit_status = PGMAP_EXIT_USAGE;
		_exit(verb->run ? (int)verb->run(nr, words) :
				  verb->parse(nr, words, &options) ? 1 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_latency_is_by_pagemap_unless_told(void **state)
{
	struct pgmap_run_options options = parsed("latency");

	(void)state;
	assert_int_equal(options.latency.by, PGMAP_BY_PGMAP);
	assert_int_equal(options.from.by, PGMAP_BY_NONE);
	assert_null(options.latency.save_path);
	assert_ptr_equal(options.view, &pgmap_view_table);
	assert_true(options.show.quiet);
}

static void test_latency_options(void **state)
{
	struct pgmap_run_options options =
		parsed("latency -d 2s --by driver --csv --save x.json -t private -- touch --by x");

	(void)state;
	assert_int_equal(options.latency.by, PGMAP_BY_DRIVER);
	assert_int_equal(options.from.by, PGMAP_BY_NONE);
	assert_int_equal(options.duration_ns, 2000000000);
	assert_int_equal(options.from.type, PGMAP_TYPE_PRIVATE);
	assert_string_equal(options.latency.save_path, "x.json");
	assert_ptr_equal(options.view, &pgmap_view_csv);
	assert_string_equal(options.command[1], "--by");
}

static void test_only_comm_cpu_and_phase_are_asked_of_the_kernel(void **state)
{
	(void)state;
	assert_int_equal(parsed("latency --by comm").from.by, PGMAP_BY_COMM);
	assert_int_equal(parsed("latency --by cpu").from.by, PGMAP_BY_CPU);
	assert_int_equal(parsed("latency --by phase").from.by, PGMAP_BY_PHASE);
	assert_int_equal(parsed("latency --by node").from.by, PGMAP_BY_NONE);
	assert_int_equal(parsed("latency --by type").from.by, PGMAP_BY_NONE);
}

static void test_usage_errors_exit_with_129(void **state)
{
	static const struct {
		const struct pgmap_verb *verb;
		const char *line;
	} wrong[] = {
		{ &pgmap_verb_latency, "latency --by moon" },
		{ &pgmap_verb_latency, "latency --by none" },
		{ &pgmap_verb_latency, "latency -d never" },
		{ &pgmap_verb_latency, "latency --save" },
		{ &pgmap_verb_diff, "diff" },
		{ &pgmap_verb_diff, "diff a" },
		{ &pgmap_verb_diff, "diff a b c" },
		{ &pgmap_verb_diff, "diff a --" },
		{ &pgmap_verb_diff, "diff -- a" },
		{ &pgmap_verb_diff, "diff a b --fail-over ten" },
		{ &pgmap_verb_diff, "diff a b --fail-over 3%" },
		{ &pgmap_verb_diff, "diff a b --fail-over 5%%" },
		{ &pgmap_verb_diff, "diff a b --fail-over -10" },
		{ &pgmap_verb_diff, "diff a b --ratio nan" },
		{ &pgmap_verb_diff, "diff a b --floor x" },
		{ &pgmap_verb_diff, "diff a b --min-count 0" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (exit_code(wrong[i].verb, wrong[i].line) != PGMAP_EXIT_USAGE)
			fail_msg("not refused: %s", wrong[i].line);
}

static void test_more_runs_than_are_taken_exit_with_129(void **state)
{
	char line[256] = "diff";
	int i;

	(void)state;
	for (i = 0; i <= PGMAP_MAX_RUNS; i++)
		strcat(line, " a");
	strcat(line, " -- b");
	assert_int_equal(exit_code(&pgmap_verb_diff, line), PGMAP_EXIT_USAGE);
}

static void test_files_that_are_not_there_exit_with_1(void **state)
{
	(void)state;
	assert_int_equal(exit_code(&pgmap_verb_diff, "diff /none/a /none/b"), 1);
	assert_int_equal(exit_code(&pgmap_verb_diff, "diff --fail-over 10% /none/a -- /none/b"), 1);
	assert_int_equal(exit_code(&pgmap_verb_diff, "diff --help"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_latency_is_by_pagemap_unless_told),
		cmocka_unit_test(test_latency_options),
		cmocka_unit_test(test_only_comm_cpu_and_phase_are_asked_of_the_kernel),
		cmocka_unit_test(test_usage_errors_exit_with_129),
		cmocka_unit_test(test_more_runs_than_are_taken_exit_with_129),
		cmocka_unit_test(test_files_that_are_not_there_exit_with_1),
	};

	return PGMAP_RUN_TESTS(tests);
}
