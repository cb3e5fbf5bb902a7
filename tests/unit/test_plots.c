// SPDX-License-Identifier: GPL-2.0-only
/* What plots write: names that are hostile stay text, the page is bounded, files appear whole. */
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "events.h"
#include "output.h"
#include "view/escape.h"
#include "view/plot.h"

typedef void plotter(FILE *out, const struct pgmap_plot *plot);
typedef void escaper(FILE *out, const char *text, size_t limit);

/* What @model, watched from 1000 to 900000000, looks like; the caller's. */
static char *plotted(struct pgmap_model *model, plotter *plot_it, const char *file)
{
	struct pgmap_snapshot snapshot = { 0 };
	const struct pgmap_origin origin = { .tool = "tool", .kernel = "<b>6</b>", .arch = "x" };
	struct pgmap_plot plot = {
		.timeline = model->timeline, .snapshot = &snapshot, .origin = &origin, .file = file
	};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(pgmap_timeline_finish(model->timeline, model, 1000, 900000000), 0);
	assert_int_equal(pgmap_snapshot_take(&snapshot, model, 900000000, 1, true), 0);
	plot_it(out, &plot);
	fclose(out);
	pgmap_snapshot_free(&snapshot);
	pgmap_timeline_free(model->timeline);
	return text;
}

static void hostile(struct pgmap_model *model)
{
	struct pgmap_event ev = add_of(A, 2000, A, 16);

	strcpy(ev.u.add.driver, "</svg><script>\"'\\&\x01\xff");
	strcpy(ev.u.add.device, "<!--\xe2\x80\xae\n");
	memcpy(ev.comm, "<i>\"\\\xc3\xff\x7f\x1b[2J</p>", PGMAP_COMM_LEN);
	feed(model, ev);
	ev.event = PGMAP_EVENT_FAULT_ENTER;
	ev.time_ns = 3000;
	memset(&ev.u, 0, sizeof(ev.u));
	feed(model, ev);
	ev.event = PGMAP_EVENT_FAULT_EXIT;
	ev.time_ns = 4000;
	feed(model, ev);
	ev.event = PGMAP_EVENT_DRAINED;
	ev.time_ns = 5000;
	feed(model, ev);
}

static void assert_escaped(escaper *escape, const char *text, size_t limit, const char *want)
{
	char *got = NULL;
	size_t size;
	FILE *out = open_memstream(&got, &size);

	assert_non_null(out);
	escape(out, text, limit);
	fclose(out);
	assert_string_equal(got, want);
	free(got);
}

