// SPDX-License-Identifier: GPL-2.0-only
/* What is written is read back to the last count; what is damaged is refused in one line. */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "saved/saved.h"
#include "summaries.h"
#include "view/view.h"

static char why[PGMAP_SAVED_WHY_LEN];

/* As --save writes it; the caller's. */
static char *text_of(const struct pgmap_summary *summary)
{
	struct pgmap_view_options options = { .timestamps = true };
	struct pgmap_view *view;
	char *text = NULL;
	size_t size;

	options.out = open_memstream(&text, &size);
	assert_non_null(options.out);
	assert_int_equal(pgmap_view_json.open(&view, &options), 0);
	pgmap_view_json.latencies(view, summary);
	pgmap_view_json.free(view);
	fclose(options.out);
	return text;
}

static int parse(const char *text, struct pgmap_summary *summary)
{
	why[0] = 0;
	return pgmap_saved_parse(text, strlen(text), summary, why);
}

static void assert_same_metric(const struct pgmap_metric *a, const struct pgmap_metric *b)
{
	__u32 i;

	assert_true(a->max_ns == b->max_ns);
	assert_true(a->unended == b->unended && a->unstarted == b->unstarted);
	assert_int_equal(a->values.nr, b->values.nr);
	for (i = 0; i < a->values.nr; i++) {
		assert_int_equal(a->values.buckets[i].bucket, b->values.buckets[i].bucket);
		assert_true(a->values.buckets[i].count == b->values.buckets[i].count);
		assert_true(a->values.buckets[i].sum_ns == b->values.buckets[i].sum_ns);
	}
}

static void assert_same_group(enum pgmap_by by, const struct pgmap_group *a,
			      const struct pgmap_group *b)
{
	int id;

	assert_true(pgmap_group_is_like(by, a, b));
	assert_int_equal(a->ordinal, b->ordinal);
	if (by == PGMAP_BY_PGMAP) {
		assert_true(a->pgmap == b->pgmap);
		assert_int_equal(a->generation, b->generation);
	}
	if (!pgmap_by_needs_groups(by)) {
		assert_int_equal(a->partial, b->partial);
		assert_true(a->pagemaps == b->pagemaps);
		assert_true(a->failed_adds == b->failed_adds);
		assert_true(a->fault_errors == b->fault_errors);
	}
	for (id = 0; id < PGMAP_NR_METRICS; id++)
		assert_same_metric(&a->metrics[id], &b->metrics[id]);
}

static void assert_reads_back(const struct pgmap_summary *summary)
{
	struct pgmap_summary again;
	char *text = text_of(summary);
	size_t i;

	if (parse(text, &again))
		fail_msg("%s", why);
	assert_int_equal(again.by, summary->by);
	assert_string_equal(again.origin.tool, summary->origin.tool);
	assert_string_equal(again.origin.kernel, summary->origin.kernel);
	assert_string_equal(again.origin.arch, summary->origin.arch);
	assert_string_equal(again.origin.backend, summary->origin.backend);
	assert_true(again.origin.cpus == summary->origin.cpus);
	assert_true(again.time_ns == summary->time_ns);
	assert_true(again.duration_ns == summary->duration_ns);
	assert_int_equal(again.unseen, summary->unseen);
	assert_int_equal(again.incomplete, summary->incomplete);
	assert_memory_equal(again.losses, summary->losses, sizeof(again.losses));
	assert_int_equal(again.nr, summary->nr);
	for (i = 0; i < again.nr; i++)
		assert_same_group(summary->by, &summary->groups[i], &again.groups[i]);
	pgmap_summary_free(&again);
	free(text);
}

/* Two pagemaps with all there is. */
static struct pgmap_summary full(enum pgmap_by by)
{
	const struct pgmap_hist_sum many = { .count = 1ULL << 55, .sum_ns = ~0ULL };
	struct pgmap_summary summary = summary_by(by);
	struct pgmap_group *group;

	summary.incomplete = true;
	summary.losses[PGMAP_LOSS_RINGBUF] = 17;
	group = group_in(&summary, "gpu");
	strcpy(group->device, "0000:00:1f.7");
	spread(faults_of(group), 100, 1000000, 5000);
	pgmap_latency_set(&faults_of(group)->values, PGMAP_HIST_BUCKETS - 1, &many);
	faults_of(group)->max_ns = ~0ULL >> 1;
	if (!pgmap_by_needs_groups(by)) {
		spread(&group->metrics[PGMAP_METRIC_SETUP], 7000, 7000, 1);
		group->metrics[PGMAP_METRIC_DRAIN].unended = 3;
		group->metrics[PGMAP_METRIC_RELEASE].unstarted = 4;
		group->partial = true;
		group->failed_adds = 5;
		group->fault_errors = 6;
	}
	group = group_in(&summary, by == PGMAP_BY_PGMAP ? "gpu" : "other \"\\ \x01 driver");
	group->type = PGMAP_TYPE_FS_DAX;
	group->node = 3;
	group->cpu = 1;
	group->phase = PGMAP_PHASE_COPY;
	memset(group->comm, 'x', sizeof(group->comm));	/* as long as can be: no zero */
	pgmap_summary_number(&summary);
	return summary;
}

