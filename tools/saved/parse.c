// SPDX-License-Identifier: GPL-2.0-only
/*
 * From text to a summary. Each value is checked for being what it says, and the first
 * that is not ends it: a comparison with half a file would be worse than none.
 */
#include <errno.h>
#include <string.h>

#include <pgmap/names.h>

#include "../view/view.h"
#include "value.h"

/* ---- histograms ---- */

static int parse_bucket(struct pgmap_parsing *parsing, json *pair, struct pgmap_latency *values,
			__u64 *total)
{
	struct pgmap_hist_sum sum;
	__u64 bucket;
	int err;

	if (!json_object_is_type(pair, json_type_array) || json_object_array_length(pair) != 2)
		return pgmap_refuse(parsing, "a bucket is no pair: the file is damaged");
	err = pgmap_as_u64(parsing, json_object_array_get_idx(pair, 0), "buckets",
			   PGMAP_HIST_BUCKETS - 1, &bucket);
	if (!err)
		err = pgmap_as_u64(parsing, json_object_array_get_idx(pair, 1), "buckets",
				   PGMAP_SAVED_LARGEST, &sum.count);
	if (err)
		return err;
	if (values->nr && values->buckets[values->nr - 1].bucket >= bucket)
		return pgmap_refuse(parsing, "buckets are out of order: the file is damaged");
	*total += sum.count;
	if (*total > PGMAP_SAVED_LARGEST)
		return pgmap_refuse(parsing, "there are too many values: the file is damaged");
	/* until it is told, as older files do not: parse_sums() */
	if (__builtin_mul_overflow(pgmap_hist_value(bucket), sum.count, &sum.sum_ns))
		sum.sum_ns = ~0ULL;
	return pgmap_latency_set(values, bucket, &sum);
}

static int parse_buckets(struct pgmap_parsing *parsing, json *of, struct pgmap_metric *metric)
{
	json *buckets = pgmap_find(parsing, of, "buckets", json_type_array);
	__u64 count, total = 0;
	size_t i;
	int err = buckets ? pgmap_get_u64(parsing, of, "count", PGMAP_SAVED_LARGEST, &count) :
			    -EINVAL;

	for (i = 0; !err && i < json_object_array_length(buckets); i++)
		err = parse_bucket(parsing, json_object_array_get_idx(buckets, i), &metric->values,
				   &total);
	if (!err && total != count)
		err = pgmap_refuse(parsing, "\"count\" is %llu, but %llu are in the buckets", count,
				   total);
	return err;
}

/* One for each bucket, in their order. */
static int parse_sums(struct pgmap_parsing *parsing, json *of, struct pgmap_latency *values)
{
	json *sums;
	__u32 i;
	int err = 0;

	if (!json_object_object_get_ex(of, "sums_ns", &sums))
		return 0;
	if (!json_object_is_type(sums, json_type_array) ||
	    json_object_array_length(sums) != values->nr)
		return pgmap_refuse(parsing, "sums are not those of the buckets: the file is damaged");
	for (i = 0; !err && i < values->nr; i++)
		err = pgmap_as_u64(parsing, json_object_array_get_idx(sums, i), "sums_ns", ~0ULL,
				   &values->buckets[i].sum_ns);
	return err;
}

static int parse_metric(struct pgmap_parsing *parsing, json *of, enum pgmap_metric_id id,
			struct pgmap_metric *metric)
{
	json *one = pgmap_find(parsing, of, pgmap_metric_name(id), json_type_object);
	int err;

	if (!one)
		return -EINVAL;
	err = parse_buckets(parsing, one, metric);
	if (!err)
		err = parse_sums(parsing, one, &metric->values);
	if (!err)
		err = pgmap_get_u64(parsing, one, "max_ns", ~0ULL >> 1, &metric->max_ns);
	if (err || !pgmap_metric_has_pairs(parsing->to, id))
		return err;
	err = pgmap_get_u64(parsing, one, "unended", PGMAP_SAVED_LARGEST, &metric->unended);
	if (!err)
		err = pgmap_get_u64(parsing, one, "unstarted", PGMAP_SAVED_LARGEST,
				    &metric->unstarted);
	return err;
}

/* ---- groups ---- */

static int parse_identity(struct pgmap_parsing *parsing, json *of, struct pgmap_group *group)
{
	__u64 generation;
	int err = pgmap_get_address(parsing, of, "pgmap", &group->pgmap);

	if (!err)
		err = pgmap_get_u64(parsing, of, "generation", ~0U, &generation);
	if (!err)
		err = pgmap_get_type(parsing, of, &group->type);
	if (!err)
		err = pgmap_get_text(parsing, of, "driver", group->driver, sizeof(group->driver));
	if (!err)
		err = pgmap_get_text(parsing, of, "device", group->device, sizeof(group->device));
	if (!err)
		err = pgmap_get_bool(parsing, of, "rest", &group->rest);
	if (!err)
		group->generation = generation;
	return err;
}

