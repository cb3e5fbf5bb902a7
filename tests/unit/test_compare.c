// SPDX-License-Identifier: GPL-2.0-only
/* Which groups of two runs belong together, and which differences count. */
#include "summaries.h"

static const struct pgmap_compare_options usual = {
	.ratio_permille = 100, .floor_ns = 200, .min_count = 20
};

/* A run of one pagemap whose faults take @from_ns to @to_ns. */
static struct pgmap_summary run_of(__u64 from_ns, __u64 to_ns, __u32 nr)
{
	struct pgmap_summary summary = summary_by(PGMAP_BY_PGMAP);

	spread(faults_of(group_in(&summary, "gpu")), from_ns, to_ns, nr);
	return summary;
}

static struct pgmap_comparisons compare_with(struct pgmap_summary *base, __u32 nr_base,
					     struct pgmap_summary *fresh, __u32 nr_fresh,
					     const struct pgmap_compare_options *options)
{
	struct pgmap_runs before = { base, nr_base }, after = { fresh, nr_fresh };
	struct pgmap_comparisons comparisons = { 0 };

	assert_int_equal(pgmap_compare(&comparisons, &before, &after, options), 0);
	return comparisons;
}

static void free_runs(struct pgmap_summary *runs, __u32 nr)
{
	while (nr)
		pgmap_summary_free(&runs[--nr]);
}

/* What became of the median, one run each; frees both. */
static enum pgmap_change change_of(struct pgmap_summary base, struct pgmap_summary fresh,
				   const struct pgmap_compare_options *options)
{
	struct pgmap_comparisons comparisons = compare_with(&base, 1, &fresh, 1, options);
	enum pgmap_change change;

	assert_true(comparisons.nr >= 1);
	assert_int_equal(comparisons.all[0].permille, 500);
	change = comparisons.all[0].change;
	pgmap_comparisons_free(&comparisons);
	free_runs(&base, 1);
	free_runs(&fresh, 1);
	return change;
}

static void test_a_run_is_the_same_as_itself(void **state)
{
	(void)state;
	assert_int_equal(change_of(run_of(5000, 9000, 1000), run_of(5000, 9000, 1000), &usual),
			 PGMAP_CHANGE_SAME);
}

static void test_slower_and_faster(void **state)
{
	(void)state;
	assert_int_equal(change_of(run_of(5000, 6000, 1000), run_of(6000, 7000, 1000), &usual),
			 PGMAP_CHANGE_SLOWER);
	assert_int_equal(change_of(run_of(6000, 7000, 1000), run_of(5000, 6000, 1000), &usual),
			 PGMAP_CHANGE_FASTER);
}

static void test_each_condition_alone_holds_it_back(void **state)
{
	struct pgmap_compare_options options = usual;

	(void)state;
	options.ratio_permille = 300;
	assert_int_equal(change_of(run_of(5000, 6000, 1000), run_of(6000, 7000, 1000), &options),
			 PGMAP_CHANGE_SAME);
	options = usual;
	options.floor_ns = 2000;
	assert_int_equal(change_of(run_of(5000, 6000, 1000), run_of(6000, 7000, 1000), &options),
			 PGMAP_CHANGE_SAME);
	options = usual;
	options.min_count = 1001;
	assert_int_equal(change_of(run_of(5000, 6000, 1000), run_of(6000, 7000, 1000), &options),
			 PGMAP_CHANGE_TOO_FEW);
	/* the medians are 20 % apart, but thirty values so wide apart do not show it */
	assert_int_equal(change_of(run_of(1000, 9000, 30), run_of(2000, 10000, 30), &usual),
			 PGMAP_CHANGE_UNSURE);
}

static void test_a_slower_tail_is_seen_where_the_median_is_the_same(void **state)
{
	struct pgmap_summary base = run_of(5000, 6000, 10000), fresh = run_of(5000, 6000, 10000);
	struct pgmap_comparisons comparisons;

	(void)state;
	spread(faults_of(&base.groups[0]), 20000, 30000, 300);
	spread(faults_of(&fresh.groups[0]), 80000, 90000, 300);
	comparisons = compare_with(&base, 1, &fresh, 1, &usual);
	assert_int_equal(comparisons.nr, 2);
	assert_int_equal(comparisons.all[0].change, PGMAP_CHANGE_SAME);
	assert_int_equal(comparisons.all[1].permille, 990);
	assert_int_equal(comparisons.all[1].change, PGMAP_CHANGE_SLOWER);
	assert_int_equal(comparisons.changes[PGMAP_CHANGE_SLOWER], 1);
	pgmap_comparisons_free(&comparisons);
	free_runs(&base, 1);
	free_runs(&fresh, 1);
}

