// SPDX-License-Identifier: GPL-2.0-only
/* Copies the model into rows and totals that views can show. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "snapshot.h"

static struct pgmap_counts counts_since_mark(const struct pgmap_instance *one)
{
	const struct pgmap_counts *now = &one->counts, *then = &one->marked;

	return (struct pgmap_counts){
		.allocs = now->allocs - then->allocs,
		.alloc_pages = now->alloc_pages - then->alloc_pages,
		.frees = now->frees - then->frees,
		.free_pages = now->free_pages - then->free_pages,
		.fault_enters = now->fault_enters - then->fault_enters,
		.faults = now->faults - then->faults,
		.fault_errors = now->fault_errors - then->fault_errors,
	};
}

static __u64 limited(__u64 value, __u64 limit)
{
	return value < limit ? value : limit;
}

static struct pgmap_latency_summary summarise(const struct pgmap_instance *one,
					      enum pgmap_latency_span span)
{
	__u64 max = one->counts.fault_max_ns;

	/* a bucket's middle may lie above the exact maximum */
	return (struct pgmap_latency_summary){
		.p50_ns = limited(pgmap_latency_percentile(&one->latency, span, 500), max),
		.p99_ns = limited(pgmap_latency_percentile(&one->latency, span, 990), max),
	};
}

static void fill_identity(struct pgmap_row *row, const struct pgmap_instance *one)
{
	row->pgmap = one->pgmap;
	row->generation = one->generation;
	row->type = one->type;
	row->state = one->state;
	row->partial = one->partial;
	row->before_start = one->seen_ns;
	row->added_ns = one->begin_ns ? one->begin_ns + one->setup_ns : 0;
	row->replaced = one->replaced;
	memcpy(row->driver, one->driver, sizeof(row->driver));
	memcpy(row->device, one->device, sizeof(row->device));
	row->node = one->node;
	row->error = one->error;
	row->nr_range = one->nr_range;
	row->nr_known = one->nr_known;
	row->ranges = one->ranges;
	row->pages = one->pages;
	row->setup_ns = one->setup_ns;
}

void pgmap_snapshot_fill(struct pgmap_row *row, const struct pgmap_instance *one, __u64 now,
			 __u32 unseen)
{
	fill_identity(row, one);
	row->sums = one->counts;
	row->delta = counts_since_mark(one);
	row->outstanding = pgmap_counts_outstanding(&one->counts);
	row->outstanding_unknown = !pgmap_instance_shows_outstanding(one, unseen);
	row->unseen = pgmap_instance_unseen(one, unseen);
	row->interval = summarise(one, PGMAP_LATENCY_INTERVAL);
	row->all = summarise(one, PGMAP_LATENCY_ALL);
	row->teardown_ns = one->released_ns && one->killed_ns ?
			   one->released_ns - one->killed_ns : 0;
	row->killed_for_ns = one->state == PGMAP_STATE_KILLED && now > one->killed_ns ?
			     now - one->killed_ns : 0;
}

static int make_room(struct pgmap_snapshot *snapshot, size_t nr)
{
	struct pgmap_row *more;

	if (nr <= snapshot->room)
		return 0;
	more = reallocarray(snapshot->rows, nr, sizeof(*more));
	if (!more)
		return -ENOMEM;
	snapshot->rows = more;
	snapshot->room = nr;
	return 0;
}

static void add_to_totals(struct pgmap_snapshot *snapshot, const struct pgmap_instance *one)
{
	const struct pgmap_counts delta = counts_since_mark(one);
	struct pgmap_totals *totals = &snapshot->totals;

	if (pgmap_instance_shows_outstanding(one, snapshot->unseen))
		pgmap_outstanding_add(&totals->outstanding, &one->counts);
	if (one->replaced)
		totals->replaced++;
	else
		totals->states[one->state]++;
	pgmap_counts_add(&totals->sums, &one->counts);
	pgmap_counts_add(&totals->delta, &delta);
}

static bool has_row(const struct pgmap_instance *one, bool all)
{
	return all || !one->shown;
}

