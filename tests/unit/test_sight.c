// SPDX-License-Identifier: GPL-2.0-only
/* What a source does not show: rules that need it are off and listed, counts are unknown. */
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>

#include <pgmap/names.h>

#include "core/snapshot.h"
#include "events.h"
#include "source/source.h"
#include "view/view.h"

/* A life that ends with a page outstanding. */
static void leave_a_page(struct pgmap_model *model)
{
	add(model, A, 100);
	page(model, PGMAP_EVENT_PAGE_ALLOC, A, 105, 1);
	kill_drain_release(model, A, 110);
}

static void test_every_rule_needs_something_that_exists(void **state)
{
	int rule;

	(void)state;
	for (rule = PGMAP_RULE_NONE + 1; rule < PGMAP_NR_RULES; rule++) {
		assert_true(pgmap_rule_needs(rule));
		assert_false(pgmap_rule_needs(rule) & ~PGMAP_SIGHT_ALL);
	}
	assert_true(pgmap_rule_needs(PGMAP_RULE_REF_IMBALANCE) & PGMAP_SIGHT_ALLOC);
	assert_false(pgmap_rule_needs(PGMAP_RULE_ADD_FAILED) & PGMAP_SIGHT_ALLOC);
}

static void test_with_all_in_sight_no_rule_is_off(void **state)
{
	struct pgmap_model *model = *state;

	pgmap_model_set_sight(model, PGMAP_SIGHT_ALL);
	assert_int_equal(pgmap_model_rules_off(model), 0);
	leave_a_page(model);
	assert_only(model, PGMAP_RULE_DRAINED_OUTSTANDING, PGMAP_SEVERITY_ERROR);
}

static void test_a_rule_without_what_it_needs_is_off(void **state)
{
	struct pgmap_model *model = *state;
	__u32 off;

	pgmap_model_set_sight(model, PGMAP_SIGHT_ALL & ~PGMAP_SIGHT_ALLOC);
	off = pgmap_model_rules_off(model);
	assert_true(off & 1U << PGMAP_RULE_DRAINED_OUTSTANDING);
	assert_true(off & 1U << PGMAP_RULE_REF_IMBALANCE);
	assert_false(off & 1U << PGMAP_RULE_FREE_AFTER_RELEASE);
	leave_a_page(model);
	assert_findings(model, 0);
}

static void test_others_go_on(void **state)
{
	struct pgmap_model *model = *state;

	pgmap_model_set_sight(model, PGMAP_SIGHT_ALL & ~PGMAP_SIGHT_ALLOC);
	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 110);
	step(model, PGMAP_EVENT_KILL, A, 111);
	assert_only(model, PGMAP_RULE_DOUBLE_KILL, PGMAP_SEVERITY_ERROR);
}

static void test_what_nobody_wants_is_not_listed(void **state)
{
	struct pgmap_model *model = *state;

	pgmap_model_set_sight(model, PGMAP_SIGHT_ALL & ~PGMAP_SIGHT_PFN);
	/* all that need it need --pages as well */
	assert_int_equal(pgmap_model_rules_off(model), 0);
	model->options.pages = true;
	assert_true(pgmap_model_rules_off(model) & 1U << PGMAP_RULE_DOUBLE_FREE);
	model->options.disabled = 1U << PGMAP_RULE_DOUBLE_FREE;
	assert_false(pgmap_model_rules_off(model) & 1U << PGMAP_RULE_DOUBLE_FREE);
}

static void test_a_lent_reference_never_drains(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_event ev = event_of(PGMAP_EVENT_RELEASE, A, 120);

	ev.flags = PGMAP_FLAG_LENT_REF;
	add(model, A, 100);
	step(model, PGMAP_EVENT_KILL, A, 110);
	feed(model, ev);
	assert_findings(model, 0);
	assert_int_equal(state_of(model, A), PGMAP_STATE_RELEASED);
}

/* ---- snapshots ---- */

static struct pgmap_row row_of(struct pgmap_snapshot *snapshot, __u64 pgmap)
{
	size_t i;

	for (i = 0; i < snapshot->nr_rows; i++)
		if (snapshot->rows[i].pgmap == pgmap)
			return snapshot->rows[i];
	fail();
	return (struct pgmap_row){};
}

