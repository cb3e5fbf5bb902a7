// SPDX-License-Identifier: GPL-2.0-only
/* Records in, events out; counts what came too late or did not fit. */
#include <errno.h>
#include <string.h>

#include "older.h"
#include "trace_feed.h"

int pgmap_trace_feed_parse(const struct pgmap_trace_feed *feed, const void *data, size_t size,
			   __u64 time_ns, struct pgmap_trace_record *record)
{
	const struct pgmap_trace_format *format;
	__u16 id;
	int err;

	if (size < sizeof(id))
		return -EBADMSG;
	/* in every record of every kernel this comes first */
	memcpy(&id, data, sizeof(id));
	format = pgmap_trace_format_of(&feed->formats, id);
	if (!format)
		return 0;
	err = pgmap_trace_parse(format, data, size, record);
	record->ev.time_ns = time_ns;
	return err ? err : 1;
}

int pgmap_trace_feed_older(struct pgmap_trace_feed *feed, const struct pgmap_source_older *older,
			   __u64 time_ns, const struct pgmap_sink *sink)
{
	int err = pgmap_addresses_note(&feed->known, older->pgmap);
	__u32 told, first = PGMAP_ADD_RANGES;
	struct pgmap_event ev;

	if (err <= 0)
		return err;
	ev = pgmap_older_seen(older, time_ns);
	err = sink->event(sink->context, &ev);
	while (!err && (told = pgmap_older_more(older, first, time_ns, &ev))) {
		err = sink->event(sink->context, &ev);
		first += told;
	}
	return err;
}

/* A first sight that is no beginning: the pagemap is older than we are. */
static int tell_of_older(struct pgmap_trace_feed *feed, const struct pgmap_trace_record *record,
			 const struct pgmap_sink *sink)
{
	int is_new = pgmap_addresses_note(&feed->known, record->ev.pgmap);
	struct pgmap_event seen;

	if (is_new <= 0 || record->ev.event == PGMAP_EVENT_ADD ||
	    record->ev.flags & PGMAP_FLAG_ADDING)
		return is_new < 0 ? is_new : 0;
	seen = pgmap_trace_seen(record);
	return sink->event(sink->context, &seen);
}

static int give_ranges(struct pgmap_trace_feed *feed, const struct pgmap_trace_record *record,
		       const struct pgmap_sink *sink)
{
	__u32 told, first = PGMAP_ADD_RANGES;
	struct pgmap_event more;
	int err = 0;

	if (record->ev.event != PGMAP_EVENT_ADD)
		return 0;
	while (!err && (told = pgmap_trace_more(record, first, &more))) {
		err = sink->event(sink->context, &more);
		first += told;
	}
	if ((__s32)record->ev.u.add.nr_range > PGMAP_MAX_RANGES)
		feed->ranges_past_limit++;
	return err;
}

int pgmap_trace_feed_give(struct pgmap_trace_feed *feed, const struct pgmap_trace_record *record,
			  const struct pgmap_sink *sink)
{
	int err;

	feed->sent[record->ev.event]++;
	if (record->ev.time_ns < feed->newest_ns)
		feed->late++;
	else
		feed->newest_ns = record->ev.time_ns;
	err = tell_of_older(feed, record, sink);
	if (!err)
		err = sink->event(sink->context, &record->ev);
	return err ? err : give_ranges(feed, record, sink);
}

void pgmap_trace_feed_counts(const struct pgmap_trace_feed *feed, __u64 lost,
			     const struct pgmap_sink *sink)
{
	int id;

	sink->lost(sink->context, PGMAP_LOSS_RINGBUF, lost);
	sink->lost(sink->context, PGMAP_LOSS_RANGES, feed->ranges_past_limit);
	sink->lost(sink->context, PGMAP_LOSS_LATE, feed->late);
	for (id = PGMAP_EVENT_NONE + 1; id < PGMAP_NR_EVENTS; id++)
		sink->sent(sink->context, id, feed->sent[id]);
}

void pgmap_trace_feed_free(struct pgmap_trace_feed *feed)
{
	pgmap_addresses_free(&feed->known);
}
