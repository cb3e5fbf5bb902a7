// SPDX-License-Identifier: GPL-2.0-only
/* Kernel symbols: lines of kallsyms, addresses to functions, build ids in notes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "symbols/files.h"
#include "symbols/kallsyms.h"
#include "symbols/symbols.h"
#include "unit.h"

static const char table[] =
	"0000000000000000 A fixed_percpu_data\n"
	"ffffffff81000000 T _stext\n"
	"ffffffff81000100 t first\n"
	"ffffffffa0000080 t poke_del\t[pgmap_poke]\n"
	"ffffffff81000200 T second\n"
	"ffffffff81000200 W second_alias\n"
	"ffffffff81000300 t twin\n"
	"ffffffff81000400 t twin\n"
	"ffffffff81000500 D last\n"
	"ffffffffa0000000 t poke_add\t[pgmap_poke]\n"
	"ffffffffa0000100 t _end_of_all\t[pgmap_poke]\n";

static char path[32];

static int write_table(void **state)
{
	ssize_t written;
	int fd;

	(void)state;
	strcpy(path, "/tmp/pgmap-kallsyms.XXXXXX");
	fd = mkstemp(path);
	written = fd < 0 ? -1 : write(fd, table, sizeof(table) - 1);
	close(fd);
	return written == sizeof(table) - 1 ? 0 : -1;
}

static int remove_table(void **state)
{
	(void)state;
	return unlink(path);
}

static int parse(const char *text, struct pgmap_symbol *symbol)
{
	static char line[128];

	strcpy(line, text);
	return pgmap_kallsyms_line(line, symbol);
}

static void test_a_line_has_address_name_and_module(void **state)
{
	struct pgmap_symbol symbol;

	(void)state;
	assert_int_equal(parse("ffffffff81000100 t first", &symbol), 0);
	assert_true(symbol.address == 0xffffffff81000100ULL);
	assert_string_equal(symbol.name, "first");
	assert_null(symbol.module);
	assert_int_equal(parse("ffffffffa0000000 t add\t[pgmap_poke]", &symbol), 0);
	assert_string_equal(symbol.name, "add");
	assert_string_equal(symbol.module, "pgmap_poke");
}

static void test_lines_that_are_none_are_refused(void **state)
{
	static const char *const bad[] = {
		"", "x", "ffffffff81000100", "ffffffff81000100 t", "ffffffff81000100 t ",
		"ffffffffa0000000 t add\t", "ffffffffa0000000 t add\tpoke",
		"0000000000000000 t hidden", "fffffffffffffffffff t huge",
	};
	struct pgmap_symbol symbol;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parse(bad[i], &symbol), -EINVAL);
}

/* The text of a frame; static, for one assertion at a time. */
static const char *text_of(struct pgmap_symbols *symbols, __u64 address)
{
	static char text[PGMAP_FRAME_LEN];
	struct pgmap_frame frame;

	pgmap_symbols_frame(symbols, address, &frame);
	pgmap_symbols_text(&frame, text);
	return text;
}

static struct pgmap_symbols *open_symbols(void)
{
	struct pgmap_symbols_options options = { .kallsyms = path };
	struct pgmap_symbols *symbols;

	assert_int_equal(pgmap_symbols_open(&symbols, &options), 0);
	return symbols;
}

static void test_return_addresses_become_functions(void **state)
{
	struct pgmap_symbols *symbols = open_symbols();

	(void)state;
	assert_string_equal(text_of(symbols, 0xffffffff81000110), "first+0x10/0x100");
	/* a call as the last instruction returns to where the next function begins */
	assert_string_equal(text_of(symbols, 0xffffffff81000200), "first+0x100/0x100");
	assert_string_equal(text_of(symbols, 0xffffffff81000201), "second+0x1/0x100");
	assert_string_equal(text_of(symbols, 0xffffffffa0000090),
			    "poke_del+0x10/0x80 [pgmap_poke]");
	pgmap_symbols_free(symbols);
}

static void test_what_is_in_no_function_stays_an_address(void **state)
{
	struct pgmap_symbols *symbols = open_symbols();

	(void)state;
	assert_string_equal(text_of(symbols, 0x1234), "0x1234");
	assert_string_equal(text_of(symbols, 0xffffffff9f000000), "0xffffffff9f000000");
	assert_string_equal(text_of(symbols, 0xffffffffa0000200), "0xffffffffa0000200");
	assert_string_equal(text_of(NULL, 0xffffffff81000110), "0xffffffff81000110");
	pgmap_symbols_free(symbols);
}

static void test_what_rests_knows_all_again(void **state)
{
	struct pgmap_symbols *symbols = open_symbols();
	struct pgmap_frame frame;

	(void)state;
	pgmap_symbols_rest(NULL);
	pgmap_symbols_frame(symbols, 0xffffffff81000110, &frame);
	pgmap_symbols_rest(symbols);
	assert_string_equal(frame.function, "first");
	assert_string_equal(text_of(symbols, 0xffffffff81000201), "second+0x1/0x100");
	pgmap_symbols_free(symbols);
}

/* Symbols with this as /proc/modules. */
static struct pgmap_symbols *open_with_modules(char file[32], const char *text)
{
	struct pgmap_symbols_options options = { .kallsyms = path, .modules = file };
	struct pgmap_symbols *symbols;
	int fd;