static void test_each_kind_reads_back_exactly(void **state)
{
	int by;

	(void)state;
	for (by = PGMAP_BY_NONE + 1; by < PGMAP_NR_BYS; by++) {
		struct pgmap_summary summary = full(by);

		assert_reads_back(&summary);
		pgmap_summary_free(&summary);
	}
}

static void test_what_was_not_shown_reads_back_as_unknown(void **state)
{
	struct pgmap_summary summary = full(PGMAP_BY_PGMAP);

	(void)state;
	summary.unseen = PGMAP_SIGHT_DRAINED | PGMAP_SIGHT_ENTER;
	summary.groups[0].metrics[PGMAP_METRIC_DRAIN].unended = 0;
	summary.groups[0].metrics[PGMAP_METRIC_RELEASE].unstarted = 0;
	assert_reads_back(&summary);
	pgmap_summary_free(&summary);
}

static void test_an_empty_result_reads_back(void **state)
{
	struct pgmap_summary summary = summary_by(PGMAP_BY_TYPE);

	(void)state;
	assert_reads_back(&summary);
}

static void test_every_truncation_is_refused(void **state)
{
	struct pgmap_summary summary = full(PGMAP_BY_PGMAP), again;
	char *text;
	size_t i, size;

	(void)state;
	/* fewer buckets: each length is tried */
	pgmap_latency_free(&faults_of(&summary.groups[0])->values);
	spread(faults_of(&summary.groups[0]), 1000, 2000, 20);
	text = text_of(&summary);
	size = strlen(text) - 1;	/* the last one ends the line only */
	for (i = 0; i < size; i++) {
		/* where ASan sees a step too far */
		char *part = malloc(i ? i : 1);

		memcpy(part, text, i);
		why[0] = 0;
		if (!pgmap_saved_parse(part, i, &again, why) || !why[0] || strchr(why, '\n'))
			fail_msg("%zu bytes of %zu: \"%s\"", i, size, why);
		pgmap_summary_free(&again);
		free(part);
	}
	free(text);
	pgmap_summary_free(&summary);
}

static void test_noise_is_survived(void **state)
{
	struct pgmap_summary summary = full(PGMAP_BY_PGMAP), again;
	char *text = text_of(&summary);
	size_t size = strlen(text), i;
	__u64 seed = 3;

	(void)state;
	for (i = 0; i < 3000; i++) {
		char *part = malloc(size);
		int changes;

		memcpy(part, text, size);
		for (changes = 0; changes < 3; changes++) {
			seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
			part[(seed >> 33) % size] = seed >> 25;
		}
		/* most are refused, some change only a number: none may do harm */
		pgmap_saved_parse(part, size, &again, why);
		pgmap_summary_free(&again);
		free(part);
	}
	free(text);
	pgmap_summary_free(&summary);
}

/* A good one with the first @old replaced by @new: what is said of it. */
static const char *said_of(const char *old, const char *new)
{
	struct pgmap_summary summary = summary_by(PGMAP_BY_PGMAP), again;
	char *text, *changed, *at;

	spread(faults_of(group_in(&summary, "gpu")), 1000, 1000, 5);
	text = text_of(&summary);
	at = strstr(text, old);
	if (!at)
		fail_msg("no %s in %s", old, text);
	*at = 0;
	assert_true(asprintf(&changed, "%s%s%s", text, new, at + strlen(old)) > 0);
	if (!parse(changed, &again))
		fail_msg("taken: %s for %s", new, old);
	pgmap_summary_free(&again);
	pgmap_summary_free(&summary);
	free(changed);
	free(text);
	return why;
}