/* Adds all up, and looks at how much each is worth a row. */
static size_t look_through(struct pgmap_snapshot *snapshot, const struct pgmap_instance_list *list,
			   bool all)
{
	const struct pgmap_instance *one;
	size_t nr = 0;

	TAILQ_FOREACH(one, list, order) {
		add_to_totals(snapshot, one);
		if (!has_row(one, all))
			continue;
		if (snapshot->max_rows)
			pgmap_busiest_add(&snapshot->busiest, pgmap_busiest_rank(one));
		nr++;
	}
	return nr;
}

static void take_rows(struct pgmap_snapshot *snapshot, const struct pgmap_instance_list *list,
		      bool all)
{
	const struct pgmap_instance *one;
	struct pgmap_row *row;

	TAILQ_FOREACH(one, list, order) {
		if (!has_row(one, all))
			continue;
		if (snapshot->left_out &&
		    !pgmap_busiest_take(&snapshot->busiest, pgmap_busiest_rank(one)))
			continue;
		row = &snapshot->rows[snapshot->nr_rows++];
		memset(row, 0, sizeof(*row));
		pgmap_snapshot_fill(row, one, snapshot->time_ns, snapshot->unseen);
	}
}

static int take_pagemaps(struct pgmap_snapshot *snapshot, const struct pgmap_table *table, bool all)
{
	size_t nr;
	int err = 0;

	if (snapshot->max_rows)
		err = pgmap_busiest_begin(&snapshot->busiest, snapshot->max_rows);
	if (err)
		return err;
	nr = look_through(snapshot, &table->active, all);
	nr += look_through(snapshot, &table->ended, all);
	snapshot->left_out = snapshot->max_rows && nr > snapshot->max_rows ?
			     nr - snapshot->max_rows : 0;
	pgmap_busiest_finish(&snapshot->busiest);
	err = make_room(snapshot, nr - snapshot->left_out);
	if (err)
		return err;
	take_rows(snapshot, &table->active, all);
	take_rows(snapshot, &table->ended, all);
	return 0;
}

int pgmap_snapshot_take(struct pgmap_snapshot *snapshot, const struct pgmap_model *model,
			__u64 time_ns, __u64 interval_ns, bool all)
{
	struct pgmap_totals *totals = &snapshot->totals;
	int cause, err;

	memset(totals, 0, sizeof(*totals));
	totals->outstanding = model->forgotten_outstanding;
	snapshot->time_ns = time_ns;
	snapshot->interval_ns = interval_ns;
	snapshot->nr_rows = 0;
	snapshot->unseen = model->options.unseen;
	snapshot->rules_off = pgmap_model_rules_off(model);
	err = take_pagemaps(snapshot, &model->table, all);
	if (err)
		return err;
	totals->forgotten = model->forgotten;
	pgmap_counts_add(&totals->sums, &model->forgotten_counts);
	for (cause = 0; cause < PGMAP_NR_LOSSES; cause++)
		snapshot->losses[cause] = pgmap_model_losses(model, cause);
	memcpy(snapshot->sent, model->sent, sizeof(snapshot->sent));
	snapshot->incomplete = pgmap_model_is_incomplete(model);
	snapshot->verdict = pgmap_model_verdict(model);
	snapshot->findings = &model->findings;
	return 0;
}

bool pgmap_snapshot_row(struct pgmap_row *row, const struct pgmap_model *model,
			const struct pgmap_event *ev)
{
	const struct pgmap_instance *one;

	if (ev->generation)
		one = pgmap_table_find(&model->table, ev->pgmap, ev->generation);
	else
		one = pgmap_table_latest(&model->table, ev->pgmap);
	if (!one)
		return false;
	memset(row, 0, sizeof(*row));
	pgmap_snapshot_fill(row, one, ev->time_ns, model->options.unseen);
	return true;
}

enum pgmap_severity pgmap_snapshot_severity(const struct pgmap_snapshot *snapshot,
					    const struct pgmap_finding *finding)
{
	return pgmap_finding_severity(finding, snapshot->incomplete);
}

void pgmap_snapshot_free(struct pgmap_snapshot *snapshot)
{
	free(snapshot->rows);
	pgmap_busiest_free(&snapshot->busiest);
	memset(snapshot, 0, sizeof(*snapshot));
}
