// SPDX-License-Identifier: GPL-2.0-only
/* Whose event it is, and how a generation of a pagemap begins and ends. */
#include "lives.h"
#include "page_rules.h"
#include "timeline.h"

static void leave_ranges(struct pgmap_model *model, const struct pgmap_instance *one)
{
	__u32 i;

	if (model->summary)
		pgmap_summary_add(model->summary, one, false);
	for (i = 0; i < one->nr_known; i++)
		pgmap_ranges_remove(&model->held, &one->ranges[i], one);
}

static void forget_oldest(struct pgmap_model *model)
{
	struct pgmap_instance *one = pgmap_table_take_oldest_ended(&model->table);

	leave_ranges(model, one);
	if (model->timeline)
		pgmap_timeline_add(model->timeline, one, model);
	pgmap_counts_add(&model->forgotten_counts, &one->counts);
	if (pgmap_instance_shows_outstanding(one, model->options.unseen))
		pgmap_outstanding_add(&model->forgotten_outstanding, &one->counts);
	if (one->generation > model->forgotten_generation)
		model->forgotten_generation = one->generation;
	model->forgotten++;
	pgmap_instance_free(one);
}

void pgmap_lives_end(struct pgmap_model *model, struct pgmap_instance *one)
{
	pgmap_page_rules_end(model, one);
	pgmap_table_end(&model->table, one);
	if (model->table.nr_ended > PGMAP_MAX_ENDED)
		forget_oldest(model);
}

/* A later @generation begins at the address of @last, which nobody released. */
static void replace(struct pgmap_model *model, struct pgmap_instance *last, __u32 generation,
		    __u64 time_ns)
{
	if (!last || last->ended || last->generation >= generation)
		return;
	last->replaced = true;
	last->replaced_ns = time_ns;
	pgmap_lives_end(model, last);
}

bool pgmap_lives_forget_half_added(struct pgmap_model *model, struct pgmap_instance *last,
				   const struct pgmap_event *ev)
{
	if (!last || !last->seen_ns || last->state != PGMAP_STATE_UNKNOWN ||
	    ev->pgmap != last->pgmap)
		return false;
	/* an add that ends tells when it began; one that unwinds has not ended */
	if (ev->event == PGMAP_EVENT_ADD && ev->time_ns - ev->u.add.setup_ns > last->seen_ns)
		return false;
	if (ev->event != PGMAP_EVENT_ADD && !(ev->flags & PGMAP_FLAG_ADDING))
		return false;
	leave_ranges(model, last);
	pgmap_table_drop(&model->table, last);
	return true;
}

/*
 * Of what begins at the address of @last. When its source does not count, we do; where
 * nobody is remembered, none of those forgotten may have had the same.
 */
static __u32 generation_of(const struct pgmap_model *model, const struct pgmap_event *ev,
			   const struct pgmap_instance *last)
{
	if (ev->generation)
		return ev->generation;
	return (last ? last->generation : model->forgotten_generation) + 1;
}

struct pgmap_instance *pgmap_lives_take_over(struct pgmap_model *model,
					     const struct pgmap_event *ev)
{
	struct pgmap_instance *last = pgmap_table_latest(&model->table, ev->pgmap);
	__u32 generation = generation_of(model, ev, last);
	struct pgmap_instance *one = pgmap_table_add(&model->table, ev->pgmap, generation);

	if (!one)
		return NULL;
	one->partial = true;
	one->type = ev->type;
	replace(model, last, generation, ev->time_ns);
	return one;
}

struct pgmap_instance *pgmap_lives_find(const struct pgmap_model *model,
					const struct pgmap_event *ev)
{
	if (!ev->generation)
		return pgmap_table_latest(&model->table, ev->pgmap);
	return pgmap_table_find(&model->table, ev->pgmap, ev->generation);
}

struct pgmap_instance *pgmap_lives_begin(struct pgmap_model *model, const struct pgmap_event *ev,
					 struct pgmap_instance *last)
{
	__u32 generation = generation_of(model, ev, last);
	struct pgmap_instance *one = pgmap_table_add(&model->table, ev->pgmap, generation);

	if (!one)
		return NULL;
	one->type = ev->type;
	replace(model, last, generation, ev->time_ns);
	if (ev->event == PGMAP_EVENT_ADD && !ev->u.add.error)
		model->adds++;
	return one;
}
