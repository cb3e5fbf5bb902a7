// SPDX-License-Identifier: GPL-2.0-only
/* Latencies as text, CSV and JSON, and a comparison: what is in them, and that they agree. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

#include "summaries.h"
#include "view/latency.h"

/* The text of @summary in @ops; the caller's. */
static char *shown(const struct pgmap_view_ops *ops, const struct pgmap_summary *summary)
{
	struct pgmap_view_options options = { 0 };
	struct pgmap_view *view;
	char *text = NULL;
	size_t size;

	options.out = open_memstream(&text, &size);
	assert_non_null(options.out);
	assert_int_equal(ops->open(&view, &options), 0);
	ops->latencies(view, summary);
	ops->free(view);
	fclose(options.out);
	return text;
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

static size_t count_lines(const char *all, const char *with)
{
	size_t nr = 0;

	for (all = strstr(all, with); all; all = strstr(all + strlen(with), with))
		nr++;
	return nr;
}

static void test_text_has_who_numbers_bars_and_losses(void **state)
{
	struct pgmap_summary summary = summary_by(PGMAP_BY_PGMAP);
	struct pgmap_group *group = group_in(&summary, "gpu");
	char *text;

	(void)state;
	strcpy(group->device, "0000:00:1f.7");
	spread(faults_of(group), 1000, 2000, 1000);
	group->metrics[PGMAP_METRIC_DRAIN].unended = 7;
	group->failed_adds = 2;
	summary.losses[PGMAP_LOSS_RINGBUF] = 17;
	text = shown(&pgmap_view_table, &summary);
	assert_non_null(strstr(text, "generation 1, PRIVATE, driver gpu, device 0000:00:1f.7"));
	assert_non_null(strstr(text, "  fault       1000     500/s   1.50us"));
	assert_non_null(strstr(text, "  fault:\n"));
	assert_non_null(strstr(text, "# p50\n"));
	assert_non_null(strstr(text, "  2 adds failed"));
	assert_non_null(strstr(text, "lost:  17 ring_buffer_full"));
	assert_null(strstr(text, "  setup"));
	assert_true(longest_line(text) <= 120);
	free(text);
	pgmap_summary_free(&summary);
}

static void test_text_without_anything_says_so(void **state)
{
	struct pgmap_summary summary = summary_by(PGMAP_BY_PGMAP);
	char *text;

	(void)state;
	text = shown(&pgmap_view_table, &summary);
	assert_non_null(strstr(text, "nothing was measured"));
	free(text);
	group_in(&summary, "idle");
	text = shown(&pgmap_view_table, &summary);
	assert_non_null(strstr(text, "nothing was measured"));
	assert_non_null(strstr(text, "driver idle"));
	free(text);
	pgmap_summary_free(&summary);
}

static void test_text_has_bars_for_the_largest_groups_only(void **state)
{
	struct pgmap_summary summary = summary_by(PGMAP_BY_PGMAP);
	char *text;
	int i;

	(void)state;
	for (i = 0; i < 12; i++)
		spread(faults_of(group_in(&summary, "gpu")), 1000, 2000, 100 + i % 2);
	text = shown(&pgmap_view_table, &summary);
	assert_int_equal(count_lines(text, "  fault:\n"), 8);
	assert_int_equal(count_lines(text, "  fault     "), 12);
	assert_non_null(strstr(text, "bars: of the 8 with the most values"));
	free(text);
	pgmap_summary_free(&summary);
}

/* The sum of all counts in the rows of bars, and how many rows. */
static __u64 sum_of_bars(const struct pgmap_metric *metric, size_t *rows)
{
	char *text = NULL, *line;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	__u64 sum = 0;

	assert_non_null(out);
	pgmap_bars(out, metric);
	fclose(out);
	*rows = 0;
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		/* columns: from - to count */
		if (!strstr(line, " - "))
			continue;
		sum += strtoull(line + 22, NULL, 10);
		(*rows)++;
		assert_true(strchr(line, '#') || strchr(line, '.'));
	}
	free(text);
	return sum;
}

static void test_bars_show_each_value_in_one_row(void **state)
{
	struct pgmap_metric narrow = { 0 }, wide = { 0 }, outlier = { 0 }, ends = { 0 };
	size_t rows;

	(void)state;
	spread(&narrow, 5000, 5100, 1000);
	assert_int_equal(sum_of_bars(&narrow, &rows), 1000);
	spread(&wide, 1, 1000000000, 50000);
	assert_int_equal(sum_of_bars(&wide, &rows), 50000);
	assert_true(rows < 40);
	/* one slow fault does not take the others their resolution */
	spread(&outlier, 5000, 6000, 1000);
	spread(&outlier, 50000000, 50000000, 1);
	assert_int_equal(sum_of_bars(&outlier, &rows), 1001);
	assert_true(rows > 8);
	spread(&ends, 0, 0, 1);
	spread(&ends, 1000000000000, 1000000000000, 1);
	assert_int_equal(sum_of_bars(&ends, &rows), 2);
	assert_int_equal(rows, 2);
	pgmap_latency_free(&narrow.values);
	pgmap_latency_free(&wide.values);
	pgmap_latency_free(&outlier.values);
	pgmap_latency_free(&ends.values);
}

