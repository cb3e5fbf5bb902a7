// SPDX-License-Identifier: GPL-2.0-only
/* The options about judging: sets of rules, stalls, pages, and what is done at a finding. */
#include <errno.h>
#include <string.h>

#include <pgmap/names.h>

#include "unit.h"
#include "verbs/judging.h"
#include "verbs/verb.h"

static struct pgmap_run_options parsed(char *option)
{
	char verb[] = "check", *words[3] = { verb, option };
	struct pgmap_run_options options;

	assert_int_equal(pgmap_verb_check.parse(2, words, &options), 0);
	return options;
}

#define PARSED(text) ({ char word[] = text; parsed(word); })

static void test_rules_are_read_in_any_case(void **state)
{
	__u32 rules = 0;

	(void)state;
	assert_int_equal(pgmap_parse_rules("double_kill,LEAK", &rules), 0);
	assert_int_equal(rules, 1U << PGMAP_RULE_DOUBLE_KILL | 1U << PGMAP_RULE_LEAK);
}

static void test_unknown_and_empty_rules_are_refused(void **state)
{
	static const char *const wrong[] = {
		"", "LEA", "LEAKS", "LEAK,", ",LEAK", "LEAK,,LEAK", "?"
	};
	__u32 rules = 0;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(pgmap_parse_rules(wrong[i], &rules), -EINVAL);
}

static void test_every_rule_can_be_named(void **state)
{
	unsigned int rule;
	__u32 rules;

	(void)state;
	for (rule = PGMAP_RULE_NONE + 1; rule < PGMAP_NR_RULES; rule++) {
		rules = 0;
		assert_int_equal(pgmap_parse_rules(pgmap_rule_name(rule), &rules), 0);
		assert_int_equal(rules, 1U << rule);
	}
}

static void test_every_rule_says_what_it_is(void **state)
{
	unsigned int rule;

	(void)state;
	for (rule = PGMAP_RULE_NONE + 1; rule < PGMAP_NR_RULES; rule++) {
		assert_true(strlen(pgmap_rule_text(rule)) > 10);
		assert_true(strlen(pgmap_rule_hazards(rule)) > 3);
		assert_string_not_equal(pgmap_level_text(pgmap_rule_level(rule)), "?");
		assert_string_not_equal(pgmap_severity_name(pgmap_rule_severity(rule)), "?");
	}
}

static void test_only_and_disable_are_sets_of_their_own(void **state)
{
	(void)state;
	assert_int_equal(PARSED("--only=KILL_STALL").judge.only, 1U << PGMAP_RULE_KILL_STALL);
	assert_int_equal(PARSED("--only=KILL_STALL").judge.disabled, 0);
	assert_int_equal(PARSED("--disable=LEAK").judge.disabled, 1U << PGMAP_RULE_LEAK);
	assert_int_equal(PARSED("--disable=LEAK").judge.only, 0);
}

static void test_stalls(void **state)
{
	struct pgmap_run_options options = PARSED("--stall-warn=500ms");

	(void)state;
	assert_int_equal(options.judge.stall_warn_ns, 500000000);
	assert_int_equal(options.from.stall_ns, 500000000);
	assert_true(options.judge.stall_error_ns == 120000000000ULL);
	assert_true(PARSED("--stall-error=2m").judge.stall_error_ns == 120000000000ULL);
}

static void test_pages_have_a_bound(void **state)
{
	struct pgmap_run_options options = PARSED("--pages");

	(void)state;
	assert_int_equal(options.from.pages, 262144);
	assert_true(options.judge.pages);
	assert_int_equal(PARSED("--pages=16").from.pages, 16);
	options = PARSED("--probe-get");
	assert_int_equal(options.from.pages, 0);
	assert_false(options.judge.pages);
	assert_true(options.from.probe_get);
}

static void test_actions_are_separated_by_commas(void **state)
{
	struct pgmap_reactions reactions = PARSED("--on-finding=trace,stop").reactions;

	(void)state;
	assert_true(reactions.stop);
	assert_string_equal(reactions.trace_file, "pgmapstat-trace.txt");
	assert_null(reactions.command);
}

static void test_exec_takes_the_rest(void **state)
{
	char text[] = "trace=/tmp/a,exec=logger -t pgmap,stop";
	struct pgmap_reactions reactions = {};

	(void)state;
	assert_int_equal(pgmap_parse_reactions(text, &reactions), 0);
	assert_string_equal(reactions.trace_file, "/tmp/a");
	assert_string_equal(reactions.command, "logger -t pgmap,stop");
	assert_false(reactions.stop);
}

static void test_wrong_actions_are_refused(void **state)
{
	static const char *const wrong[] = {
		"", "halt", "stop,", "trace=", "exec=", "stop,,trace"
	};
	char text[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct pgmap_reactions reactions = {};

		strcpy(text, wrong[i]);
		assert_int_equal(pgmap_parse_reactions(text, &reactions), -EINVAL);
	}
}

static void test_findings_go_to_a_file(void **state)
{
	char option[] = "--findings=/var/log/pgmap.json";

	(void)state;
	assert_string_equal(parsed(option).findings_path, "/var/log/pgmap.json");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules_are_read_in_any_case),
		cmocka_unit_test(test_unknown_and_empty_rules_are_refused),
		cmocka_unit_test(test_every_rule_can_be_named),
		cmocka_unit_test(test_every_rule_says_what_it_is),
		cmocka_unit_test(test_only_and_disable_are_sets_of_their_own),
		cmocka_unit_test(test_stalls),
		cmocka_unit_test(test_pages_have_a_bound),
		cmocka_unit_test(test_actions_are_separated_by_commas),
		cmocka_unit_test(test_exec_takes_the_rest),
		cmocka_unit_test(test_wrong_actions_are_refused),
		cmocka_unit_test(test_findings_go_to_a_file),
	};

	return PGMAP_RUN_TESTS(tests);
}
