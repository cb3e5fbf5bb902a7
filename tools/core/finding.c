// SPDX-License-Identifier: GPL-2.0-only
/* Findings, each (rule, pagemap) kept once, their number bounded. */
#include <stdlib.h>
#include <string.h>

#include "finding.h"

struct pgmap_moment pgmap_moment_of(const struct pgmap_event *ev, __u32 generation)
{
	struct pgmap_moment moment = {
		.time_ns = ev->time_ns,
		.generation = generation,
		.pid = ev->pid,
		.event = ev->event,
		.flags = ev->flags,
		.error = ev->event == PGMAP_EVENT_ADD ? ev->u.add.error : 0,
	};

	memcpy(moment.comm, ev->comm, sizeof(moment.comm));
	return moment;
}

void pgmap_history_add(struct pgmap_history *history, const struct pgmap_event *ev,
		       __u32 generation)
{
	if (history->nr == PGMAP_MAX_MOMENTS) {
		memmove(&history->moments[0], &history->moments[1],
			(PGMAP_MAX_MOMENTS - 1) * sizeof(history->moments[0]));
		history->nr--;
	}
	history->moments[history->nr++] = pgmap_moment_of(ev, generation);
}

static struct pgmap_finding *find_same(struct pgmap_findings *findings,
				       const struct pgmap_finding *finding)
{
	size_t i;

	for (i = 0; i < findings->nr; i++) {
		struct pgmap_finding *old = &findings->all[i];

		if (old->rule == finding->rule && old->pgmap == finding->pgmap &&
		    old->generation == finding->generation)
			return old;
	}
	return NULL;
}

static int make_room(struct pgmap_findings *findings)
{
	size_t room = findings->room ? findings->room * 2 : 8;
	struct pgmap_finding *more;

	if (findings->nr < findings->room)
		return 0;
	if (findings->nr == PGMAP_MAX_FINDINGS)
		return -1;
	more = reallocarray(findings->all, room, sizeof(*more));
	if (!more)
		return -1;
	findings->all = more;
	findings->room = room;
	return 0;
}

static void put(struct pgmap_findings *findings, struct pgmap_finding *place,
		const struct pgmap_finding *finding)
{
	*place = *finding;
	place->change = ++findings->changes;
}

void pgmap_findings_add(struct pgmap_findings *findings, const struct pgmap_finding *finding)
{
	struct pgmap_finding *same = find_same(findings, finding);
	__u64 times = finding->times;

	findings->breaches++;
	findings->times[finding->rule] += times;
	if (finding->severity == PGMAP_SEVERITY_ERROR)
		findings->errors = true;
	if (same) {
		times += same->times;
		/* KILL_STALL and ALLOC_AFTER_KILL grow from a warning to an error */
		if (finding->severity > same->severity)
			put(findings, same, finding);
		same->times = times;
		return;
	}
	if (make_room(findings))
		findings->dropped += times;
	else
		put(findings, &findings->all[findings->nr++], finding);
}

enum pgmap_severity pgmap_finding_severity(const struct pgmap_finding *finding, bool incomplete)
{
	if (finding->severity == PGMAP_SEVERITY_ERROR && incomplete)
		return PGMAP_SEVERITY_WARNING;
	return finding->severity;
}

void pgmap_findings_free(struct pgmap_findings *findings)
{
	free(findings->all);
	memset(findings, 0, sizeof(*findings));
}