static void test_csv_has_a_row_of_each_metric(void **state)
{
	static const char row[] =
		",1,\"PRIVATE\",\"a \"\"b\"\",c\",\"\",,\"\",,\"\",fault,4,2.000,";
	struct pgmap_summary summary = summary_by(PGMAP_BY_PGMAP);
	char *text;

	(void)state;
	spread(faults_of(group_in(&summary, "a \"b\",c")), 999, 999, 4);
	faults_of(&summary.groups[0])->unended = 3;
	text = shown(&pgmap_view_csv, &summary);
	assert_int_equal(count_lines(text, "\n"), 1 + PGMAP_NR_METRICS);
	assert_non_null(strstr(text, "pgmap,generation,type,driver,device,node,comm,cpu,phase,"));
	assert_non_null(strstr(text, "\n0xffff888000000040,1,"));
	assert_non_null(strstr(text, row));
	assert_non_null(strstr(text, ",999,999,999,999,999,999,3,0\n"));
	free(text);
	pgmap_summary_free(&summary);
}

static void test_csv_by_cpu_knows_no_pairs(void **state)
{
	struct pgmap_summary summary = summary_by(PGMAP_BY_CPU);
	char *text;

	(void)state;
	spread(faults_of(group_in(&summary, "gpu")), 1000, 1000, 4);
	summary.groups[0].cpu = 5;
	text = shown(&pgmap_view_csv, &summary);
	assert_int_equal(count_lines(text, "\n"), 2);
	assert_non_null(strstr(text, "\n,,\"\",\"\",\"\",,\"\",5,\"\",fault,4,"));
	assert_non_null(strstr(text, ",1000,,\n"));
	free(text);
	pgmap_summary_free(&summary);
}

static json_object *key(json_object *of, const char *name)
{
	json_object *value;

	if (!json_object_object_get_ex(of, name, &value))
		fail_msg("no key %s", name);
	return value;
}

static void test_json_has_the_numbers_of_csv(void **state)
{
	static const char *const keys[] = { "count", "rate", "mean_ns", "p50_ns", "p90_ns",
					    "p99_ns", "p999_ns", "max_ns", "unended", "unstarted" };
	struct pgmap_summary summary = summary_by(PGMAP_BY_DRIVER);
	char *csv, *text, *rest;
	json_object *line, *fault;
	size_t i;

	(void)state;
	spread(faults_of(group_in(&summary, "gpu")), 1000, 90000, 3000);
	faults_of(&summary.groups[0])->unstarted = 9;
	csv = shown(&pgmap_view_csv, &summary);
	text = shown(&pgmap_view_json, &summary);
	line = json_tokener_parse(text);
	assert_non_null(line);
	fault = key(key(json_object_array_get_idx(key(line, "groups"), 0), "metrics"), "fault");
	rest = strstr(csv, ",fault,") + strlen(",fault,");
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		double in_csv = strtod(rest, &rest);

		assert_true(in_csv == json_object_get_double(key(fault, keys[i])));
		rest++;
	}
	assert_int_equal(json_object_get_int(key(line, "cpus")), 2);
	json_object_put(line);
	free(text);
	free(csv);
	pgmap_summary_free(&summary);
}

static void test_a_comparison_as_text_and_json(void **state)
{
	const struct pgmap_compare_options options = { 100, 200, 20, false };
	struct pgmap_summary base = summary_by(PGMAP_BY_PGMAP), fresh = summary_by(PGMAP_BY_PGMAP);
	struct pgmap_runs before = { &base, 1 }, after = { &fresh, 1 };
	struct pgmap_comparisons comparisons = { 0 };
	struct pgmap_diff diff = { &before, &after, &options, &comparisons, true };
	struct pgmap_view_options show = { 0 };
	const struct pgmap_view_ops *all[] = { &pgmap_view_table, &pgmap_view_json };
	char *texts[2] = { 0 };
	struct pgmap_view *view;
	json_object *line;
	size_t size;
	int i;

	(void)state;
	spread(faults_of(group_in(&base, "gpu")), 5000, 6000, 500);
	spread(faults_of(group_in(&fresh, "gpu")), 7000, 8000, 500);
	assert_int_equal(pgmap_compare(&comparisons, &before, &after, &options), 0);
	for (i = 0; i < 2; i++) {
		show.out = open_memstream(&texts[i], &size);
		assert_int_equal(all[i]->open(&view, &show), 0);
		all[i]->diff(view, &diff);
		all[i]->free(view);
		fclose(show.out);
	}
	assert_non_null(strstr(texts[0], "PRIVATE, driver gpu, device -, #1"));
	assert_non_null(strstr(texts[0], "slower\n"));
	assert_true(longest_line(texts[0]) <= 120);
	line = json_tokener_parse(texts[1]);
	assert_int_equal(json_object_get_int(key(key(line, "changes"), "slower")), 1);
	json_object_put(line);
	free(texts[0]);
	free(texts[1]);
	pgmap_comparisons_free(&comparisons);
	pgmap_summary_free(&base);
	pgmap_summary_free(&fresh);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_has_who_numbers_bars_and_losses),
		cmocka_unit_test(test_text_without_anything_says_so),
		cmocka_unit_test(test_text_has_bars_for_the_largest_groups_only),
		cmocka_unit_test(test_bars_show_each_value_in_one_row),
		cmocka_unit_test(test_csv_has_a_row_of_each_metric),
		cmocka_unit_test(test_csv_by_cpu_knows_no_pairs),
		cmocka_unit_test(test_json_has_the_numbers_of_csv),
		cmocka_unit_test(test_a_comparison_as_text_and_json),
	};

	return PGMAP_RUN_TESTS(tests);
}