static void test_the_mean_tells_what_a_bucket_hides(void **state)
{
	struct pgmap_compare_options options = {
		.ratio_permille = 40, .floor_ns = 10, .min_count = 20, .mean = true
	};
	/* 4.2 % apart, the middles of their buckets 3 % */
	struct pgmap_summary base = run_of(4288, 4288, 100), fresh = run_of(4470, 4470, 100);
	struct pgmap_comparisons comparisons = compare_with(&base, 1, &fresh, 1, &options);

	(void)state;
	assert_int_equal(comparisons.all[0].change, PGMAP_CHANGE_SAME);
	assert_int_equal(comparisons.all[2].permille, PGMAP_COMPARE_MEAN);
	assert_int_equal(comparisons.all[2].fresh.ns, 4470);
	assert_int_equal(comparisons.all[2].change, PGMAP_CHANGE_SLOWER);
	pgmap_comparisons_free(&comparisons);
	options.mean = false;
	comparisons = compare_with(&base, 1, &fresh, 1, &options);
	assert_int_equal(comparisons.nr, 2);
	pgmap_comparisons_free(&comparisons);
	free_runs(&base, 1);
	free_runs(&fresh, 1);
}

static void test_one_outlier_moves_a_mean_and_proves_nothing(void **state)
{
	struct pgmap_compare_options options = usual;
	struct pgmap_summary base = run_of(5000, 5100, 100), fresh = run_of(5000, 5100, 100);
	struct pgmap_comparisons comparisons;

	(void)state;
	options.mean = true;
	spread(faults_of(&fresh.groups[0]), 1000000, 1000000, 1);
	comparisons = compare_with(&base, 1, &fresh, 1, &options);
	assert_int_equal(comparisons.all[2].permille, PGMAP_COMPARE_MEAN);
	assert_int_equal(comparisons.all[2].change, PGMAP_CHANGE_UNSURE);
	pgmap_comparisons_free(&comparisons);
	free_runs(&base, 1);
	free_runs(&fresh, 1);
}

static void test_runs_that_vary_are_no_change(void **state)
{
	/* each side has a slow run: together the values differ, the runs do not */
	struct pgmap_summary base[3] = {
		run_of(5000, 5500, 1000), run_of(5100, 5600, 1000), run_of(8000, 8500, 1000)
	};
	struct pgmap_summary fresh[3] = {
		run_of(5000, 5500, 1000), run_of(8100, 8600, 1000), run_of(8000, 8500, 1000)
	};
	struct pgmap_comparisons comparisons = compare_with(base, 3, fresh, 3, &usual);

	(void)state;
	assert_true(comparisons.all[0].fresh.ns > comparisons.all[0].base.ns * 1.3);
	assert_int_equal(comparisons.all[0].change, PGMAP_CHANGE_UNSURE);
	assert_int_equal(comparisons.all[0].base.runs, 3);
	pgmap_comparisons_free(&comparisons);
	free_runs(base, 3);
	free_runs(fresh, 3);
}

static void test_runs_that_are_apart_are_a_change(void **state)
{
	struct pgmap_summary base[3] = {
		run_of(5000, 5500, 100), run_of(5100, 5600, 100), run_of(5200, 5700, 100)
	};
	struct pgmap_summary fresh[3] = {
		run_of(6500, 7000, 100), run_of(6600, 7100, 100), run_of(6700, 7200, 100)
	};
	struct pgmap_comparisons comparisons = compare_with(base, 3, fresh, 3, &usual);

	(void)state;
	assert_int_equal(comparisons.all[0].change, PGMAP_CHANGE_SLOWER);
	assert_int_equal(comparisons.all[0].base.count, 300);
	pgmap_comparisons_free(&comparisons);
	free_runs(base, 3);
	free_runs(fresh, 3);
}

static void test_one_value_a_run_needs_many_runs(void **state)
{
	enum { NR = 20 };
	struct pgmap_summary base[NR], fresh[NR];
	struct pgmap_comparisons comparisons;
	int i;

	(void)state;
	for (i = 0; i < NR; i++) {
		base[i] = run_of(10000 + i, 10000 + i, 1);
		fresh[i] = run_of(20000 + i, 20000 + i, 1);
	}
	comparisons = compare_with(base, 1, fresh, 1, &usual);
	assert_int_equal(comparisons.nr, 1);
	assert_int_equal(comparisons.all[0].change, PGMAP_CHANGE_TOO_FEW);
	pgmap_comparisons_free(&comparisons);
	comparisons = compare_with(base, NR, fresh, NR, &usual);
	assert_int_equal(comparisons.all[0].change, PGMAP_CHANGE_SLOWER);
	pgmap_comparisons_free(&comparisons);
	free_runs(base, NR);
	free_runs(fresh, NR);
}