static void test_what_cannot_be_is_refused(void **state)
{
	(void)state;
	assert_non_null(strstr(said_of("pgmapstat/1", "pgmapstat/2"), "schema is \"pgmapstat/2\""));
	assert_non_null(strstr(said_of("\"latency\"", "\"report\""), "kind \"report\""));
	assert_non_null(strstr(said_of("\"sub_buckets\":32", "\"sub_buckets\":64"), "buckets are"));
	assert_non_null(strstr(said_of("\"by\":\"pgmap\"", "\"by\":\"moon\""), "\"moon\""));
	assert_non_null(strstr(said_of("\"count\":5", "\"count\":6"), "\"count\" is 6, but 5"));
	assert_non_null(strstr(said_of(",5]]", ",-5]]"), "no possible number"));
	assert_non_null(strstr(said_of(",5]]", ",5],[7,0]]"), "out of order"));
	assert_non_null(strstr(said_of(",5]]", ",5],[1920,0]]"), "no possible number"));
	assert_non_null(strstr(said_of(",5]]", ",5],7]"), "no pair"));
	assert_non_null(strstr(said_of("\"PRIVATE\"", "\"RAM\""), "no such type"));
	assert_non_null(strstr(said_of("\"pgmap\":\"0x", "\"pgmap\":\"x0"), "no address"));
	assert_non_null(strstr(said_of("\"max_ns\":1000", "\"max_ns\":1e3"), "\"max_ns\""));
	assert_non_null(strstr(said_of("\"driver\":\"gpu\"", "\"driver\":7"), "\"driver\""));
	assert_non_null(strstr(said_of("\"gpu\"", "\"a driver with a name longer than can be\""),
			       "no possible text"));
	assert_non_null(strstr(said_of("\"gpu\"", "\"g\\u0000u\""), "no possible text"));
	assert_non_null(strstr(said_of("\"metrics\":{", "\"metrics\":{},\"m\":{"), "\"fault\""));
	assert_non_null(strstr(said_of("}]}\n", "}]} {}\n"), "more in it"));
	assert_non_null(strstr(said_of("\"groups\":[", "\"groups\":[7,"), "no object"));
}

static void test_what_is_no_result_is_refused(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} wrong[] = {
		{ "", "empty" }, { "\t\n", "empty" }, { "{", "ends in the middle" },
		{ "[]", "no JSON object" }, { "null\n", "no JSON object" },
		{ "PK\3\4", "not JSON" },
		{ "{}", "\"schema\"" }, { "{\"schema\":\"pgmapstat/1\"}", "\"kind\"" },
	};
	struct pgmap_summary again;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (!parse(wrong[i].text, &again) || !strstr(why, wrong[i].says))
			fail_msg("\"%s\": \"%s\"", wrong[i].text, why);
		pgmap_summary_free(&again);
	}
}

/* As files are that were written before sums were kept. */
static void test_without_sums_the_mean_is_of_the_middles(void **state)
{
	struct pgmap_summary summary = summary_by(PGMAP_BY_PGMAP), again;
	struct pgmap_metric *metric = faults_of(group_in(&summary, "gpu"));
	char *text, *sums;

	(void)state;
	spread(metric, 1024, 1030, 6);
	text = text_of(&summary);
	sums = strstr(text, "\"sums_ns\"");
	assert_non_null(sums);
	memcpy(sums, "\"sums_xx\"", 9);
	assert_int_equal(parse(text, &again), 0);
	assert_int_equal(pgmap_metric_stats(metric).mean_ns, 1027);
	assert_int_equal(pgmap_metric_stats(faults_of(&again.groups[0])).mean_ns, 1029);
	pgmap_summary_free(&again);
	pgmap_summary_free(&summary);
	free(text);
}

static void test_sums_of_other_buckets_are_refused(void **state)
{
	(void)state;
	assert_non_null(strstr(said_of("\"sums_ns\":[", "\"sums_ns\":[1,"), "sums are not"));
	assert_non_null(strstr(said_of("\"sums_ns\":[", "\"sums_ns\":[\"x\"],\"y\":["), "sums"));
}

static void test_files_are_read_whole(void **state)
{
	struct pgmap_summary summary = full(PGMAP_BY_PGMAP), again;
	char path[] = "/tmp/test_saved.XXXXXX", *text;
	int fd = mkstemp(path), i;
	FILE *file;

	(void)state;
	assert_true(fd >= 0);
	/* longer than what is read at once */
	for (i = 0; i < 60; i++)
		spread(faults_of(group_in(&summary, "gpu")), 100, 1000000, 5000);
	text = text_of(&summary);
	assert_true(strlen(text) > 100000);
	file = fdopen(fd, "w");
	assert_true(fputs(text, file) >= 0);
	fclose(file);
	assert_int_equal(pgmap_saved_read(path, &again, why), 0);
	assert_int_equal(again.nr, 62);
	pgmap_summary_free(&again);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(pgmap_saved_read(path, &again, why), -ENOENT);
	assert_string_equal(why, "No such file or directory");
	assert_int_not_equal(pgmap_saved_read("/tmp", &again, why), 0);
	pgmap_summary_free(&again);
	pgmap_summary_free(&summary);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_kind_reads_back_exactly),
		cmocka_unit_test(test_what_was_not_shown_reads_back_as_unknown),
		cmocka_unit_test(test_an_empty_result_reads_back),
		cmocka_unit_test(test_every_truncation_is_refused),
		cmocka_unit_test(test_noise_is_survived),
		cmocka_unit_test(test_what_cannot_be_is_refused),
		cmocka_unit_test(test_what_is_no_result_is_refused),
		cmocka_unit_test(test_without_sums_the_mean_is_of_the_middles),
		cmocka_unit_test(test_sums_of_other_buckets_are_refused),
		cmocka_unit_test(test_files_are_read_whole),
	};

	return PGMAP_RUN_TESTS(tests);
}
