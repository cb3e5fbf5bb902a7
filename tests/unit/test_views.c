// SPDX-License-Identifier: GPL-2.0-only
/* What the views write: JSON parses and has its keys, the table fits its width. */
#include <json-c/json.h>
#include <stdlib.h>

#include "core/snapshot.h"
#include "events.h"
#include "view/units.h"
#include "view/view.h"

struct output {
	char *text;
	size_t size;
	FILE *file;
};

static struct pgmap_view *open_view(const struct pgmap_view_ops *ops, struct output *output)
{
	struct pgmap_view_options options = { .announce = true, .timestamps = true };
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

/* A life with everything in it: several ranges, faults, a finding. */
static void live(struct pgmap_model *model)
{
	struct pgmap_event ev = add_of(A, 100, 0x3ffff00000, 65536);

	ev.pgmap = 0xffff888012345678;
	ev.u.add.nr_range = 2;
	ev.u.add.nr_here = 2;
	ev.u.add.ranges[1] = (struct pgmap_range){ 0x1000, 0x1fff };
	strcpy(ev.u.add.driver, "a_long_driver");
	strcpy(ev.u.add.device, "0000:00:1f.7");
	feed(model, ev);
	ev = event_of(PGMAP_EVENT_PAGE_ALLOC, 0xffff888012345678, 110);
	ev.u.page.pages = 1;
	feed(model, ev);
	step(model, PGMAP_EVENT_DRAINED, 0xffff888012345678, 120);
}

static json_object *only_line(struct output *output)
{
	json_object *line;

	fflush(output->file);
	assert_non_null(output->text);
	assert_ptr_equal(strchr(output->text, '\n'), output->text + output->size - 1);
	line = json_tokener_parse(output->text);
	assert_non_null(line);
	return line;
}

static json_object *key(json_object *of, const char *name)
{
	json_object *value;

	if (!json_object_object_get_ex(of, name, &value))
		fail_msg("no key %s", name);
	return value;
}

static const char *text(json_object *of, const char *name)
{
	return json_object_get_string(key(of, name));
}

static void test_json_report_has_all_keys(void **state)
{
	static const char *const row_keys[] = {
		"pgmap", "generation", "type", "driver", "device", "state", "partial", "since",
		"replaced", "error", "node", "nr_range", "ranges", "pages", "outstanding",
		"allocs", "frees", "fault_enters", "faults", "fault_errors", "fault_p50_ns",
		"fault_p99_ns", "fault_max_ns", "setup_ns", "teardown_ns", "killed_for_ns",
	};
	struct pgmap_model *model = *state;
	struct pgmap_snapshot snapshot = { 0 };
	struct output output = { 0 };
	struct pgmap_view *view = open_view(&pgmap_view_json, &output);
	json_object *line, *row;
	size_t i;

	live(model);
	pgmap_model_sent(model, PGMAP_EVENT_DRAINED, 3);
	pgmap_snapshot_take(&snapshot, model, 200, 100, true);
	pgmap_view_json.report(view, &snapshot);
	line = only_line(&output);
	assert_string_equal(text(line, "schema"), "pgmapstat/1");
	assert_string_equal(text(line, "kind"), "report");
	assert_string_equal(text(line, "verdict"), "violated");
	assert_string_equal(text(line, "time"), "1970-01-01T00:00:00.000000Z");
	assert_int_equal(json_object_get_int(key(key(line, "rules"), "DRAINED_UNEXPECTED")), 1);
	assert_int_equal(json_object_get_int(key(key(line, "lost"), "ring_buffer_full")), 0);
	assert_int_equal(json_object_get_int(key(key(line, "records"), "pgmap_drained")), 3);
	assert_int_equal(json_object_get_int(key(key(line, "records"), "pgmap_page_free")), 0);
	key(key(line, "totals"), "states");
	row = json_object_array_get_idx(key(line, "pagemaps"), 0);
	for (i = 0; i < sizeof(row_keys) / sizeof(row_keys[0]); i++)
		key(row, row_keys[i]);
	assert_string_equal(text(row, "pgmap"), "0xffff888012345678");
	assert_int_equal(json_object_array_length(key(row, "ranges")), 2);
	json_object_put(line);
	pgmap_snapshot_free(&snapshot);
	close_view(&pgmap_view_json, view, &output);
}

static void test_json_interval_has_rates_of_the_interval(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_snapshot snapshot = { 0 };
	struct output output = { 0 };
	struct pgmap_view *view = open_view(&pgmap_view_json, &output);
	json_object *line, *interval;

	live(model);
	pgmap_snapshot_take(&snapshot, model, 200, 100, false);
	pgmap_view_json.snapshot(view, &snapshot);
	line = only_line(&output);
	assert_string_equal(text(line, "kind"), "interval");
	assert_int_equal(json_object_get_int(key(line, "interval_ns")), 100);
	interval = key(json_object_array_get_idx(key(line, "pagemaps"), 0), "interval");
	assert_int_equal(json_object_get_int(key(interval, "allocs")), 1);
	key(interval, "fault_p99_ns");
	json_object_put(line);
	pgmap_snapshot_free(&snapshot);
	close_view(&pgmap_view_json, view, &output);
}

static void test_json_finding_tells_what_led_to_it(void **state)
{
	struct pgmap_model *model = *state;
	struct output output = { 0 };
	struct pgmap_view *view = open_view(&pgmap_view_json, &output);
	json_object *line, *events;

	live(model);
	pgmap_view_json.finding(view, &model->findings.all[0], PGMAP_SEVERITY_ERROR);
	line = only_line(&output);
	assert_string_equal(text(line, "kind"), "finding");
	assert_string_equal(text(line, "rule"), "DRAINED_UNEXPECTED");
	assert_string_equal(text(line, "severity"), "ERROR");
	assert_string_equal(text(line, "comm"), "test");
	assert_int_equal(json_object_get_int(key(line, "pid")), TID);
	events = key(line, "events");
	assert_int_equal(json_object_array_length(events), 2);
	assert_string_equal(text(json_object_array_get_idx(events, 0), "event"), "pgmap_add");
	assert_string_equal(text(json_object_array_get_idx(events, 1), "event"), "pgmap_drained");
	json_object_put(line);
	close_view(&pgmap_view_json, view, &output);
}

static void test_json_events_of_every_kind_parse(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev;
	int id;

	for (id = PGMAP_EVENT_NONE + 1; id < PGMAP_NR_EVENTS; id++) {
		struct output output = { 0 };
		struct pgmap_view *view = open_view(&pgmap_view_json, &output);
		struct pgmap_row row;
		json_object *line;
		bool known;

		ev = event_of(id, A, 100 + id);
		ev.flags = PGMAP_FLAG_COUNTS * (id == PGMAP_EVENT_KILL);
		feed(model, ev);
		known = pgmap_snapshot_row(&row, model, &ev);
		pgmap_view_json.event(view, &ev, known && id % 2 ? &row : NULL);
		line = only_line(&output);
		assert_string_equal(text(line, "kind"), "event");
		assert_memory_equal(text(line, "event"), "pgmap_", 6);
		assert_string_equal(text(line, "pgmap"), "0x1000");
		json_object_put(line);
		close_view(&pgmap_view_json, view, &output);
	}
}

static size_t longest_line(const char *all)
{
	size_t longest = 0, here;

	for (; *all; all += here + (all[here] == '\n')) {
		here = strcspn(all, "\n");
		if (here > longest)
			longest = here;
	}
	return longest;
}

static void test_table_fits_120_columns(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_snapshot snapshot = { 0 };
	struct output output = { 0 };
	struct pgmap_view *view = open_view(&pgmap_view_table, &output);
	struct pgmap_counts large = { 1ULL << 60, 1ULL << 62, 1ULL << 59, 1, 1ULL << 58,
				      1ULL << 58, 1ULL << 57, 999999999999 };

	live(model);
	pgmap_model_counts(model, 0xffff888012345678, 1, &large);
	pgmap_snapshot_take(&snapshot, model, 200, 1000000000, false);
	pgmap_view_table.snapshot(view, &snapshot);
	fflush(output.file);
	assert_non_null(strstr(output.text, "0xffff888012345678"));
	assert_non_null(strstr(output.text, "DRAINED"));
	assert_non_null(strstr(output.text, "lost:  nothing"));
	assert_true(longest_line(output.text) <= 120);
	pgmap_snapshot_free(&snapshot);
	close_view(&pgmap_view_table, view, &output);
}

static void test_a_table_tells_how_many_it_leaves_out(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_snapshot snapshot = { .max_rows = 1 };
	struct output output = { 0 };
	struct pgmap_view *view = open_view(&pgmap_view_table, &output);
	__u64 i;

	live(model);
	for (i = 1; i <= 3; i++)
		add(model, i << 20, 150 + i);
	pgmap_snapshot_take(&snapshot, model, 200, 1000000000, false);
	pgmap_view_table.snapshot(view, &snapshot);
	/* without a flush: each thing is written when it is complete */
	assert_non_null(strstr(output.text, "and 3 more that are less busy"));
	assert_non_null(strstr(output.text, "total: 4 pagemaps"));
	pgmap_snapshot_free(&snapshot);
	close_view(&pgmap_view_table, view, &output);
}

static void test_table_report_ends_with_the_verdict(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_snapshot snapshot = { 0 };
	struct output output = { 0 };
	struct pgmap_view *view = open_view(&pgmap_view_table, &output);
	const char *verdict;

	live(model);
	pgmap_model_lost(model, PGMAP_LOSS_RINGBUF, 17);
	pgmap_snapshot_take(&snapshot, model, 200, 100, true);
	pgmap_view_table.report(view, &snapshot);
	fflush(output.file);
	assert_non_null(strstr(output.text, "17 ring_buffer_full"));
	assert_non_null(strstr(output.text, "WARNING DRAINED_UNEXPECTED"));
	verdict = strstr(output.text, "verdict: inconclusive");
	assert_non_null(verdict);
	assert_ptr_equal(strchr(verdict, '\n'), output.text + output.size - 1);
	pgmap_snapshot_free(&snapshot);
	close_view(&pgmap_view_table, view, &output);
}

static void test_units(void **state)
{
	(void)state;
	assert_string_equal(pgmap_unit_time(0).text, "-");
	assert_string_equal(pgmap_unit_time(999).text, "999ns");
	assert_string_equal(pgmap_unit_time(1000).text, "1.00us");
	assert_string_equal(pgmap_unit_time(999600).text, "1.00ms");
	assert_string_equal(pgmap_unit_time(12345678).text, "12.3ms");
	assert_string_equal(pgmap_unit_time(321000000000).text, "321s");
	assert_string_equal(pgmap_unit_count(-5).text, "-5");
	assert_string_equal(pgmap_unit_count(99999).text, "99999");
	assert_string_equal(pgmap_unit_count(123456).text, "123k");
	assert_string_equal(pgmap_unit_count(4560000).text, "4.56M");
	assert_string_equal(pgmap_unit_rate(0, 1000000000).text, "0");
	assert_string_equal(pgmap_unit_rate(1, 2000000000).text, "0.50");
	assert_string_equal(pgmap_unit_rate(12345, 1000000000).text, "12345");
	assert_string_equal(pgmap_unit_rate(5, 0).text, "0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(test_json_report_has_all_keys),
		model_test(test_json_interval_has_rates_of_the_interval),
		model_test(test_json_finding_tells_what_led_to_it),
		model_test(test_json_events_of_every_kind_parse),
		model_test(test_table_fits_120_columns),
		model_test(test_a_table_tells_how_many_it_leaves_out),
		model_test(test_table_report_ends_with_the_verdict),
		cmocka_unit_test(test_units),
	};

	return PGMAP_RUN_TESTS(tests);
}