	strcpy(file, "/tmp/pgmap-modules.XXXXXX");
	fd = mkstemp(file);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	assert_int_equal(pgmap_symbols_open(&symbols, &options), 0);
	return symbols;
}

static void test_the_last_function_ends_with_its_module(void **state)
{
	static char file[32];
	struct pgmap_symbols *symbols;

	(void)state;
	symbols = open_with_modules(file, "pgmap_poke 512 0 - Live 0xffffffffa0000000 (OE)\n");
	assert_string_equal(text_of(symbols, 0xffffffffa0000110),
			    "_end_of_all+0x10 [pgmap_poke]");
	assert_string_equal(text_of(symbols, 0xffffffffa0000201), "0xffffffffa0000201");
	pgmap_symbols_free(symbols);
	unlink(file);
	/* as everybody but root sees it */
	symbols = open_with_modules(file, "pgmap_poke 512 0 - Live 0x0000000000000000 (OE)\n");
	assert_string_equal(text_of(symbols, 0xffffffffa0000110), "0xffffffffa0000110");
	pgmap_symbols_free(symbols);
	unlink(file);
}

static void test_a_callback_has_a_module_without_any_symbol(void **state)
{
	static const char modules[] =
		"outer 8192 1 - Live 0xffffffffc0000000\n"
		"not a line\n"
		"inner 4096 0 outer, Live 0xffffffffc0001000\n";
	static char file[32], name[16];
	struct pgmap_symbols *symbols = open_with_modules(file, modules);

	(void)state;
	assert_int_equal(pgmap_symbols_callback(symbols, 0xffffffffc0000fff, name, 16), 0);
	assert_string_equal(name, "outer");
	/* the first one's size counts its data elsewhere */
	assert_int_equal(pgmap_symbols_callback(symbols, 0xffffffffc0001000, name, 16), 0);
	assert_string_equal(name, "inner");
	assert_int_equal(pgmap_symbols_callback(symbols, 0xffffffffc0002000, name, 16), -ENOENT);
	assert_int_equal(pgmap_symbols_callback(symbols, 0xffffffffc0000000, name, 5), -ENOENT);
	/* of the kernel itself symbols know */
	assert_int_equal(pgmap_symbols_callback(symbols, 0xffffffff81000110, name, 16), 0);
	assert_string_equal(name, "");
	pgmap_symbols_free(symbols);
	unlink(file);
}

static void test_names_of_the_kernel_have_one_address_or_none(void **state)
{
	struct pgmap_symbols *symbols = open_symbols();

	(void)state;
	assert_true(pgmap_symbols_address(symbols, "second_alias") == 0xffffffff81000200ULL);
	assert_true(pgmap_symbols_address(symbols, "last") == 0xffffffff81000500ULL);
	assert_true(pgmap_symbols_address(symbols, "twin") == 0);
	assert_true(pgmap_symbols_address(symbols, "poke_add") == 0);
	assert_true(pgmap_symbols_address(symbols, "nobody") == 0);
	pgmap_symbols_free(symbols);
}

static void test_hidden_addresses_are_told(void **state)
{
	char hidden[] = "/tmp/pgmap-hidden.XXXXXX";
	static const char text[] = "0000000000000000 T _stext\n0000000000000000 t first\n";
	struct pgmap_symbols_options options = { .kallsyms = hidden };
	struct pgmap_symbols *symbols;
	int fd = mkstemp(hidden);

	(void)state;
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	close(fd);
	assert_int_equal(pgmap_symbols_open(&symbols, &options), 0);
	assert_string_equal(text_of(symbols, 0xffffffff81000110), "0xffffffff81000110");
	assert_non_null(strstr(pgmap_symbols_missing(symbols), "kptr_restrict"));
	pgmap_symbols_free(symbols);
	unlink(hidden);
}

static void test_the_build_id_is_found_among_other_notes(void **state)
{
	/* a note of another kind, then a build id of four bytes */
	static const unsigned char notes[] = {
		6, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 'L', 'i', 'n', 'u', 'x', 0, 0, 0, 9, 0, 0, 0,
		4, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 'G', 'N', 'U', 0, 0xde, 0xad, 0xbe, 0xef,
	};
	struct pgmap_build_id id;

	(void)state;
	assert_int_equal(pgmap_build_id_of_notes(notes, sizeof(notes), &id), 0);
	assert_int_equal(id.length, 4);
	assert_memory_equal(id.bytes, "\xde\xad\xbe\xef", 4);
	assert_int_equal(pgmap_build_id_of_notes(notes, 24, &id), -ENOENT);
	assert_int_equal(pgmap_build_id_of_notes(notes, sizeof(notes) - 1, &id), -ENOENT);
	assert_int_equal(id.length, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_line_has_address_name_and_module),
		cmocka_unit_test(test_lines_that_are_none_are_refused),
		cmocka_unit_test(test_return_addresses_become_functions),
		cmocka_unit_test(test_what_is_in_no_function_stays_an_address),
		cmocka_unit_test(test_what_rests_knows_all_again),
		cmocka_unit_test(test_the_last_function_ends_with_its_module),
		cmocka_unit_test(test_a_callback_has_a_module_without_any_symbol),
		cmocka_unit_test(test_names_of_the_kernel_have_one_address_or_none),
		cmocka_unit_test(test_hidden_addresses_are_told),
		cmocka_unit_test(test_the_build_id_is_found_among_other_notes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, write_table, remove_table);
}
