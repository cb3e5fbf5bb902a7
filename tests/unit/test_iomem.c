// SPDX-License-Identifier: GPL-2.0-only
/* Lines of /proc/iomem, and what is claimed inside of what. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "inspect/iomem.h"
#include "unit.h"

static const char shown[] =
	"100000000-13fffffff : System RAM\n"
	"200000000-23fffffff : Persistent Memory\n"
	"  200000000-21fffffff : namespace0.0\n"
	"  220000000-2209fffff : namespace0.1\n"
	"300000000-3ffffffff : PCI Bus 0000:00\n"
	"  310000000-31fffffff : 0000:00:04.0\n"
	"    310000000-31fffffff : nvme\n";

static const char hidden[] = "00000000-00000000 : Reserved\n00000000-00000000 : RAM\n";

static FILE *text_file(const char *text)
{
	FILE *file = fmemopen((void *)text, strlen(text), "r");

	assert_non_null(file);
	return file;
}

static void test_lines_of_iomem(void **state)
{
	struct pgmap_resource one;

	(void)state;
	assert_int_equal(pgmap_iomem_line("    310000000-31fffffff : nvme\n", &one), 0);
	assert_true(one.start == 0x310000000 && one.end == 0x31fffffff);
	assert_int_equal(one.depth, 2);
	assert_string_equal(one.name, "nvme");
	assert_int_equal(pgmap_iomem_line("00000000-00000000 : PCI Bus 0000:00", &one), 0);
	assert_string_equal(one.name, "PCI Bus 0000:00");
	assert_int_equal(one.depth, 0);
	assert_int_equal(pgmap_iomem_line("", &one), -EINVAL);
	assert_int_equal(pgmap_iomem_line("1000-0fff : turned round", &one), -EINVAL);
	assert_int_equal(pgmap_iomem_line(" 1000-1fff : half a level", &one), -EINVAL);
	assert_int_equal(pgmap_iomem_line("1000-1fff: no blank", &one), -EINVAL);
	assert_int_equal(pgmap_iomem_line("1000 : no end", &one), -EINVAL);
	assert_int_equal(pgmap_iomem_line("11112222333344445-1fff : too large", &one), -EINVAL);
}

static void test_hidden_addresses_are_told_from_none(void **state)
{
	struct pgmap_iomem iomem = { 0 };
	FILE *file = text_file(hidden);

	(void)state;
	assert_int_equal(pgmap_iomem_read(&iomem, file), -EPERM);
	assert_int_equal(iomem.nr, 2);
	fclose(file);
	file = text_file(shown);
	assert_int_equal(pgmap_iomem_read(&iomem, file), 0);
	/* read again from its beginning */
	assert_int_equal(pgmap_iomem_read(&iomem, file), 0);
	assert_int_equal(iomem.nr, 7);
	fclose(file);
	pgmap_iomem_free(&iomem);
}

static void test_claims_lie_inside_each_other(void **state)
{
	const struct pgmap_resource *one;
	struct pgmap_iomem iomem = { 0 };
	FILE *file = text_file(shown);

	(void)state;
	assert_int_equal(pgmap_iomem_read(&iomem, file), 0);
	one = pgmap_iomem_innermost(&iomem, 0x310100000, 0x310200000 - 1);
	assert_string_equal(one->name, "nvme");
	one = pgmap_iomem_parent(&iomem, one);
	assert_string_equal(one->name, "0000:00:04.0");
	one = pgmap_iomem_parent(&iomem, one);
	assert_string_equal(one->name, "PCI Bus 0000:00");
	assert_null(pgmap_iomem_parent(&iomem, one));
	one = pgmap_iomem_innermost(&iomem, 0x200000000, 0x23fffffff);
	assert_string_equal(one->name, "Persistent Memory");
	assert_null(pgmap_iomem_innermost(&iomem, 0x500000000, 0x500000fff));
	fclose(file);
	pgmap_iomem_free(&iomem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_of_iomem),
		cmocka_unit_test(test_hidden_addresses_are_told_from_none),
		cmocka_unit_test(test_claims_lie_inside_each_other),
	};

	return PGMAP_RUN_TESTS(tests);
}