static void test_html_is_escaped(void **state)
{
	(void)state;
	assert_escaped(pgmap_put_html, "a<b>&\"'", 99, "a&lt;b&gt;&amp;&quot;&#39;");
	assert_escaped(pgmap_put_html, "a<b>", 2, "a&lt;");
	assert_escaped(pgmap_put_html, "\t\x1b\x7f", 99,
		       "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	assert_escaped(pgmap_put_html, "\xc3\xa4\xe2\x82\xac", 99, "\xc3\xa4\xe2\x82\xac");
	/* cut, too long, a surrogate, a change of direction */
	assert_escaped(pgmap_put_html, "\xe2\x82\xac", 1, "\xef\xbf\xbd");
	assert_escaped(pgmap_put_html, "\xc0\xaf", 99, "\xef\xbf\xbd\xef\xbf\xbd");
	assert_escaped(pgmap_put_html, "\xed\xa0\x80", 99,
		       "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	assert_escaped(pgmap_put_html, "\xe2\x80\xae", 99, "\xef\xbf\xbd");
}

static void test_json_is_escaped(void **state)
{
	(void)state;
	assert_escaped(pgmap_put_json_string, "a\"\\<\n\xff", 99,
		       "\"a\\\"\\\\<\xef\xbf\xbd\xef\xbf\xbd\"");
	assert_escaped(pgmap_put_json_string, "", 99, "\"\"");
}

static void test_a_page_has_no_markup_of_names(void **state)
{
	struct pgmap_timeline timeline = { 0 };
	struct pgmap_model *model = *state;
	char *page;

	model->timeline = &timeline;
	hostile(model);
	page = plotted(model, pgmap_plot_html, "<script>alert(1)</script>");
	assert_null(strstr(page, "<script"));
	assert_null(strstr(page, "<i>"));
	assert_null(strstr(page, "<!--"));
	assert_null(strstr(page, "<b>"));
	assert_null(strpbrk(page, "\x01\x1b\x7f\xff"));
	assert_non_null(strstr(page, "&lt;/svg&gt;&lt;script&gt;&quot;&#39;\\&amp;"));
	assert_non_null(strstr(page, "<title>pgmapstat report: &lt;script&gt;alert(1)"));
	free(page);
}

static void test_a_trace_of_hostile_names_is_json(void **state)
{
	struct pgmap_timeline timeline = { 0 };
	struct pgmap_model *model = *state;
	json_object *trace, *events;
	char *text;

	model->timeline = &timeline;
	hostile(model);
	text = plotted(model, pgmap_plot_trace, "a\"b\\");
	trace = json_tokener_parse(text);
	assert_non_null(trace);
	assert_true(json_object_object_get_ex(trace, "traceEvents", &events));
	assert_true(json_object_array_length(events) > 8);
	assert_null(strpbrk(text, "\x01\x1b\x7f\xff"));
	json_object_put(trace);
	free(text);
}

static void test_a_page_of_ten_thousand_pagemaps_is_small(void **state)
{
	struct pgmap_timeline timeline = { 0 };
	struct pgmap_model *model = *state;
	__u64 i, time = 2000, ns = 1;
	char *page;

	model->timeline = &timeline;
	for (i = 0; i < 10000; i++, time += 50000, ns = ns * 31 % 40009) {
		__u64 pgmap = 0x100000 + i * 0x1000;

		feed(model, add_of(pgmap, time, 0x100000, 16));
		step(model, PGMAP_EVENT_FAULT_ENTER, pgmap, time + 1);
		step(model, PGMAP_EVENT_FAULT_EXIT, pgmap, time + 1 + ns);
		kill_drain_release(model, pgmap, time + 45000);
	}
	page = plotted(model, pgmap_plot_html, "file");
	assert_in_range(strlen(page), 100000, 2000000);
	assert_non_null(strstr(page, ">9800 more pagemaps are left out"));
	free(page);
}

static void test_an_empty_run_is_plotted(void **state)
{
	struct pgmap_timeline timeline = { 0 };
	struct pgmap_model *model = *state;
	char *page;

	model->timeline = &timeline;
	page = plotted(model, pgmap_plot_html, "file");
	assert_non_null(strstr(page, "No pagemap was seen."));
	assert_non_null(strstr(page, "No fault was seen"));
	assert_non_null(strstr(page, "verdict: clean"));
	free(page);
}

/* ---- files ---- */

struct place {
	char directory[64], path[80];
};

static struct place make_place(const char *content)
{
	struct place place = { "/tmp/pgmap-output.XXXXXX", "" };
	FILE *file;

	assert_non_null(mkdtemp(place.directory));
	snprintf(place.path, sizeof(place.path), "%s/file", place.directory);
	if (content) {
		file = fopen(place.path, "w");
		assert_non_null(file);
		fputs(content, file);
		fclose(file);
	}
	return place;
}

/* Is @content all that is there, and nothing beside it? */
static void check_place(const struct place *place, const char *content)
{
	char text[32] = "";
	FILE *file = fopen(place->path, "r");

	if (content) {
		assert_non_null(file);
		assert_int_equal(fread(text, 1, sizeof(text) - 1, file), strlen(content));
		assert_string_equal(text, content);
		fclose(file);
		unlink(place->path);
	} else {
		assert_null(file);
	}
	assert_int_equal(rmdir(place->directory), 0);
}

static void test_a_file_appears_once_it_is_whole(void **state)
{
	struct place place = make_place("old");
	struct pgmap_output output = { 0 };
	struct stat status;

	(void)state;
	chmod(place.path, 0640);
	assert_int_equal(pgmap_output_open(&output, place.path, "/dev/null"), 0);
	fputs("new", output.out);
	fflush(output.out);
	stat(place.path, &status);
	assert_int_equal(status.st_size, 3);
	assert_int_equal(pgmap_output_commit(&output), 0);
	pgmap_output_drop(&output);
	stat(place.path, &status);
	assert_int_equal(status.st_mode & 0777, 0640);
	check_place(&place, "new");
}

static void test_what_is_dropped_leaves_nothing(void **state)
{
	struct place old = make_place("old"), none = make_place(NULL);
	struct pgmap_output output = { 0 };

	(void)state;
	assert_int_equal(pgmap_output_open(&output, old.path, NULL), 0);
	fputs("new", output.out);
	pgmap_output_drop(&output);
	assert_int_equal(pgmap_output_open(&output, none.path, NULL), 0);
	pgmap_output_drop(&output);
	check_place(&old, "old");
	check_place(&none, NULL);
}

static void test_what_is_read_is_not_written(void **state)
{
	struct place place = make_place("old");
	struct pgmap_output output = { 0 };

	(void)state;
	assert_int_equal(pgmap_output_open(&output, place.path, place.path), -EEXIST);
	pgmap_output_drop(&output);
	check_place(&place, "old");
}

static void test_a_device_is_written_to_and_may_be_full(void **state)
{
	struct pgmap_output output = { 0 };
	struct stat status;

	(void)state;
	assert_int_equal(pgmap_output_open(&output, "/dev/full", NULL), 0);
	fputs("new", output.out);
	assert_int_equal(pgmap_output_commit(&output), -ENOSPC);
	pgmap_output_drop(&output);
	assert_int_equal(stat("/dev/full", &status), 0);
	assert_true(S_ISCHR(status.st_mode));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_html_is_escaped),
		cmocka_unit_test(test_json_is_escaped),
		model_test(test_a_page_has_no_markup_of_names),
		model_test(test_a_trace_of_hostile_names_is_json),
		model_test(test_a_page_of_ten_thousand_pagemaps_is_small),
		model_test(test_an_empty_run_is_plotted),
		cmocka_unit_test(test_a_file_appears_once_it_is_whole),
		cmocka_unit_test(test_what_is_dropped_leaves_nothing),
		cmocka_unit_test(test_what_is_read_is_not_written),
		cmocka_unit_test(test_a_device_is_written_to_and_may_be_full),
	};

	return PGMAP_RUN_TESTS(tests);
}