static void test_outstanding_of_types_that_count_themselves(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_snapshot snapshot = {};
	struct pgmap_event ev = add_of(B, 101, B, 16);
	struct pgmap_counts frees = { .frees = 3, .free_pages = 3 };
	struct pgmap_counts both = { .allocs = 5, .alloc_pages = 5, .frees = 1, .free_pages = 1 };

	add(model, A, 100);
	ev.type = PGMAP_TYPE_PCI_P2PDMA;
	feed(model, ev);
	assert_int_equal(pgmap_model_counts(model, A, 1, &both), 0);
	assert_int_equal(pgmap_model_counts(model, B, 1, &frees), 0);
	assert_int_equal(pgmap_snapshot_take(&snapshot, model, 200, 100, true), 0);
	assert_false(row_of(&snapshot, A).outstanding_unknown);
	assert_int_equal(row_of(&snapshot, A).outstanding, 4);
	assert_true(row_of(&snapshot, B).outstanding_unknown);
	assert_true(row_of(&snapshot, B).unseen & PGMAP_SIGHT_ALLOC);
	assert_false(row_of(&snapshot, B).unseen & PGMAP_SIGHT_FREE);
	/* never a number below zero because of the one that is not known */
	assert_int_equal(snapshot.totals.outstanding, 4);
	pgmap_snapshot_free(&snapshot);
}

static void test_outstanding_of_an_older_pagemap(void **state)
{
	struct pgmap_model *model = *state;
	struct pgmap_snapshot snapshot = {};

	step(model, PGMAP_EVENT_SEEN, A, 100);
	assert_int_equal(pgmap_snapshot_take(&snapshot, model, 200, 100, true), 0);
	assert_true(row_of(&snapshot, A).outstanding_unknown);
	pgmap_snapshot_free(&snapshot);
}

/* What @ops writes as the report of a source that shows no allocs. */
static char *report_without_allocs(struct pgmap_model *model, const struct pgmap_view_ops *ops)
{
	struct pgmap_view_options options = {};
	struct pgmap_snapshot snapshot = {};
	struct pgmap_view *view;
	char *text = NULL;
	size_t size;

	options.out = open_memstream(&text, &size);
	assert_non_null(options.out);
	pgmap_model_set_sight(model, PGMAP_SIGHT_ALL & ~PGMAP_SIGHT_ALLOC);
	leave_a_page(model);
	assert_int_equal(pgmap_snapshot_take(&snapshot, model, 200, 100, true), 0);
	assert_int_equal(ops->open(&view, &options), 0);
	ops->report(view, &snapshot);
	ops->free(view);
	fclose(options.out);
	pgmap_snapshot_free(&snapshot);
	assert_non_null(text);
	return text;
}

static void test_the_table_shows_a_question_mark(void **state)
{
	char *text = report_without_allocs(*state, &pgmap_view_table);

	assert_non_null(strstr(text, "; ? outstanding"));
	assert_non_null(strstr(text, "sums:  ? allocs, 0 frees"));
	assert_non_null(strstr(text, "off:   DRAINED_OUTSTANDING ALLOC_AFTER_KILL REF_IMBALANCE LEAK: "
			       "not shown on this kernel: pgmap_page_alloc\n"));
	free(text);
}

static json_object *key(json_object *of, const char *name)
{
	json_object *value = NULL;

	assert_true(json_object_object_get_ex(of, name, &value));
	return value;
}

static void test_json_says_null(void **state)
{
	char *text = report_without_allocs(*state, &pgmap_view_json);
	json_object *report = json_tokener_parse(text);
	json_object *totals = key(report, "totals");
	json_object *one = json_object_array_get_idx(key(report, "pagemaps"), 0);

	assert_null(key(totals, "outstanding"));
	assert_null(key(totals, "allocs"));
	assert_int_equal(json_object_get_int(key(totals, "frees")), 0);
	assert_null(key(one, "outstanding"));
	assert_null(key(one, "allocs"));
	assert_int_equal(json_object_array_length(key(report, "rules_off")), 4);
	assert_string_equal(json_object_get_string(
		json_object_array_get_idx(key(report, "unseen"), 0)), "pgmap_page_alloc");
	json_object_put(report);
	free(text);
}

static void test_backends_have_names(void **state)
{
	enum pgmap_backend backend = PGMAP_BACKEND_AUTO;
	int id;

	(void)state;
	for (id = 0; id < PGMAP_NR_BACKENDS; id++) {
		assert_int_equal(pgmap_backend_parse(pgmap_backend_name(id), &backend), 0);
		assert_int_equal(backend, id);
	}
	assert_int_equal(pgmap_backend_parse("ftrace", &backend), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_rule_needs_something_that_exists),
		model_test(test_with_all_in_sight_no_rule_is_off),
		model_test(test_a_rule_without_what_it_needs_is_off),
		model_test(test_others_go_on),
		model_test(test_what_nobody_wants_is_not_listed),
		model_test(test_a_lent_reference_never_drains),
		model_test(test_outstanding_of_types_that_count_themselves),
		model_test(test_outstanding_of_an_older_pagemap),
		model_test(test_the_table_shows_a_question_mark),
		model_test(test_json_says_null),
		cmocka_unit_test(test_backends_have_names),
	};

	return PGMAP_RUN_TESTS(tests);
}
