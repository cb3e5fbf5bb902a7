// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults without our tracepoints: each driver handles those of its pagemaps in a function
 * of its own, migrate_to_ram(), which is probed from when the first pagemap with it begins
 * to be added until the last one is released.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "live.h"

#define NOT_ATTACHED (~0ULL)

/* ---- probes ---- */

static struct pgmap_fault_probe *find_probe(const struct pgmap_live_faults *faults,
					    __u64 callback)
{
	size_t i;

	for (i = 0; i < faults->nr_probes; i++)
		if (faults->probes[i].callback == callback)
			return &faults->probes[i];
	return NULL;
}

static struct pgmap_fault_probe *new_probe(struct pgmap_live_faults *faults)
{
	struct pgmap_fault_probe *more, *free_one = find_probe(faults, 0);

	if (free_one)
		return free_one;
	more = reallocarray(faults->probes, faults->nr_probes + 1, sizeof(*more));
	if (!more)
		return NULL;
	faults->probes = more;
	return &more[faults->nr_probes++];
}

static int set_unprobed(const struct pgmap_source *source, __u64 callback, bool is_unprobed)
{
	int fd = bpf_map__fd(source->skeleton->maps.unprobed);
	__u32 one = 1;

	return is_unprobed ? bpf_map_update_elem(fd, &callback, &one, BPF_ANY) :
			     bpf_map_delete_elem(fd, &callback);
}

/* The entry first: what has entered may still leave, and what leaves alone is no loss. */
static void detach(struct pgmap_source *source, struct pgmap_fault_probe *probe)
{
	source->faults.skipped += pgmap_live_probe_skipped(probe->enter) +
				  pgmap_live_probe_skipped(probe->leave);
	if (!probe->enter)
		set_unprobed(source, probe->callback, false);
	bpf_link__destroy(probe->enter);
	bpf_link__destroy(probe->leave);
	memset(probe, 0, sizeof(*probe));
}

static int attach_to_handler(struct pgmap_source *source, struct pgmap_fault_probe *probe)
{
	int err = pgmap_live_probe(&probe->leave, source->skeleton->progs.kretprobe_fault, NULL,
				   probe->callback, true);

	if (!err)
		err = pgmap_live_probe(&probe->enter, source->skeleton->progs.kprobe_fault, NULL,
				       probe->callback, false);
	if (!err)
		return 0;
	bpf_link__destroy(probe->leave);
	probe->leave = NULL;
	return err;
}

/* Some code is built so that it cannot be probed: all of the kernel's lib/ is. */
static int attach_to_swap(struct pgmap_source *source, const struct pgmap_fault_probe *probe)
{
	int err = source->faults.by_swap ? 0 : pgmap_live_attach_swap(source);

	if (err)
		return err;
	source->faults.by_swap = true;
	/* while it is handled a fault is not seen this way */
	source->sight &= ~PGMAP_SIGHT_ENTER;
	return set_unprobed(source, probe->callback, true);
}

static int attach(struct pgmap_source *source, __u64 callback)
{
	struct pgmap_fault_probe *probe = new_probe(&source->faults);
	int err, swap_err;

	if (!probe)
		return -ENOMEM;
	*probe = (struct pgmap_fault_probe){ .callback = callback, .since_ns = NOT_ATTACHED };
	err = source->kernel.may_probe ? attach_to_handler(source, probe) : -ENOENT;
	swap_err = err ? attach_to_swap(source, probe) : 0;
	if (!swap_err)
		probe->since_ns = pgmap_source_now_ns();
	if (err)
		pgmap_live_log("no probe on the fault handler at 0x%llx (%s), on do_swap_page: %s\n",
			       callback, strerror(-err), strerror(-swap_err));
	/* without any the run goes on: what it misses is counted when the pagemap is there */
	return 0;
}

/* ---- who has which ---- */

