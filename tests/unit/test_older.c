// SPDX-License-Identifier: GPL-2.0-only
/* Pagemaps older than the observer: taken over, told from new ones, shown as what they are. */
#include <json-c/json.h>
#include <stdlib.h>

#include "core/snapshot.h"
#include "events.h"
#include "view/view.h"

/* What a source says of a pagemap that it found mapped. */
static struct pgmap_event seen_of(__u64 pgmap, __u64 time)
{
	struct pgmap_event ev = add_of(pgmap, time, pgmap, 16);

	ev.event = PGMAP_EVENT_SEEN;
	return ev;
}

static void test_it_lives_on_without_a_finding(void **state)
{
	struct pgmap_model *model = *state;

	feed(model, seen_of(A, 100));
	assert_int_equal(state_of(model, A), PGMAP_STATE_UNKNOWN);
	page(model, PGMAP_EVENT_PAGE_FREE, A, 110, 1);
	kill_drain_release(model, A, 120);
	assert_int_equal(state_of(model, A), PGMAP_STATE_RELEASED);
	add(model, A, 200);
	assert_int_equal(pgmap_table_latest(&model->table, A)->generation, 2);
	assert_findings(model, 0);
}

static void test_a_new_one_over_it_is_an_overlap(void **state)
{
	struct pgmap_model *model = *state;

	feed(model, seen_of(A, 100));
	feed(model, add_of(B, 200, A + 8, 16));
	assert_only(model, PGMAP_RULE_ADD_OVERLAP, PGMAP_SEVERITY_ERROR);
}

/* An add by a thread that began @setup_ns before @time. */
static struct pgmap_event add_taking(__u64 pgmap, __u64 time, __u64 setup_ns)
{
	struct pgmap_event ev = add_of(pgmap, time, pgmap, 16);

	ev.u.add.setup_ns = setup_ns;
	return ev;
}

static void test_one_found_while_being_added_is_no_older_one(void **state)
{
	struct pgmap_model *model = *state;

	feed(model, seen_of(A, 100));
	feed(model, add_taking(A, 150, 60));
	assert_findings(model, 0);
	assert_int_equal(model->table.nr, 1);
	assert_int_equal(state_of(model, A), PGMAP_STATE_LIVE);
	assert_false(pgmap_table_latest(&model->table, A)->partial);
	/* nor is one whose add unwinds */
	feed(model, seen_of(B, 160));
	{
		struct pgmap_event ev = event_of(PGMAP_EVENT_KILL, B, 170);

		ev.flags = PGMAP_FLAG_ADDING;
		feed(model, ev);
	}
	step(model, PGMAP_EVENT_DRAINED, B, 171);
	step(model, PGMAP_EVENT_RELEASE, B, 172);
	assert_findings(model, 0);
	assert_int_equal(model->table.nr, 2);
	assert_false(pgmap_table_latest(&model->table, B)->partial);
}

static void test_one_added_after_it_was_found_is_another(void **state)
{
	struct pgmap_model *model = *state;

	feed(model, seen_of(A, 100));
	feed(model, add_taking(A, 150, 40));
	assert_int_equal(model->table.nr, 2);
	assert_true(pgmap_table_find(&model->table, A, 1)->replaced);
}

/* ---- shown ---- */

struct output {
	char *text;
	size_t size;
	FILE *file;
};

static struct pgmap_view *open_view(const struct pgmap_view_ops *ops, struct output *output)
{
	struct pgmap_view_options options = { 0 };
	struct pgmap_view *view;

	output->file = open_memstream(&output->text, &output->size);
	assert_non_null(output->file);
	options.out = output->file;
	assert_int_equal(ops->open(&view, &options), 0);
	return view;
}

static void close_view(const struct pgmap_view_ops *ops, struct pgmap_view *view,
		       struct output *output)
{
	ops->free(view);
	fclose(output->file);
	free(output->text);
}

/* The report on the model as it is, in @output. */
static struct pgmap_view *report(const struct pgmap_view_ops *ops, struct pgmap_model *model,
				 const char *older_unknown, struct output *output)
{
	struct pgmap_view *view = open_view(ops, output);
	struct pgmap_snapshot snapshot = { .older_unknown = older_unknown };

	assert_int_equal(pgmap_snapshot_take(&snapshot, model, 1000, 1000, true), 0);
	ops->report(view, &snapshot);
	fflush(output->file);
	pgmap_snapshot_free(&snapshot);
	return view;
}

