// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page events one by one, from sources that do not count in the kernel: sums
 * and fault latencies, as BPF would have them.
 */
#include <errno.h>
#include <string.h>

#include <pgmap/pages.h>

#include "clock.h"
#include "pages.h"
#include "timeline.h"

static int fault_exit(struct pgmap_model *model, struct pgmap_instance *one,
		      const struct pgmap_open_fault *now, const struct pgmap_event *ev)
{
	__u64 ns;

	if (pgmap_faults_exit(&model->faults, now, &ns)) {
		model->own_losses[PGMAP_LOSS_STRAY_EXIT]++;
		return 0;
	}
	if (ns > one->counts.fault_max_ns)
		one->counts.fault_max_ns = ns;
	if (model->timeline)
		pgmap_timeline_fault(model->timeline, now, ns);
	if (model->summary)
		pgmap_summary_fault(model->summary, ev, ns);
	return pgmap_latency_add(&one->latency, ns);
}

static int count_fault(struct pgmap_model *model, struct pgmap_instance *one,
		       const struct pgmap_event *ev)
{
	struct pgmap_open_fault now = {
		.tid = ev->tid,
		.pgmap = one->pgmap,
		.generation = one->generation,
		.time_ns = ev->time_ns,
		.pfn = ev->u.page.pfn,
		.address = ev->u.page.address,
		.pid = ev->pid,
	};
	int err;

	memcpy(now.comm, ev->comm, sizeof(now.comm));
	if (ev->event == PGMAP_EVENT_FAULT_EXIT) {
		one->counts.faults++;
		if (ev->u.page.result & PGMAP_FAULT_ERRORS)
			one->counts.fault_errors++;
		return fault_exit(model, one, &now, ev);
	}
	one->counts.fault_enters++;
	err = pgmap_faults_enter(&model->faults, &now);
	if (err == -EBUSY) {
		model->own_losses[PGMAP_LOSS_OPEN_FAULT]++;
		err = 0;
	}
	if (!err)
		pgmap_clock_watch_fault(model, &now);
	return err;
}

int pgmap_pages_count(struct pgmap_model *model, struct pgmap_instance *one,
		      const struct pgmap_event *ev)
{
	if (ev->flags & PGMAP_FLAG_COUNTED)
		return 0;
	switch (ev->event) {
	case PGMAP_EVENT_PAGE_ALLOC:
		one->counts.allocs++;
		one->counts.alloc_pages += ev->u.page.pages;
		return 0;
	case PGMAP_EVENT_PAGE_FREE:
		one->counts.frees++;
		one->counts.free_pages += ev->u.page.pages;
		return 0;
	case PGMAP_EVENT_FAULT_ENTER:
	case PGMAP_EVENT_FAULT_EXIT:
		return count_fault(model, one, ev);
	default:
		return 0;
	}
}
