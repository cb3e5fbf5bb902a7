// SPDX-License-Identifier: GPL-2.0-only
/* The table of pagemap generations: a hash by address plus two lists. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "instance.h"

enum { FIRST_BUCKETS = 64 };

static size_t bucket_of(const struct pgmap_table *table, __u64 pgmap)
{
	/* structs are aligned, so the low bits say nothing: spread by Fibonacci hashing */
	return (pgmap * 0x9e3779b97f4a7c15ULL >> 32) & (table->nr_buckets - 1);
}

int pgmap_table_init(struct pgmap_table *table)
{
	memset(table, 0, sizeof(*table));
	TAILQ_INIT(&table->active);
	TAILQ_INIT(&table->ended);
	table->buckets = calloc(FIRST_BUCKETS, sizeof(*table->buckets));
	if (!table->buckets)
		return -ENOMEM;
	table->nr_buckets = FIRST_BUCKETS;
	return 0;
}

struct pgmap_instance *pgmap_table_latest(const struct pgmap_table *table, __u64 pgmap)
{
	struct pgmap_instance *one = table->buckets[bucket_of(table, pgmap)];

	while (one && one->pgmap != pgmap)
		one = one->older;
	return one;
}

struct pgmap_instance *pgmap_table_find(const struct pgmap_table *table, __u64 pgmap,
					__u32 generation)
{
	struct pgmap_instance *one = table->buckets[bucket_of(table, pgmap)];

	while (one && (one->pgmap != pgmap || one->generation != generation))
		one = one->older;
	return one;
}

/* Behind those with a larger generation, so that the newest stays first. */
static void link_in(struct pgmap_table *table, struct pgmap_instance *one)
{
	struct pgmap_instance **head = &table->buckets[bucket_of(table, one->pgmap)];
	struct pgmap_instance **at = head, **look;

	for (look = head; *look; look = &(*look)->older)
		if ((*look)->pgmap == one->pgmap && (*look)->generation > one->generation)
			at = &(*look)->older;
	one->older = *at;
	*at = one;
}

static void grow(struct pgmap_table *table)
{
	struct pgmap_instance **old = table->buckets;
	size_t i, nr = table->nr_buckets;
	struct pgmap_instance *one, *chain, *next;

	table->buckets = calloc(nr * 2, sizeof(*old));
	if (!table->buckets) {
		table->buckets = old;	/* only slower */
		return;
	}
	table->nr_buckets = nr * 2;
	for (i = 0; i < nr; i++) {
		/* turned round first: linking in puts each before the last one */
		for (chain = NULL, one = old[i]; one; one = next) {
			next = one->older;
			one->older = chain;
			chain = one;
		}
		for (one = chain; one; one = next) {
			next = one->older;
			link_in(table, one);
		}
	}
	free(old);
}

struct pgmap_instance *pgmap_table_add(struct pgmap_table *table, __u64 pgmap, __u32 generation)
{
	struct pgmap_instance *one = calloc(1, sizeof(*one));

	if (!one)
		return NULL;
	if (table->nr >= table->nr_buckets)
		grow(table);
	one->pgmap = pgmap;
	one->generation = generation;
	one->node = -1;
	link_in(table, one);
	TAILQ_INSERT_TAIL(&table->active, one, order);
	table->nr++;
	return one;
}

void pgmap_table_end(struct pgmap_table *table, struct pgmap_instance *instance)
{
	if (instance->ended)
		return;
	instance->ended = true;
	TAILQ_REMOVE(&table->active, instance, order);
	TAILQ_INSERT_TAIL(&table->ended, instance, order);
	table->nr_ended++;
}

static void link_out(struct pgmap_table *table, const struct pgmap_instance *one)
{
	struct pgmap_instance **at = &table->buckets[bucket_of(table, one->pgmap)];

	while (*at != one)
		at = &(*at)->older;
	*at = one->older;
	table->nr--;
}

void pgmap_table_drop(struct pgmap_table *table, struct pgmap_instance *instance)
{
	if (instance->ended)
		return;
	link_out(table, instance);
	TAILQ_REMOVE(&table->active, instance, order);
	pgmap_instance_free(instance);
}

struct pgmap_instance *pgmap_table_take_oldest_ended(struct pgmap_table *table)
{
	struct pgmap_instance *one = TAILQ_FIRST(&table->ended);

	if (!one)
		return NULL;
	link_out(table, one);
	TAILQ_REMOVE(&table->ended, one, order);
	table->nr_ended--;
	return one;
}

int pgmap_instance_remember(struct pgmap_instance *instance, const struct pgmap_event *ev)
{
	__u32 nr = instance->nr_moments;
	struct pgmap_moment *moments = instance->moments;

	if (nr == PGMAP_MAX_MOMENTS) {
		memmove(moments, moments + 1, --nr * sizeof(*moments));
	} else {
		moments = reallocarray(moments, nr + 1, sizeof(*moments));
		if (!moments)
			return -ENOMEM;
		instance->moments = moments;
		instance->nr_moments++;
	}
	moments[nr] = pgmap_moment_of(ev, instance->generation);
	return 0;
}

struct pgmap_history pgmap_instance_history(const struct pgmap_instance *instance)
{
	struct pgmap_history history = { .nr = instance->nr_moments };

	if (history.nr)
		memcpy(history.moments, instance->moments, history.nr * sizeof(history.moments[0]));
	return history;
}

void pgmap_instance_free(struct pgmap_instance *instance)
{
	if (!instance)
		return;
	pgmap_latency_free(&instance->latency);
	free(instance->ranges);
	free(instance->killer);
	free(instance->moments);
	free(instance);
}

static void free_list(struct pgmap_instance_list *list)
{
	struct pgmap_instance *one;

	while ((one = TAILQ_FIRST(list))) {
		TAILQ_REMOVE(list, one, order);
		pgmap_instance_free(one);
	}
}

void pgmap_table_free(struct pgmap_table *table)
{
	if (table->buckets) {
		free_list(&table->active);
		free_list(&table->ended);
	}
	free(table->buckets);
	memset(table, 0, sizeof(*table));
}
