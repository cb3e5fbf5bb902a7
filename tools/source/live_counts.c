// SPDX-License-Identifier: GPL-2.0-only
/*
 * The live source's counters: sums by slot, and what was lost, read from the BPF maps.
 */
#include <errno.h>
#include <string.h>

#include "live.h"

int pgmap_live_give_slot(const struct pgmap_source *source, __u32 slot)
{
	return bpf_map_update_elem(bpf_map__fd(source->skeleton->maps.slots), NULL, &slot, BPF_ANY);
}

int pgmap_live_read_slot(struct pgmap_source *source, __u32 slot, struct pgmap_counts *sums)
{
	int fd = bpf_map__fd(source->skeleton->maps.counts);
	int err = bpf_map_lookup_elem(fd, &slot, source->per_cpu);

	pgmap_slots_sum(source->per_cpu, source->cpus, sums);
	return err;
}

static int give_sums(const struct pgmap_source *source, __u32 slot,
		     const struct pgmap_counts *per_cpu, const struct pgmap_sink *sink)
{
	const struct pgmap_slot_owner *owner = pgmap_slots_owner(&source->slots, slot);
	struct pgmap_counts sums;

	if (!owner)
		return 0;
	pgmap_slots_sum(per_cpu, source->cpus, &sums);
	return sink->counts(sink->context, owner->pgmap, owner->generation, &sums);
}

/* Slot by slot, from the first one on. */
static int read_singly(struct pgmap_source *source, const struct pgmap_sink *sink)
{
	int fd = bpf_map__fd(source->skeleton->maps.counts), err = 0;
	__u32 slot;

	for (slot = 1; slot < source->slots.nr && !err; slot++) {
		if (!pgmap_slots_owner(&source->slots, slot))
			continue;
		err = bpf_map_lookup_elem(fd, &slot, source->per_cpu);
		if (!err)
			err = give_sums(source, slot, source->per_cpu, sink);
	}
	return err;
}

/* Many at once, up to the last one with an owner. Returns -EOPNOTSUPP before any is given. */
static int read_in_batches(struct pgmap_source *source, const struct pgmap_sink *sink)
{
	int fd = bpf_map__fd(source->skeleton->maps.counts), err = 0, end = 0;
	__u32 keys[PGMAP_COUNTS_BATCH], nr, i, position, *from = NULL;

	while (!end && (!from || position < source->slots.last)) {
		nr = source->batch;
		end = bpf_map_lookup_batch(fd, from, &position, keys, source->per_cpu, &nr, NULL);
		if (end && end != -ENOENT)
			return end == -EPERM || from ? end : -EOPNOTSUPP;
		from = &position;
		for (i = 0; i < nr && !err; i++)
			err = give_sums(source, keys[i], &source->per_cpu[i * source->cpus], sink);
		if (err)
			return err;
	}
	return 0;
}

static int read_sums(struct pgmap_source *source, const struct pgmap_sink *sink)
{
	int err = read_in_batches(source, sink);

	/* 5.13, "bpf: Add batched ops support for percpu array" */
	return err == -EOPNOTSUPP ? read_singly(source, sink) : err;
}

/* The states of pages that this generation never freed: see the program. */
static int sweep_pages(const struct pgmap_source *source, const struct pgmap_slot_owner *owner)
{
	__u64 which[2] = { owner->pgmap, owner->generation };
	struct bpf_test_run_opts run = {
		.sz = sizeof(run),
		.ctx_in = which,
		.ctx_size_in = sizeof(which),
	};

	return bpf_prog_test_run_opts(bpf_program__fd(source->skeleton->progs.sweep), &run);
}

int pgmap_live_retire_slot(struct pgmap_source *source, __u32 slot, __u64 since_ns,
			   const struct pgmap_sink *sink)
{
	const struct pgmap_slot_owner *owner = pgmap_slots_owner(&source->slots, slot);
	int fd = bpf_map__fd(source->skeleton->maps.counts), err;
	struct pgmap_counts sums;

	if (!owner)
		return 0;
	err = pgmap_live_read_slot(source, slot, &sums);
	if (!err)
		err = sink->counts(sink->context, owner->pgmap, owner->generation, &sums);
	if (!err && sums.faults)
		err = pgmap_live_take_latencies(source, since_ns, sink);
	if (!err && source->pages && sums.allocs != sums.frees)
		err = sweep_pages(source, owner);
	if (err)
		return err;
	pgmap_slots_drop(&source->slots, slot);
	memset(source->per_cpu, 0, source->cpus * sizeof(*source->per_cpu));
	err = bpf_map_update_elem(fd, &slot, source->per_cpu, BPF_ANY);
	return err ? err : pgmap_live_give_slot(source, slot);
}

/*
 * Runs that the kernel skipped because the same program was running on that CPU, or any
 * program of a probe.
 */
static __u64 count_skipped(const struct pgmap_source *source)
{
	struct bpf_program *program;
	struct bpf_prog_info info;
	__u64 skipped = pgmap_live_faults_skipped(&source->faults);
	__u32 size;
	int i;

	bpf_object__for_each_program(program, source->skeleton->obj) {
		size = sizeof(info);
		memset(&info, 0, size);
		if (!bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
			skipped += info.recursion_misses;
	}
	for (i = 0; i < source->nr_links; i++)
		skipped += pgmap_live_probe_skipped(source->links[i]);
	return skipped;
}

/* One number of each CPU under each key, as in `losses` and `sent`. */
static int read_sum(const struct pgmap_source *source, const struct bpf_map *map, __u32 key,
		    __u64 *sum)
{
	const __u64 *per_cpu = (const __u64 *)source->per_cpu;
	int err = bpf_map_lookup_elem(bpf_map__fd(map), &key, source->per_cpu);
	__u32 cpu;

	*sum = 0;
	for (cpu = 0; !err && cpu < source->cpus; cpu++)
		*sum += per_cpu[cpu];
	return err;
}

/* Those that the programs cannot count themselves. */
static __u64 lost_here(const struct pgmap_source *source, __u32 cause)
{
	switch (cause) {
	case PGMAP_LOSS_FAULT_PROBE:
		return source->faults.lost;
	case PGMAP_LOSS_BUCKETS:
		return source->slots.lost;
	case PGMAP_LOSS_LATE:
		return source->order.late;
	case PGMAP_LOSS_RECURSION:
		return count_skipped(source);
	default:
		return 0;
	}
}

static int read_losses(const struct pgmap_source *source, const struct pgmap_sink *sink)
{
	__u32 cause;
	__u64 sum;
	int err;

	for (cause = PGMAP_LOSS_NONE + 1; cause < PGMAP_NR_LOSSES; cause++) {
		err = read_sum(source, source->skeleton->maps.losses, cause, &sum);
		if (err)
			return err;
		sink->lost(sink->context, cause, sum + lost_here(source, cause));
	}
	return 0;
}

static int read_sent(const struct pgmap_source *source, const struct pgmap_sink *sink)
{
	__u32 id;
	__u64 sum;
	int err;

	for (id = PGMAP_EVENT_NONE + 1; id < PGMAP_NR_EVENTS; id++) {
		err = read_sum(source, source->skeleton->maps.sent, id, &sum);
		if (err)
			return err;
		sink->sent(sink->context, id, sum);
	}
	return 0;
}

int pgmap_live_read_counts(struct pgmap_source *source, const struct pgmap_sink *sink)
{
	int err = read_sums(source, sink);

	/* before the losses, which may be more after it */
	if (!err)
		err = pgmap_live_read_latencies(source, sink);
	if (!err)
		err = read_losses(source, sink);
	return err ? err : read_sent(source, sink);
}
