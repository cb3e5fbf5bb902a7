// SPDX-License-Identifier: GPL-2.0-only
/*
 * The live source's counters: sums by slot, latencies by slot and bucket, and
 * what was lost, read from the BPF maps.
 */
#include <errno.h>
#include <string.h>

#include <pgmap/histogram.h>

#include "live.h"

enum { BATCH = 512 };

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

static int read_latencies(const struct pgmap_source *source, const struct pgmap_sink *sink)
{
	int fd = bpf_map__fd(source->skeleton->maps.latencies);
	__u32 keys[BATCH], nr, i, position, *from = NULL;
	struct pgmap_hist_sum values[BATCH];
	int err, end;

	do {
		nr = BATCH;
		end = bpf_map_lookup_batch(fd, from, &position, keys, values, &nr, NULL);
		if (end && end != -ENOENT)
			return end;
		from = &position;
		for (i = 0; i < nr; i++) {
			err = pgmap_slots_give_latency(&source->slots, keys[i], &values[i], sink);
			if (err)
				return err;
		}
	} while (!end);
	return 0;
}

/* By thread name or CPU: of no slot, so that they stay to the end. */
static int read_groups(const struct pgmap_source *source, const struct pgmap_sink *sink)
{
	int fd = bpf_map__fd(source->skeleton->maps.groups);
	struct pgmap_group_value values[BATCH];
	struct pgmap_group_key keys[BATCH];
	__u32 nr, i, position, *from = NULL;
	int end;

	do {
		nr = BATCH;
		end = bpf_map_lookup_batch(fd, from, &position, keys, values, &nr, NULL);
		if (end && end != -ENOENT)
			return end;
		from = &position;
		for (i = 0; i < nr; i++)
			sink->group(sink->context, &keys[i], &values[i]);
	} while (!end);
	return 0;
}

/* Latencies of one slot, taken out of the map: the slot is to start anew. */
static int take_latencies(const struct pgmap_source *source, __u32 slot,
			  const struct pgmap_sink *sink)
{
	int fd = bpf_map__fd(source->skeleton->maps.latencies);
	struct pgmap_hist_sum sum;
	__u32 bucket, key;
	int err;

	for (bucket = 0; bucket < PGMAP_HIST_BUCKETS; bucket++) {
		key = pgmap_hist_key(slot, bucket);
		if (bpf_map_lookup_elem(fd, &key, &sum))
			continue;
		err = pgmap_slots_give_latency(&source->slots, key, &sum, sink);
		if (err)
			return err;
		bpf_map_delete_elem(fd, &key);
	}
	return 0;
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

int pgmap_live_retire_slot(struct pgmap_source *source, __u32 slot,
			   const struct pgmap_sink *sink)
{
	const struct pgmap_slot_owner *owner = pgmap_slots_owner(&source->slots, slot);
	int fd = bpf_map__fd(source->skeleton->maps.counts);
	struct pgmap_counts sums;
	int err;

	if (!owner)
		return 0;
	err = pgmap_live_read_slot(source, slot, &sums);
	if (!err)
		err = sink->counts(sink->context, owner->pgmap, owner->generation, &sums);
	if (!err && sums.faults)
		err = take_latencies(source, slot, sink);
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
static __u64 read_sum(const struct pgmap_source *source, const struct bpf_map *map, __u32 key)
{
	__u64 *per_cpu = (__u64 *)source->per_cpu;
	__u64 sum = 0;
	__u32 cpu;

	if (bpf_map_lookup_elem(bpf_map__fd(map), &key, per_cpu))
		return 0;
	for (cpu = 0; cpu < source->cpus; cpu++)
		sum += per_cpu[cpu];
	return sum;
}

static void read_losses(const struct pgmap_source *source, const struct pgmap_sink *sink)
{
	__u32 cause;

	for (cause = PGMAP_LOSS_NONE + 1; cause < PGMAP_NR_LOSSES; cause++)
		sink->lost(sink->context, cause,
			   read_sum(source, source->skeleton->maps.losses, cause));
	/* those that the programs cannot count themselves */
	sink->lost(sink->context, PGMAP_LOSS_FAULT_PROBE, source->faults.lost +
		   read_sum(source, source->skeleton->maps.losses, PGMAP_LOSS_FAULT_PROBE));
	sink->lost(sink->context, PGMAP_LOSS_LATE, source->order.late);
	sink->lost(sink->context, PGMAP_LOSS_RECURSION, count_skipped(source));
}

static void read_sent(const struct pgmap_source *source, const struct pgmap_sink *sink)
{
	__u32 id;

	for (id = PGMAP_EVENT_NONE + 1; id < PGMAP_NR_EVENTS; id++)
		sink->sent(sink->context, id, read_sum(source, source->skeleton->maps.sent, id));
}

int pgmap_live_read_counts(struct pgmap_source *source, const struct pgmap_sink *sink)
{
	const struct pgmap_slot_owner *owner;
	struct pgmap_counts sums;
	__u32 slot;
	int err;

	for (slot = 1; slot < source->slots.nr; slot++) {
		owner = pgmap_slots_owner(&source->slots, slot);
		if (!owner)
			continue;
		err = pgmap_live_read_slot(source, slot, &sums);
		if (!err)
			err = sink->counts(sink->context, owner->pgmap, owner->generation, &sums);
		if (err)
			return err;
	}
	read_losses(source, sink);
	read_sent(source, sink);
	err = read_latencies(source, sink);
	return err || !source->by ? err : read_groups(source, sink);
}