static void test_pagemaps_are_matched_by_what_they_are_and_their_order(void **state)
{
	struct pgmap_summary base = summary_by(PGMAP_BY_PGMAP), fresh = summary_by(PGMAP_BY_PGMAP);
	struct pgmap_comparisons comparisons;

	(void)state;
	spread(faults_of(group_in(&base, "gpu")), 1000, 1100, 100);
	spread(faults_of(group_in(&base, "gpu")), 2000, 2100, 100);
	spread(faults_of(group_in(&base, "gone")), 3000, 3100, 100);
	spread(faults_of(group_in(&fresh, "come")), 4000, 4100, 100);
	spread(faults_of(group_in(&fresh, "gpu")), 1000, 1100, 100);
	spread(faults_of(group_in(&fresh, "gpu")), 2000, 2100, 100);
	fresh.groups[1].pgmap = base.groups[1].pgmap;	/* says nothing */
	comparisons = compare_with(&base, 1, &fresh, 1, &usual);
	assert_int_equal(comparisons.changes[PGMAP_CHANGE_SAME], 2);
	assert_int_equal(comparisons.changes[PGMAP_CHANGE_ONLY_BASE], 2);
	assert_int_equal(comparisons.changes[PGMAP_CHANGE_ONLY_NEW], 2);
	assert_false(pgmap_comparisons_are_conclusive(&comparisons, &usual));
	pgmap_comparisons_free(&comparisons);
	free_runs(&base, 1);
	free_runs(&fresh, 1);
}

static bool is_conclusive(struct pgmap_summary base, struct pgmap_summary fresh)
{
	struct pgmap_comparisons comparisons = compare_with(&base, 1, &fresh, 1, &usual);
	bool is = pgmap_comparisons_are_conclusive(&comparisons, &usual);

	pgmap_comparisons_free(&comparisons);
	free_runs(&base, 1);
	free_runs(&fresh, 1);
	return is;
}

static void test_nothing_measured_is_no_clean_bill(void **state)
{
	(void)state;
	assert_true(is_conclusive(run_of(1000, 1100, 50), run_of(1000, 1100, 50)));
	assert_false(is_conclusive(run_of(1000, 1100, 50), run_of(1000, 1100, 5)));
	assert_false(is_conclusive(run_of(1000, 1100, 5), run_of(1000, 1100, 5)));
	assert_false(is_conclusive(summary_by(PGMAP_BY_PGMAP), summary_by(PGMAP_BY_PGMAP)));
	assert_false(is_conclusive(run_of(1000, 1100, 50), summary_by(PGMAP_BY_PGMAP)));
}

static void test_what_was_measured_otherwise_differs(void **state)
{
	struct pgmap_summary base = summary_by(PGMAP_BY_PGMAP), fresh = base;
	char why[200];

	(void)state;
	strcpy(fresh.origin.kernel, "6.13");
	assert_false(pgmap_summaries_differ(&base, &fresh, why, sizeof(why)));
	fresh.origin.cpus = 4;
	assert_true(pgmap_summaries_differ(&base, &fresh, why, sizeof(why)));
	assert_string_equal(why, "cpus: 2 and 4");
	strcpy(fresh.origin.backend, "kprobe");
	assert_true(pgmap_summaries_differ(&base, &fresh, why, sizeof(why)));
	assert_string_equal(why, "backend: \"tp_btf\" and \"kprobe\"");
	strcpy(fresh.origin.arch, "aarch64");
	assert_true(pgmap_summaries_differ(&base, &fresh, why, sizeof(why)));
	assert_string_equal(why, "arch: \"x86_64\" and \"aarch64\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_run_is_the_same_as_itself),
		cmocka_unit_test(test_slower_and_faster),
		cmocka_unit_test(test_each_condition_alone_holds_it_back),
		cmocka_unit_test(test_a_slower_tail_is_seen_where_the_median_is_the_same),
		cmocka_unit_test(test_the_mean_tells_what_a_bucket_hides),
		cmocka_unit_test(test_one_outlier_moves_a_mean_and_proves_nothing),
		cmocka_unit_test(test_runs_that_vary_are_no_change),
		cmocka_unit_test(test_runs_that_are_apart_are_a_change),
		cmocka_unit_test(test_one_value_a_run_needs_many_runs),
		cmocka_unit_test(test_pagemaps_are_matched_by_what_they_are_and_their_order),
		cmocka_unit_test(test_nothing_measured_is_no_clean_bill),
		cmocka_unit_test(test_what_was_measured_otherwise_differs),
	};

	return PGMAP_RUN_TESTS(tests);
}
