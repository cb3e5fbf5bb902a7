// SPDX-License-Identifier: GPL-2.0-only
/* Looking at a kernel without BPF: memory by a core file, and where fields are by its types. */
#include <bpf/btf.h>
#include <elf.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inspect/kcore.h"
#include "inspect/layout.h"
#include "unit.h"

/* ---- the core file ---- */

/* Two parts of memory of 16 bytes each, with a gap in their addresses. */
#define FIRST	0xffff888000001000ULL
#define SECOND	0xffffffffa0000000ULL

struct core {
	Elf64_Ehdr header;
	Elf64_Phdr parts[3];
	char first[16];
	char second[16];
};

static const struct core good = {
	.header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64 },
		.e_type = ET_CORE,
		.e_phoff = offsetof(struct core, parts),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 3,
	},
	.parts = {
		/* notes lie at address 0, which is nobody's memory */
		{ .p_type = PT_NOTE, .p_filesz = 16 },
		{ .p_type = PT_LOAD, .p_vaddr = FIRST, .p_filesz = 16, .p_memsz = 16,
		  .p_offset = offsetof(struct core, first) },
		{ .p_type = PT_LOAD, .p_vaddr = SECOND, .p_filesz = 16, .p_memsz = 16,
		  .p_offset = offsetof(struct core, second) },
	},
	.first = "0123456789abcdef",
	.second = "ghijklmnopqrstuv",
};

/* Opens a file of the first @size bytes of @core. */
static int open_core(const struct core *core, size_t size, struct pgmap_kcore **kcore)
{
	char path[] = "/tmp/pgmap-kcore.XXXXXX";
	int fd = mkstemp(path), err;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, core, size), size);
	close(fd);
	err = pgmap_kcore_open(kcore, path);
	unlink(path);
	return err;
}

static void test_an_address_is_read_where_its_part_says(void **state)
{
	struct pgmap_kcore *kcore;
	char got[16] = "";

	(void)state;
	assert_int_equal(open_core(&good, sizeof(good), &kcore), 0);
	assert_int_equal(pgmap_kcore_read(kcore, FIRST, got, 16), 0);
	assert_memory_equal(got, good.first, 16);
	assert_int_equal(pgmap_kcore_read(kcore, SECOND + 3, got, 4), 0);
	assert_memory_equal(got, "jklm", 4);
	pgmap_kcore_free(kcore);
}

static void test_what_is_in_no_part_is_not_there(void **state)
{
	struct pgmap_kcore *kcore;
	char got[16];

	(void)state;
	assert_int_equal(open_core(&good, sizeof(good), &kcore), 0);
	assert_int_equal(pgmap_kcore_read(kcore, FIRST - 1, got, 1), -EFAULT);
	assert_int_equal(pgmap_kcore_read(kcore, FIRST + 15, got, 2), -EFAULT);
	assert_int_equal(pgmap_kcore_read(kcore, FIRST + 16, got, 1), -EFAULT);
	assert_int_equal(pgmap_kcore_read(kcore, ~0ULL, got, 16), -EFAULT);
	assert_int_equal(pgmap_kcore_read(kcore, 0, got, 8), -EFAULT);
	pgmap_kcore_free(kcore);
	/* the file ends before its part does */
	assert_int_equal(open_core(&good, sizeof(good) - 1, &kcore), 0);
	assert_int_equal(pgmap_kcore_read(kcore, SECOND, got, 15), 0);
	assert_int_equal(pgmap_kcore_read(kcore, SECOND, got, 16), -EFAULT);
	pgmap_kcore_free(kcore);
}

static void test_what_is_no_core_file_is_refused(void **state)
{
	struct pgmap_kcore *kcore;
	struct core bad = good;

	(void)state;
	assert_int_equal(pgmap_kcore_open(&kcore, "/nowhere"), -ENOENT);
	assert_null(kcore);
	assert_int_equal(open_core(&good, 10, &kcore), -ENOEXEC);
	assert_int_equal(open_core(&good, sizeof(good.header) + 60, &kcore), -ENOEXEC);
	bad.header.e_ident[0] = 0;
	assert_int_equal(open_core(&bad, sizeof(bad), &kcore), -ENOEXEC);
	bad = good;
	bad.header.e_ident[EI_CLASS] = ELFCLASS32;
	assert_int_equal(open_core(&bad, sizeof(bad), &kcore), -ENOEXEC);
	bad = good;
	bad.header.e_type = ET_EXEC;
	assert_int_equal(open_core(&bad, sizeof(bad), &kcore), -ENOEXEC);
	assert_null(kcore);
}

/* ---- the layout ---- */

enum { INT = 1, POINTER };	/* as numbered by new_btf() */

static struct btf *new_btf(void)
{
	struct btf *btf = btf__new_empty();

	assert_non_null(btf);
	assert_int_equal(btf__add_int(btf, "unsigned long", 8, 0), INT);
	assert_int_equal(btf__add_ptr(btf, 0), POINTER);
	return btf;
}

