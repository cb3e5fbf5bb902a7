// SPDX-License-Identifier: GPL-2.0-only
/* What a pagemap says about itself: from ADD, SEEN and RANGE into its instance. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "learn.h"

static int learn_ranges(struct pgmap_model *model, struct pgmap_instance *one,
			const struct pgmap_event *ev, const struct pgmap_range *ranges, __u32 nr)
{
	struct pgmap_range *all;
	__u32 i;
	int err;

	if (!nr)
		return 0;
	/* no source tells of more: it counts the others as lost */
	if (one->nr_known + nr > PGMAP_MAX_RANGES)
		return -EINVAL;
	all = reallocarray(one->ranges, one->nr_known + nr, sizeof(*all));
	if (!all)
		return -ENOMEM;
	one->ranges = all;
	for (i = 0; i < nr; i++) {
		all[one->nr_known++] = ranges[i];
		if (one->error)
			continue;	/* it holds nothing */
		if (!one->partial)
			pgmap_judge_overlap(model, one, ev, &ranges[i]);
		err = pgmap_ranges_insert(&model->held, &ranges[i], one);
		if (err == -ENOMEM)
			return err;
	}
	return 0;
}

int pgmap_learn_add(struct pgmap_model *model, struct pgmap_instance *one,
		    const struct pgmap_event *ev)
{
	const struct pgmap_event_add *add = &ev->u.add;

	if (one->nr_known)
		return 0;
	one->type = ev->type;
	one->node = add->node;
	one->error = add->error;
	one->nr_range = add->nr_range;
	one->pages = add->pages;
	one->setup_ns = add->setup_ns;
	if (ev->event == PGMAP_EVENT_ADD)
		one->begin_ns = ev->time_ns - add->setup_ns;
	else
		one->seen_ns = ev->time_ns;
	memcpy(one->driver, add->driver, sizeof(one->driver) - 1);
	memcpy(one->device, add->device, sizeof(one->device) - 1);
	return learn_ranges(model, one, ev, add->ranges,
			    add->nr_here < PGMAP_ADD_RANGES ? add->nr_here : PGMAP_ADD_RANGES);
}

int pgmap_learn_ranges(struct pgmap_model *model, struct pgmap_instance *one,
		       const struct pgmap_event *ev)
{
	const struct pgmap_event_range *range = &ev->u.range;

	return learn_ranges(model, one, ev, range->ranges,
			    range->nr_here < PGMAP_MORE_RANGES ? range->nr_here :
								 PGMAP_MORE_RANGES);
}