static int parse_node(struct pgmap_parsing *parsing, json *of, struct pgmap_group *group)
{
	json *node = pgmap_find(parsing, of, "node", json_type_int);

	if (!node)
		return -EINVAL;
	if (json_object_get_int64(node) < -1 || json_object_get_int64(node) > 1 << 20)
		return pgmap_refuse(parsing, "\"node\" is no possible number: the file is damaged");
	group->node = json_object_get_int64(node);
	return 0;
}

static int parse_phase(struct pgmap_parsing *parsing, json *of, struct pgmap_group *group)
{
	char name[32] = "";
	int err = pgmap_get_text(parsing, of, "phase", name, sizeof(name));

	for (; !err && group->phase < PGMAP_NR_PHASES; group->phase++)
		if (!strcmp(name, pgmap_phase_name(group->phase)))
			return 0;
	return err ? err : pgmap_refuse(parsing, "\"phase\" is none that exists: the file is damaged");
}

static int parse_who(struct pgmap_parsing *parsing, json *of, struct pgmap_group *group)
{
	char comm[PGMAP_COMM_LEN + 1] = "";
	__u64 cpu = 0;
	int err;

	switch (parsing->to->by) {
	case PGMAP_BY_DRIVER:
		return pgmap_get_text(parsing, of, "driver", group->driver, sizeof(group->driver));
	case PGMAP_BY_TYPE:
		return pgmap_get_type(parsing, of, &group->type);
	case PGMAP_BY_NODE:
		return parse_node(parsing, of, group);
	case PGMAP_BY_COMM:
		err = pgmap_get_text(parsing, of, "comm", comm, sizeof(comm));
		memcpy(group->comm, comm, sizeof(group->comm));
		return err;
	case PGMAP_BY_CPU:
		err = pgmap_get_u64(parsing, of, "cpu", 1 << 20, &cpu);
		group->cpu = cpu;
		return err;
	case PGMAP_BY_PHASE:
		return parse_phase(parsing, of, group);
	default:
		return parse_identity(parsing, of, group);
	}
}

static int parse_counts(struct pgmap_parsing *parsing, json *of, struct pgmap_group *group)
{
	int err;

	if (pgmap_by_needs_groups(parsing->to->by))
		return 0;
	err = pgmap_get_bool(parsing, of, "partial", &group->partial);
	if (!err)
		err = pgmap_get_u64(parsing, of, "pagemaps", PGMAP_SAVED_LARGEST, &group->pagemaps);
	if (!err)
		err = pgmap_get_u64(parsing, of, "failed_adds", PGMAP_SAVED_LARGEST,
				    &group->failed_adds);
	if (!err)
		err = pgmap_get_u64(parsing, of, "fault_errors", PGMAP_SAVED_LARGEST,
				    &group->fault_errors);
	return err;
}

static int parse_group(struct pgmap_parsing *parsing, json *of)
{
	struct pgmap_group *group = pgmap_summary_append(parsing->to);
	json *metrics;
	int id, err;

	if (!group)
		return -ENOMEM;
	if (!json_object_is_type(of, json_type_object))
		return pgmap_refuse(parsing, "a group is no object: the file is damaged");
	err = parse_who(parsing, of, group);
	if (!err)
		err = parse_counts(parsing, of, group);
	metrics = err ? NULL : pgmap_find(parsing, of, "metrics", json_type_object);
	if (!metrics)
		return err ? err : -EINVAL;
	for (id = 0; id < PGMAP_NR_METRICS && !err; id++)
		if (pgmap_metric_is_known(parsing->to, id))
			err = parse_metric(parsing, metrics, id, &group->metrics[id]);
	return err;
}

/* ---- all ---- */

static int check_kind(struct pgmap_parsing *parsing, json *all)
{
	char text[PGMAP_ORIGIN_LEN];
	__u64 sub_buckets;
	int err;

	if (!json_object_is_type(all, json_type_object))
		return pgmap_refuse(parsing, "it is no JSON object: not a saved result");
	err = pgmap_get_text(parsing, all, "schema", text, sizeof(text));
	if (!err && strcmp(text, PGMAP_JSON_SCHEMA))
		return pgmap_refuse(parsing,
				    "its schema is \"%s\", and this pgmapstat reads \"%s\"", text,
				    PGMAP_JSON_SCHEMA);
	if (!err)
		err = pgmap_get_text(parsing, all, "kind", text, sizeof(text));
	if (!err && strcmp(text, "latency"))
		return pgmap_refuse(parsing, "it is of kind \"%s\", not what latency --save writes",
				    text);
	if (!err)
		err = pgmap_get_u64(parsing, all, "sub_buckets", ~0U, &sub_buckets);
	if (!err && sub_buckets != PGMAP_HIST_SUB)
		return pgmap_refuse(parsing,
				    "its buckets are others: %llu in a power of two, not %d",
				    sub_buckets, PGMAP_HIST_SUB);
	return err;
}

