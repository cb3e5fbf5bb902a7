// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pagemap is named, and hidden or not, when it is heard of first: by its ADD or SEEN. One
 * whose record was lost is shown.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "who.h"

static struct pgmap_hidden *find(const struct pgmap_who *who, __u64 pgmap)
{
	size_t i;

	for (i = 0; i < who->nr; i++)
		if (who->hidden[i].pgmap == pgmap)
			return &who->hidden[i];
	return NULL;
}

static bool is_hidden(const struct pgmap_who *who, __u64 pgmap, __u32 generation)
{
	const struct pgmap_hidden *one = find(who, pgmap);

	return one && one->generation == generation;
}

static int hide(struct pgmap_who *who, const struct pgmap_event *ev)
{
	size_t room = who->room ? 2 * who->room : 16;
	struct pgmap_hidden *one = find(who, ev->pgmap), *more;

	if (!one && who->nr == who->room) {
		more = reallocarray(who->hidden, room, sizeof(*more));
		if (!more)
			return -ENOMEM;
		who->hidden = more;
		who->room = room;
	}
	if (!one)
		one = &who->hidden[who->nr++];
	one->pgmap = ev->pgmap;
	one->generation = ev->generation;
	return 0;
}

static void show(struct pgmap_who *who, const struct pgmap_event *ev)
{
	struct pgmap_hidden *one = find(who, ev->pgmap);

	if (one)
		*one = who->hidden[--who->nr];
}

static bool differs(const struct pgmap_who *who, const char driver[PGMAP_NAME_LEN])
{
	return *who->driver && strncmp(who->driver, driver, PGMAP_NAME_LEN);
}

int pgmap_who_expect(struct pgmap_who *who, __u64 pgmap, const struct pgmap_evidence *evidence)
{
	struct pgmap_expected one = { .pgmap = pgmap }, *more;

	pgmap_naming_find(who->naming, evidence, one.driver, one.device);
	more = reallocarray(who->expected, who->nr_expected + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	more[who->nr_expected++] = one;
	who->expected = more;
	return 0;
}

/* Before its driver may have been unbound: the record has waited for its order. */
static void use_expected(struct pgmap_who *who, struct pgmap_event *ev)
{
	struct pgmap_event_add *add = &ev->u.add;
	struct pgmap_expected one;
	size_t i;

	for (i = 0; i < who->nr_expected && who->expected[i].pgmap != ev->pgmap; i++)
		;
	if (i == who->nr_expected)
		return;
	one = who->expected[i];
	who->expected[i] = who->expected[--who->nr_expected];
	if (ev->event != PGMAP_EVENT_SEEN)
		return;
	if (pgmap_naming_is_open(add->driver) && *one.driver)
		memcpy(add->driver, one.driver, sizeof(add->driver));
	if (!*add->device)
		memcpy(add->device, one.device, sizeof(add->device));
}

static int on_first(struct pgmap_who *who, const struct pgmap_event *ev)
{
	struct pgmap_event named = *ev;

	use_expected(who, &named);
	pgmap_naming_event(who->naming, &named);
	if (differs(who, named.u.add.driver))
		return hide(who, ev);
	show(who, ev);
	return who->next.event(who->next.context, &named);
}

/* Until the record's turn comes its driver may be unloaded. */
static void on_arrival(void *context, const struct pgmap_event *ev)
{
	struct pgmap_who *who = context;

	/* where the kernel names the driver nobody looks at the callback */
	if ((ev->event == PGMAP_EVENT_BEGIN || ev->event == PGMAP_EVENT_ADD) &&
	    pgmap_naming_is_open(ev->u.add.driver))
		pgmap_naming_learn(who->naming, ev->u.add.callback);
}

static int on_event(void *context, const struct pgmap_event *ev)
{
	struct pgmap_who *who = context;

	if (ev->event == PGMAP_EVENT_ADD || ev->event == PGMAP_EVENT_SEEN)
		return on_first(who, ev);
	return is_hidden(who, ev->pgmap, ev->generation) ? 0 :
		who->next.event(who->next.context, ev);
}

static int on_counts(void *context, __u64 pgmap, __u32 generation,
		     const struct pgmap_counts *counts)
{
	struct pgmap_who *who = context;

	return is_hidden(who, pgmap, generation) ? 0 :
		who->next.counts(who->next.context, pgmap, generation, counts);
}

static int on_latency(void *context, __u64 pgmap, __u32 generation, __u32 bucket,
		      const struct pgmap_hist_sum *sum)
{
	struct pgmap_who *who = context;

	return is_hidden(who, pgmap, generation) ? 0 :
		who->next.latency(who->next.context, pgmap, generation, bucket, sum);
}

static void on_group(void *context, const struct pgmap_group_key *key,
		     const struct pgmap_group_value *value)
{
	struct pgmap_who *who = context;

	who->next.group(who->next.context, key, value);
}

static void on_lost(void *context, enum pgmap_loss cause, __u64 count)
{
	struct pgmap_who *who = context;

	who->next.lost(who->next.context, cause, count);
}

static void on_sent(void *context, enum pgmap_event_id event, __u64 count)
{
	struct pgmap_who *who = context;

	who->next.sent(who->next.context, event, count);
}

int pgmap_who_open(struct pgmap_who *who, const struct pgmap_sink *next,
		   const struct pgmap_naming_options *naming, const char *driver)
{
	*who = (struct pgmap_who){
		.sink = {
			.event = on_event,
			.arrived = on_arrival,
			.counts = on_counts,
			.latency = on_latency,
			.group = on_group,
			.lost = on_lost,
			.sent = on_sent,
			.context = who,
		},
		.next = *next,
		.driver = driver,
	};
	return naming ? pgmap_naming_open(&who->naming, naming) : 0;
}

void pgmap_who_free(struct pgmap_who *who)
{
	pgmap_naming_free(who->naming);
	free(who->hidden);
	free(who->expected);
	memset(who, 0, sizeof(*who));
}
