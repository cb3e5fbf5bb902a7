// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's descriptions of trace records, as text from a file. */
#include <string.h>
#include <event-parse.h>

#include <pgmap/names.h>

#include "source/format_text.h"
#include "trace_formats.h"
#include "unit.h"

static void test_text_says_what_the_library_makes_of_it(void **state)
{
	struct tep_handle *tep = tep_alloc();
	struct pgmap_trace_formats read;
	struct pgmap_trace_place place;
	char why[PGMAP_WHY_LEN];
	int i, field, type;

	(void)state;
	for (i = 0; i < NR_FORMATS; i++)
		assert_int_equal(tep_parse_event(tep, formats[i], strlen(formats[i]),
						 "memremap"), 0);
	assert_int_equal(pgmap_trace_formats_read(&read, tep, why), 0);
	tep_free(tep);
	for (i = 0; i < NR_FORMATS; i++) {
		const struct pgmap_trace_format *format = &read.all[PGMAP_EVENT_ADD + i];

		assert_true(pgmap_format_text_is(formats[i], pgmap_event_name(format->event)));
		assert_int_equal(pgmap_format_text_id(formats[i]), format->id);
		for (field = 0; field < PGMAP_TRACE_NR_FIELDS; field++) {
			if (!(pgmap_trace_fields_of(format->event) & 1U << field))
				continue;
			assert_true(pgmap_format_text_field(formats[i],
							    pgmap_trace_field_name(field),
							    &place));
			assert_int_equal(place.offset, format->offsets[field]);
		}
		for (type = PGMAP_TYPE_NONE + 1; type < PGMAP_NR_TYPES; type++)
			assert_int_equal(pgmap_format_text_symbol(formats[i], "type",
								  pgmap_type_name(type)),
					 format->types[type]);
	}
}

static void test_text_that_describes_nothing_gives_nothing(void **state)
{
	struct pgmap_trace_place place;

	(void)state;
	assert_false(pgmap_format_text_field("\tfield:int pid;\toffset:8;\n", "pid", &place));
	assert_false(pgmap_format_text_field("\tfield:int pid;\toffset:8;\tsize:-4;\n", "pid",
					     &place));
	assert_false(pgmap_format_text_field("\tfield:int apid;\toffset:8;\tsize:4;\n", "pid",
					     &place));
	assert_true(pgmap_format_text_field("\tfield:char buf[];\toffset:16;\tsize:0;\n", "buf",
					    &place));
	assert_int_equal(pgmap_format_text_id("name: x\nID: 70000\n"), 0);
	assert_int_equal(pgmap_format_text_symbol("__print_symbolic(REC->type, { 1, \"A", "type",
						  "A"), PGMAP_TRACE_NO_TYPE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_says_what_the_library_makes_of_it),
		cmocka_unit_test(test_text_that_describes_nothing_gives_nothing),
	};

	return PGMAP_RUN_TESTS(tests);
}
