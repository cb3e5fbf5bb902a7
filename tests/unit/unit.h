/* SPDX-License-Identifier: GPL-2.0-only */
/* What every unit test needs: cmocka, and its results as TAP. */
#ifndef PGMAP_TEST_UNIT_H
#define PGMAP_TEST_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PGMAP_RUN_TESTS(tests) \
	(cmocka_set_message_output(CM_OUTPUT_TAP), cmocka_run_group_tests(tests, NULL, NULL))

#endif
