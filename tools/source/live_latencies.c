// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long faults took, taken out of the BPF maps. There are two: the programs are turned to the
 * other one first, and what was filled until then is emptied when none of them is at it any more.
 * So the maps never hold more than has come since the last look.
 */
#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <linux/membarrier.h>

#include "clock.h"
#include "live.h"

enum { BATCH = 512, PATIENCE_NS = 20000000 };

static __u32 map_in_turn(const struct pgmap_source *source)
{
	return source->skeleton->bss->latency_turn & 1;
}

static __u32 nr_keys(const struct pgmap_source *source, __u32 odd)
{
	return __atomic_load_n(&source->skeleton->bss->latency_keys[odd], __ATOMIC_ACQUIRE);
}

/*
 * Programs run in read sides of RCU, and where it can this call waits for all of these. It
 * cannot where CPUs run without a tick: no program takes as long as we sleep there.
 */
static void wait_for_programs(void)
{
	const struct timespec patience = { .tv_nsec = PATIENCE_NS };

	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		nanosleep(&patience, NULL);
}

static int empty(struct pgmap_source *source, const struct bpf_map *map,
		 const struct pgmap_sink *sink)
{
	__u32 keys[BATCH], nr, i, position, *from = NULL;
	struct pgmap_hist_sum values[BATCH];
	int err, end;

	do {
		nr = BATCH;
		end = bpf_map_lookup_and_delete_batch(bpf_map__fd(map), from, &position, keys,
						      values, &nr, NULL);
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

static int turn_and_empty(struct pgmap_source *source, const struct pgmap_sink *sink)
{
	struct memremap_bpf *skeleton = source->skeleton;
	__u32 odd = map_in_turn(source);
	int err;

	if (!nr_keys(source, odd))
		return 0;
	source->turned_ns = pgmap_source_now_ns();
	__atomic_add_fetch(&skeleton->bss->latency_turn, 1, __ATOMIC_SEQ_CST);
	wait_for_programs();
	err = empty(source, odd ? skeleton->maps.latencies_odd : skeleton->maps.latencies, sink);
	skeleton->bss->latency_keys[odd] = 0;
	return err;
}

/* By thread name, CPU or phase: of no slot, so that they stay to the end. */
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

int pgmap_live_read_latencies(struct pgmap_source *source, const struct pgmap_sink *sink)
{
	int err;

	/* what is taken out is nowhere else */
	if (!sink->latency)
		return 0;
	err = pgmap_slots_give_waiting(&source->slots, sink);
	if (!err)
		err = turn_and_empty(source, sink);
	return err || !source->by ? err : read_groups(source, sink);
}

int pgmap_live_take_latencies(struct pgmap_source *source, __u64 since_ns,
			      const struct pgmap_sink *sink)
{
	int err = pgmap_slots_give_waiting(&source->slots, sink);

	return err || source->turned_ns > since_ns ? err : turn_and_empty(source, sink);
}

int pgmap_live_relieve_latencies(struct pgmap_source *source, const struct pgmap_sink *sink)
{
	if (nr_keys(source, map_in_turn(source)) < PGMAP_MANY_LATENCIES)
		return 0;
	return turn_and_empty(source, sink);
}