static void drop(struct pgmap_source *source, __u64 pgmap)
{
	struct pgmap_live_faults *faults = &source->faults;
	struct pgmap_fault_probe *probe;
	__u64 callback = 0;
	size_t i;

	for (i = 0; i < faults->nr_users; i++) {
		if (faults->users[i].pgmap != pgmap)
			continue;
		callback = faults->users[i].callback;
		faults->users[i] = faults->users[--faults->nr_users];
		break;
	}
	for (i = 0; i < faults->nr_users; i++)
		if (faults->users[i].callback == callback)
			return;
	probe = callback ? find_probe(faults, callback) : NULL;
	if (probe)
		detach(source, probe);
}

static bool is_used(const struct pgmap_live_faults *faults, __u64 pgmap, __u64 callback)
{
	size_t i;

	for (i = 0; i < faults->nr_users; i++)
		if (faults->users[i].pgmap == pgmap && faults->users[i].callback == callback)
			return true;
	return false;
}

static int use(struct pgmap_source *source, __u64 pgmap, __u64 callback)
{
	struct pgmap_live_faults *faults = &source->faults;
	struct pgmap_fault_user *more;

	more = reallocarray(faults->users, faults->nr_users + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	faults->users = more;
	more[faults->nr_users++] = (struct pgmap_fault_user){ pgmap, callback };
	return find_probe(faults, callback) ? 0 : attach(source, callback);
}

/*
 * The probe was there before the add was over, or at least before the first page was
 * allocated: then there has been no fault without it.
 */
static bool has_seen_all(struct pgmap_source *source, const struct pgmap_event *ev)
{
	const struct pgmap_fault_probe *probe = find_probe(&source->faults,
							   ev->u.add.callback);
	struct pgmap_counts sums;

	if (!probe || probe->since_ns == NOT_ATTACHED)
		return false;
	if (ev->event == PGMAP_EVENT_SEEN || probe->since_ns <= ev->time_ns)
		return true;
	if (!(source->sight & PGMAP_SIGHT_ALLOC) || !ev->slot)
		return false;
	return !pgmap_live_read_slot(source, ev->slot, &sums) && !sums.allocs;
}

int pgmap_live_faults_note(struct pgmap_source *source, const struct pgmap_event *ev)
{
	struct pgmap_live_faults *faults = &source->faults;
	__u64 callback = ev->u.add.callback;
	int err = 0;

	if (ev->event == PGMAP_EVENT_RELEASE || ev->event == PGMAP_EVENT_BEGIN ||
	    (ev->event == PGMAP_EVENT_ADD && ev->u.add.error))
		drop(source, ev->pgmap);
	if (ev->event != PGMAP_EVENT_BEGIN && ev->event != PGMAP_EVENT_SEEN &&
	    (ev->event != PGMAP_EVENT_ADD || ev->u.add.error))
		return 0;
	if (ev->type != PGMAP_TYPE_PRIVATE || !callback)
		return 0;
	if (!is_used(faults, ev->pgmap, callback))
		err = use(source, ev->pgmap, callback);
	if (!err && ev->event != PGMAP_EVENT_BEGIN)
		faults->lost += !has_seen_all(source, ev);
	return err;
}

__u64 pgmap_live_faults_skipped(const struct pgmap_live_faults *faults)
{
	__u64 skipped = faults->skipped;
	size_t i;

	for (i = 0; i < faults->nr_probes; i++)
		skipped += pgmap_live_probe_skipped(faults->probes[i].enter) +
			   pgmap_live_probe_skipped(faults->probes[i].leave);
	return skipped;
}

void pgmap_live_faults_free(struct pgmap_source *source)
{
	struct pgmap_live_faults *faults = &source->faults;
	size_t i;

	for (i = 0; i < faults->nr_probes; i++)
		if (faults->probes[i].callback)
			detach(source, &faults->probes[i]);
	free(faults->probes);
	free(faults->users);
	memset(faults, 0, sizeof(*faults));
}