static int parse_by(struct pgmap_parsing *parsing, json *all)
{
	char text[PGMAP_ORIGIN_LEN];
	int by, err = pgmap_get_text(parsing, all, "by", text, sizeof(text));

	for (by = PGMAP_BY_NONE + 1; !err && by < PGMAP_NR_BYS; by++) {
		if (strcmp(text, pgmap_by_name(by)))
			continue;
		parsing->to->by = by;
		return 0;
	}
	return err ? err :
		     pgmap_refuse(parsing, "it is grouped by \"%s\", which is not known here",
				  text);
}

static int parse_origin(struct pgmap_parsing *parsing, json *all)
{
	struct pgmap_origin *origin = &parsing->to->origin;
	const struct {
		const char *key;
		char *text;
	} texts[] = {
		{ "tool", origin->tool },
		{ "kernel", origin->kernel },
		{ "arch", origin->arch },
		{ "backend", origin->backend },
	};
	size_t i;
	int err = 0;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]) && !err; i++)
		err = pgmap_get_text(parsing, all, texts[i].key, texts[i].text, PGMAP_ORIGIN_LEN);
	return err ? err : pgmap_get_u64(parsing, all, "cpus", 1 << 20, &origin->cpus);
}

static int parse_losses(struct pgmap_parsing *parsing, json *all)
{
	json *lost = pgmap_find(parsing, all, "lost", json_type_object);
	int cause, err = lost ? 0 : -EINVAL;

	/* a pgmapstat that did not know of a cause yet did not count it */
	for (cause = PGMAP_LOSS_NONE + 1; cause < PGMAP_NR_LOSSES && !err; cause++)
		if (json_object_object_get_ex(lost, pgmap_loss_name(cause), NULL))
			err = pgmap_get_u64(parsing, lost, pgmap_loss_name(cause), ~0ULL >> 1,
					    &parsing->to->losses[cause]);
	return err ? err : pgmap_get_bool(parsing, all, "incomplete", &parsing->to->incomplete);
}

/* A name that is not known here says nothing of what is. */
static void parse_sight(struct pgmap_parsing *parsing, json *name)
{
	int i;

	for (i = 0; i < PGMAP_NR_SIGHTS; i++)
		if (json_object_is_type(name, json_type_string) &&
		    !strcmp(json_object_get_string(name), pgmap_sight_name(i)))
			parsing->to->unseen |= 1U << i;
}

static int parse_unseen(struct pgmap_parsing *parsing, json *all)
{
	json *unseen = pgmap_find(parsing, all, "unseen", json_type_array);
	size_t i;

	for (i = 0; unseen && i < json_object_array_length(unseen); i++)
		parse_sight(parsing, json_object_array_get_idx(unseen, i));
	return unseen ? 0 : -EINVAL;
}

static int parse_all(struct pgmap_parsing *parsing, json *all)
{
	json *groups;
	size_t i;
	int err = check_kind(parsing, all);

	if (!err)
		err = parse_by(parsing, all);
	if (!err)
		err = parse_origin(parsing, all);
	if (!err)
		err = parse_losses(parsing, all);
	if (!err)
		err = parse_unseen(parsing, all);
	if (!err)
		err = pgmap_get_u64(parsing, all, "time_ns", ~0ULL >> 1, &parsing->to->time_ns);
	if (!err)
		err = pgmap_get_u64(parsing, all, "duration_ns", ~0ULL >> 1,
				    &parsing->to->duration_ns);
	groups = err ? NULL : pgmap_find(parsing, all, "groups", json_type_array);
	if (!groups)
		return err ? err : -EINVAL;
	for (i = 0; i < json_object_array_length(groups) && !err; i++)
		err = parse_group(parsing, json_object_array_get_idx(groups, i));
	pgmap_summary_number(parsing->to);
	return err;
}

static bool is_blank(const char *text, size_t size)
{
	while (size && strchr(" \t\r\n", *text) && *text) {
		text++;
		size--;
	}
	return !size;
}

int pgmap_saved_parse(const char *text, size_t size, struct pgmap_summary *summary,
		      char why[PGMAP_SAVED_WHY_LEN])
{
	struct pgmap_parsing parsing = { .to = summary, .why = why };
	struct json_tokener *tokener;
	enum json_tokener_error said;
	size_t end;
	json *all;
	int err;

	memset(summary, 0, sizeof(*summary));
	if (is_blank(text, size))
		return pgmap_refuse(&parsing, "the file is empty");
	tokener = json_tokener_new();
	if (!tokener)
		return pgmap_refuse(&parsing, "out of memory");
	all = json_tokener_parse_ex(tokener, text, size);
	said = json_tokener_get_error(tokener);
	end = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	if (said == json_tokener_continue)
		err = pgmap_refuse(&parsing, "it ends in the middle: the file is incomplete");
	else if (said != json_tokener_success)
		err = pgmap_refuse(&parsing, "it is not JSON (%s at byte %zu): the file is damaged",
				   json_tokener_error_desc(said), end);
	else if (!is_blank(text + end, size - end))
		err = pgmap_refuse(&parsing, "there is more in it than one result");
	else
		err = parse_all(&parsing, all);
	json_object_put(all);
	if (err == -ENOMEM)
		pgmap_refuse(&parsing, "out of memory");
	return err;
}