static void test_json_says_since_when(void **state)
{
	struct pgmap_model *model = *state;
	struct output output;
	struct pgmap_view *view;

	feed(model, seen_of(A, 100));
	feed(model, add_taking(B, 150, 40));
	/* its beginning was lost, which is not the same */
	step(model, PGMAP_EVENT_KILL, C, 160);
	view = report(&pgmap_view_json, model, NULL, &output);
	assert_non_null(strstr(output.text, "\"pgmap\":\"0x1000\""));
	assert_non_null(strstr(output.text, "\"since\":\"before start\""));
	assert_non_null(strstr(output.text, "\"since\":150,"));
	assert_non_null(strstr(output.text, "\"since\":null"));
	assert_null(strstr(output.text, "older_unknown"));
	close_view(&pgmap_view_json, view, &output);
}

static void test_what_could_not_be_found_is_told(void **state)
{
	struct pgmap_model *model = *state;
	struct output output;
	struct pgmap_view *view;

	view = report(&pgmap_view_json, model, "no rights", &output);
	assert_non_null(strstr(output.text, "\"older_unknown\":\"no rights\""));
	close_view(&pgmap_view_json, view, &output);
	view = report(&pgmap_view_table, model, "no rights", &output);
	assert_non_null(strstr(output.text, "\nolder: unknown, "));
	close_view(&pgmap_view_table, view, &output);
	view = report(&pgmap_view_table, model, NULL, &output);
	assert_null(strstr(output.text, "older"));
	close_view(&pgmap_view_table, view, &output);
}

/* ---- the list ---- */

static struct pgmap_listed rows[] = {
	{
		.pgmap = 0xffff888012345678, .type = PGMAP_TYPE_PCI_P2PDMA,
		.state = PGMAP_STATE_LIVE, .driver = "a_long_driver", .device = "0000:00:1f.7",
		.pages = 131072, .nr_range = 2, .nr_known = 2,
		.ranges = { { 0xffff000000000, 0xffff01fffffff }, { 0x1000, 0x1fff } },
	}, {
		.pgmap = 0xffffffffa0002600, .type = PGMAP_TYPE_PRIVATE,
		.state = PGMAP_STATE_KILLED, .pages = 1, .refs_known = true, .refs = 3,
		.nr_range = 1, .nr_known = 1, .ranges = { { 0x1000, 0x1fff } },
	},
};

static void show_list(const struct pgmap_view_ops *ops, size_t nr, struct output *output)
{
	const struct pgmap_listing listing = { .time_ns = 5, .all = rows, .nr = nr };
	struct pgmap_view *view = open_view(ops, output);

	ops->listing(view, &listing);
	fflush(output->file);
	ops->free(view);
}

static void test_the_list_fits_120_columns(void **state)
{
	struct output output;
	char *line, *rest;

	(void)state;
	show_list(&pgmap_view_table, 2, &output);
	assert_non_null(strstr(output.text, " percpu LIVE\n"));
	assert_non_null(strstr(output.text, " 3 KILLED\n"));
	assert_non_null(strstr(output.text, " PRIVATE    -              -  "));
	for (line = output.text; *line; line = rest) {
		rest = strchr(line, '\n') + 1;
		assert_in_range(rest - line, 1, 121);
	}
	fclose(output.file);
	free(output.text);
	show_list(&pgmap_view_table, 0, &output);
	assert_string_equal(output.text, "no pagemap\n");
	fclose(output.file);
	free(output.text);
}

static void test_the_list_as_json_has_a_line_for_each(void **state)
{
	static const char *const keys[] = {
		"schema", "kind", "time_ns", "pgmap", "type", "driver", "device", "state",
		"nr_range", "ranges", "pages", "refs",
	};
	struct json_object *line, *value;
	struct output output;
	size_t i;

	(void)state;
	show_list(&pgmap_view_json, 2, &output);
	line = json_tokener_parse(output.text);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		assert_true(json_object_object_get_ex(line, keys[i], &value));
	assert_null(value);	/* refs, while each CPU counts */
	json_object_put(line);
	line = json_tokener_parse(strchr(output.text, '\n') + 1);
	assert_true(json_object_object_get_ex(line, "refs", &value));
	assert_int_equal(json_object_get_int(value), 3);
	json_object_put(line);
	fclose(output.file);
	free(output.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(test_it_lives_on_without_a_finding),
		model_test(test_a_new_one_over_it_is_an_overlap),
		model_test(test_one_found_while_being_added_is_no_older_one),
		model_test(test_one_added_after_it_was_found_is_another),
		model_test(test_json_says_since_when),
		model_test(test_what_could_not_be_found_is_told),
		cmocka_unit_test(test_the_list_fits_120_columns),
		cmocka_unit_test(test_the_list_as_json_has_a_line_for_each),
	};

	return PGMAP_RUN_TESTS(tests);
}
