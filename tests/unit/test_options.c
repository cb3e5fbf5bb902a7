// SPDX-License-Identifier: GPL-2.0-only
/* Command lines: what they become, and that wrong ones end with 129. */
#include <argp.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"
#include "verbs/common.h"
#include "verbs/verb.h"

enum { MAX_WORDS = 16 };

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

static struct pgmap_run_options parsed(const struct pgmap_verb *verb, const char *line)
{
	struct pgmap_run_options options;
	char *words[MAX_WORDS];
	int nr = split(line, words);

	assert_int_equal(verb->parse(nr, words, &options), 0);
	return options;
}

/* The exit code of parsing @line in a process of its own; 0 when it goes through. */
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
		_exit(verb->parse(nr, words, &options) ? 1 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_defaults(void **state)
{
	struct pgmap_run_options options = parsed(&pgmap_verb_top, "pgmapstat");

	(void)state;
	assert_int_equal(options.interval_ns, 1000000000);
	assert_int_equal(options.count, 0);
	assert_int_equal(options.from.buffer_bytes, 0);
	assert_ptr_equal(options.view, &pgmap_view_table);
	assert_false(options.stream);
	assert_null(options.command);
}

static void test_interval_and_count(void **state)
{
	struct pgmap_run_options options = parsed(&pgmap_verb_top, "pgmapstat 0.5 3");

	(void)state;
	assert_int_equal(options.interval_ns, 500000000);
	assert_int_equal(options.count, 3);
}

static void test_a_table_is_bounded_and_json_is_not(void **state)
{
	(void)state;
	assert_int_equal(parsed(&pgmap_verb_top, "pgmapstat").max_rows, 100);
	assert_int_equal(parsed(&pgmap_verb_top, "pgmapstat --rows 7").max_rows, 7);
	assert_int_equal(parsed(&pgmap_verb_top, "pgmapstat --rows 0").max_rows, 0);
	assert_int_equal(parsed(&pgmap_verb_top, "pgmapstat --json").max_rows, 0);
	assert_int_equal(parsed(&pgmap_verb_top, "pgmapstat --rows 7 --json").max_rows, 7);
	assert_int_equal(exit_code(&pgmap_verb_top, "pgmapstat --rows many"), PGMAP_EXIT_USAGE);
}

static void test_common_options(void **state)
{
	struct pgmap_run_options options =
		parsed(&pgmap_verb_events,
		       "events -t coherent -D test_hmm -p 0xffff888012345678 --json -T -q --buffer 64k");

	(void)state;
	assert_int_equal(options.from.type, PGMAP_TYPE_COHERENT);
	assert_string_equal(options.from.driver, "test_hmm");
	assert_true(options.from.pgmap == 0xffff888012345678);
	assert_int_equal(options.from.buffer_bytes, 65536);
	assert_ptr_equal(options.view, &pgmap_view_json);
	assert_true(options.show.timestamps && options.show.quiet && options.stream);
}

static void test_where_from_and_with_which_rights(void **state)
{
	struct pgmap_run_options options =
		parsed(&pgmap_verb_check, "check --backend tracefs --keep-rights --pages=500");

	(void)state;
	assert_int_equal(options.from.backend, PGMAP_BACKEND_TRACEFS);
	assert_true(options.keep_rights);
	/* the bound holds wherever states are kept */
	assert_int_equal(options.from.pages, 500);
	assert_int_equal(options.judge.max_pages, 500);
	options = parsed(&pgmap_verb_check, "check");
	assert_false(options.keep_rights);
	assert_int_equal(options.from.backend, PGMAP_BACKEND_AUTO);
}

static void test_command_keeps_its_own_options(void **state)
{
	struct pgmap_run_options options =
		parsed(&pgmap_verb_check, "check -d 2m -- sleep -v 5");

	(void)state;
	assert_int_equal(options.duration_ns, 120000000000);
	assert_string_equal(options.command[0], "sleep");
	assert_string_equal(options.command[1], "-v");
	assert_string_equal(options.command[2], "5");
	assert_null(options.command[3]);
	assert_null(options.from.log);
	options = parsed(&pgmap_verb_check, "check true --json");
	assert_string_equal(options.command[1], "--json");
	assert_ptr_equal(options.view, &pgmap_view_table);
}

static void test_usage_errors_exit_with_129(void **state)
{
	static const struct {
		const struct pgmap_verb *verb;
		const char *line;
	} wrong[] = {
		{ &pgmap_verb_top, "pgmapstat --nonsense" },
		{ &pgmap_verb_top, "pgmapstat nonsense" },
		{ &pgmap_verb_top, "pgmapstat 0" },
		{ &pgmap_verb_top, "pgmapstat -- -1" },
		{ &pgmap_verb_top, "pgmapstat 1 0" },
		{ &pgmap_verb_top, "pgmapstat 1 2 3" },
		{ &pgmap_verb_top, "pgmapstat -t" },
		{ &pgmap_verb_top, "pgmapstat -t RAM" },
		{ &pgmap_verb_top, "pgmapstat -p zero" },
		{ &pgmap_verb_top, "pgmapstat -p 0" },
		{ &pgmap_verb_top, "pgmapstat -D 0123456789012345678901234567890123456789" },
		{ &pgmap_verb_top, "pgmapstat --buffer 5000" },
		{ &pgmap_verb_top, "pgmapstat --buffer 2048" },
		{ &pgmap_verb_events, "events 1" },
		{ &pgmap_verb_events, "events -d soon" },
		{ &pgmap_verb_check, "check -d 0" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (exit_code(wrong[i].verb, wrong[i].line) != PGMAP_EXIT_USAGE)
			fail_msg("not refused: %s", wrong[i].line);
}

static void test_help_and_version_exit_with_0(void **state)
{
	(void)state;
	assert_int_equal(exit_code(&pgmap_verb_top, "pgmapstat --help"), 0);
	assert_int_equal(exit_code(&pgmap_verb_check, "check --usage"), 0);
}

static void test_times(void **state)
{
	static const struct {
		const char *text;
		__u64 ns;	/* 0: refused */
	} times[] = {
		{ "1", 1000000000 }, { "0.25", 250000000 }, { "10s", 10000000000 },
		{ "5ms", 5000000 }, { "7us", 7000 }, { "9ns", 9 }, { "2m", 120000000000 },
		{ "1h", 3600000000000 }, { "", 0 }, { "s", 0 }, { "-1", 0 }, { "0", 0 },
		{ "1x", 0 }, { "nan", 0 }, { "inf", 0 }, { "1e30", 0 }, { " 1", 0 },
	};
	__u64 ns;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		ns = 0;
		assert_int_equal(!pgmap_parse_time(times[i].text, &ns), !!times[i].ns);
		if (times[i].ns)
			assert_int_equal(ns, times[i].ns);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_interval_and_count),
		cmocka_unit_test(test_a_table_is_bounded_and_json_is_not),
		cmocka_unit_test(test_common_options),
		cmocka_unit_test(test_where_from_and_with_which_rights),
		cmocka_unit_test(test_command_keeps_its_own_options),
		cmocka_unit_test(test_usage_errors_exit_with_129),
		cmocka_unit_test(test_help_and_version_exit_with_0),
		cmocka_unit_test(test_times),
	};

	return PGMAP_RUN_TESTS(tests);
}
