// SPDX-License-Identifier: GPL-2.0-only
/* What is done at a finding: commands get it in their environment; nothing is left behind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "react/react.h"
#include "unit.h"

static const struct pgmap_finding finding = {
	.rule = PGMAP_RULE_DOUBLE_KILL,
	.pgmap = 0xffff888000001000,
	.generation = 3,
	.pid = 42,
	.comm = "sixteen_letters_",
	.driver = "nd_pmem",
};

/* Reacts once with @command, $OUT being @path, and waits for its end. */
static void react_with(const char *command, const char *path)
{
	const struct pgmap_reactions reactions = { .command = command };
	struct pgmap_reactor *reactor;
	char why[128] = "";

	setenv("OUT", path, 1);
	assert_int_equal(pgmap_react_open(&reactor, &reactions, why, sizeof(why)), 0);
	pgmap_react(reactor, &finding, PGMAP_SEVERITY_ERROR);
	pgmap_react_free(reactor);
}

static void test_a_command_gets_the_finding(void **state)
{
	char path[] = "/tmp/pgmap-react.XXXXXX", line[256] = "";
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "r");

	(void)state;
	assert_non_null(file);
	react_with("set -- $PGMAP_RULE $PGMAP_SEVERITY $PGMAP_PGMAP $PGMAP_GENERATION;"
		   "echo $* $PGMAP_DRIVER $PGMAP_COMM $PGMAP_PID >$OUT", path);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_string_equal(line,
			    "DOUBLE_KILL ERROR 0xffff888000001000 3 nd_pmem sixteen_letters_ 42\n");
	fclose(file);
	unlink(path);
}

static void test_nothing_asked_for_does_nothing(void **state)
{
	const struct pgmap_reactions reactions = {};
	struct pgmap_reactor *reactor;
	char why[128] = "";

	(void)state;
	assert_int_equal(pgmap_react_open(&reactor, &reactions, why, sizeof(why)), 0);
	pgmap_react(reactor, &finding, PGMAP_SEVERITY_REPORT);
	pgmap_react_free(reactor);
	pgmap_react_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_command_gets_the_finding),
		cmocka_unit_test(test_nothing_asked_for_does_nothing),
	};

	return PGMAP_RUN_TESTS(tests);
}