static void add_field(struct btf *btf, const char *name, int type, int at)
{
	assert_int_equal(btf__add_field(btf, name, type, at * 8, 0), 0);
}

/* A struct of one list head at @at. */
static int add_wait(struct btf *btf, const char *name, const char *field, int type, int at)
{
	int id = btf__add_struct(btf, name, at + 8);

	add_field(btf, field, type, at);
	return id;
}

static void test_fields_are_found_inside_of_others(void **state)
{
	struct btf *btf = new_btf();
	struct pgmap_layout layout;
	int wait, done, un, constant, typedefed;

	(void)state;
	wait = add_wait(btf, "swait_queue_head", "task_list", INT, 8);
	done = add_wait(btf, "completion", "wait", wait, 16);
	constant = btf__add_const(btf, done);
	typedefed = btf__add_typedef(btf, "completion_t", constant);
	un = btf__add_union(btf, NULL, 16);
	add_field(btf, "range", INT, 0);
	btf__add_struct(btf, "dev_pagemap", 176);
	add_field(btf, "done", typedefed, 64);
	add_field(btf, NULL, un, 160);
	pgmap_layout_of(&layout, btf);
	assert_int_equal(layout.pgmap_waiters, 64 + 16 + 8);
	assert_int_equal(layout.pgmap_range, 160);
	assert_int_equal(layout.pgmap_size, 176);
	/* what this kernel does not have */
	assert_int_equal(layout.pgmap_driver, PGMAP_NO_FIELD);
	assert_int_equal(layout.page_size, 0);
	assert_int_equal(layout.idle_is_zero, 0);
	btf__free(btf);
}

static void test_a_reference_inside_is_none_of_the_driver_s(void **state)
{
	struct pgmap_layout layout;
	struct btf *btf = new_btf();

	(void)state;
	btf__add_struct(btf, "dev_pagemap", 32);
	add_field(btf, "ref", INT, 8);
	pgmap_layout_of(&layout, btf);
	assert_int_equal(layout.pgmap_ref, 8);
	assert_int_equal(layout.pgmap_ref_pointer, PGMAP_NO_FIELD);
	btf__free(btf);
	btf = new_btf();
	btf__add_struct(btf, "dev_pagemap", 32);
	add_field(btf, "ref", POINTER, 8);
	add_field(btf, "internal_ref", INT, 16);
	pgmap_layout_of(&layout, btf);
	assert_int_equal(layout.pgmap_ref, 16);
	assert_int_equal(layout.pgmap_ref_pointer, 8);
	btf__free(btf);
}

static void test_the_pagemap_of_a_page_may_be_that_of_its_folio(void **state)
{
	struct pgmap_layout layout;
	struct btf *btf = new_btf();

	(void)state;
	btf__add_struct(btf, "folio", 64);
	add_field(btf, "pgmap", POINTER, 8);
	btf__add_struct(btf, "page", 64);
	add_field(btf, "_refcount", INT, 52);
	pgmap_layout_of(&layout, btf);
	assert_int_equal(layout.page_pgmap, 8);
	assert_int_equal(layout.page_refcount, 52);
	assert_int_equal(layout.idle_is_zero, 1);
	btf__free(btf);
}

static void test_types_have_the_kernel_s_numbers(void **state)
{
	struct pgmap_layout layout;
	struct btf *btf = new_btf();
	int slots;

	(void)state;
	btf__add_enum(btf, "memory_type", 4);
	assert_int_equal(btf__add_enum_value(btf, "MEMORY_DEVICE_PRIVATE", 1), 0);
	assert_int_equal(btf__add_enum_value(btf, "MEMORY_DEVICE_FS_DAX", 2), 0);
	slots = btf__add_array(btf, INT, POINTER, 64);
	btf__add_struct(btf, "xa_node", 576);
	add_field(btf, "slots", slots, 40);
	pgmap_layout_of(&layout, btf);
	assert_int_equal(layout.types[PGMAP_TYPE_PRIVATE], 1);
	assert_int_equal(layout.types[PGMAP_TYPE_FS_DAX], 2);
	assert_int_equal(layout.types[PGMAP_TYPE_COHERENT], PGMAP_NO_FIELD);
	assert_int_equal(layout.node_slots, 40);
	assert_int_equal(layout.node_slots_size, 512);
	btf__free(btf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_address_is_read_where_its_part_says),
		cmocka_unit_test(test_what_is_in_no_part_is_not_there),
		cmocka_unit_test(test_what_is_no_core_file_is_refused),
		cmocka_unit_test(test_fields_are_found_inside_of_others),
		cmocka_unit_test(test_a_reference_inside_is_none_of_the_driver_s),
		cmocka_unit_test(test_the_pagemap_of_a_page_may_be_that_of_its_folio),
		cmocka_unit_test(test_types_have_the_kernel_s_numbers),
	};

	return PGMAP_RUN_TESTS(tests);
}
