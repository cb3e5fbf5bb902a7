// SPDX-License-Identifier: GPL-2.0-only
/*
 * The live source: loads and attaches the BPF programs, reads the ring buffer
 * and the counters. The only file that knows libbpf. Everything it attaches
 * hangs on file descriptors, so nothing outlives the process.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pgmap/histogram.h>

#include "memremap.skel.h"
#include "order.h"
#include "slots.h"
#include "source.h"
#include "surroundings.h"

/* How long an event may be on its way: a CPU may be taken away from a program. */
#define ORDER_WINDOW_NS 50000000ULL

enum { BATCH = 512 };

struct pgmap_source {
	struct memremap_bpf *skeleton;
	struct ring_buffer *ring;
	struct pgmap_order order;
	struct pgmap_slots slots;
	struct pgmap_counts *per_cpu;	/* room for one look-up */
	__u32 cpus;
	__u32 buffer_bytes;
	struct pgmap_kernel kernel;
	int push_error;			/* met in a callback of libbpf */
	const struct pgmap_sink *sink;	/* during read() */
};

static void (*library_log)(const char *format, va_list args);

static int log_library(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	if (library_log)
		library_log(format, args);
	return 0;
}

/* ---- counters ---- */

static int give_slot(const struct pgmap_source *source, __u32 slot)
{
	return bpf_map_update_elem(bpf_map__fd(source->skeleton->maps.slots), NULL, &slot, BPF_ANY);
}

static int read_slot(struct pgmap_source *source, __u32 slot, struct pgmap_counts *sums)
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
	__u64 values[BATCH];
	int err, end;

	do {
		nr = BATCH;
		end = bpf_map_lookup_batch(fd, from, &position, keys, values, &nr, NULL);
		if (end && end != -ENOENT)
			return end;
		from = &position;
		for (i = 0; i < nr; i++) {
			err = pgmap_slots_give_latency(&source->slots, keys[i], values[i], sink);
			if (err)
				return err;
		}
	} while (!end);
	return 0;
}

/* Latencies of one slot, taken out of the map: the slot is to start anew. */
static int take_latencies(const struct pgmap_source *source, __u32 slot,
			  const struct pgmap_sink *sink)
{
	int fd = bpf_map__fd(source->skeleton->maps.latencies);
	__u32 bucket, key;
	__u64 count;
	int err;

	for (bucket = 0; bucket < PGMAP_HIST_BUCKETS; bucket++) {
		key = pgmap_hist_key(slot, bucket);
		if (bpf_map_lookup_elem(fd, &key, &count))
			continue;
		err = pgmap_slots_give_latency(&source->slots, key, count, sink);
		if (err)
			return err;
		bpf_map_delete_elem(fd, &key);
	}
	return 0;
}

/* Last look at a slot that nothing counts on any more; then it is free again. */
static int retire_slot(struct pgmap_source *source, __u32 slot, const struct pgmap_sink *sink)
{
	const struct pgmap_slot_owner *owner = pgmap_slots_owner(&source->slots, slot);
	int fd = bpf_map__fd(source->skeleton->maps.counts);
	struct pgmap_counts sums;
	int err;

	if (!owner)
		return 0;
	err = read_slot(source, slot, &sums);
	if (!err)
		err = sink->counts(sink->context, owner->pgmap, owner->generation, &sums);
	if (!err && sums.faults)
		err = take_latencies(source, slot, sink);
	if (err)
		return err;
	pgmap_slots_drop(&source->slots, slot);
	memset(source->per_cpu, 0, source->cpus * sizeof(*source->per_cpu));
	err = bpf_map_update_elem(fd, &slot, source->per_cpu, BPF_ANY);
	return err ? err : give_slot(source, slot);
}

/* Runs that the kernel skipped because the same program was running on that CPU. */
static __u64 count_skipped(const struct pgmap_source *source)
{
	struct bpf_program *program;
	struct bpf_prog_info info;
	__u64 skipped = 0;
	__u32 size;

	bpf_object__for_each_program(program, source->skeleton->obj) {
		size = sizeof(info);
		memset(&info, 0, size);
		if (!bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
			skipped += info.recursion_misses;
	}
	return skipped;
}

static void read_losses(const struct pgmap_source *source, const struct pgmap_sink *sink)
{
	int fd = bpf_map__fd(source->skeleton->maps.losses);
	__u64 *per_cpu = (__u64 *)source->per_cpu;
	__u32 cause, cpu;
	__u64 sum;

	for (cause = PGMAP_LOSS_NONE + 1; cause < PGMAP_NR_LOSSES; cause++) {
		if (bpf_map_lookup_elem(fd, &cause, per_cpu))
			continue;
		for (sum = 0, cpu = 0; cpu < source->cpus; cpu++)
			sum += per_cpu[cpu];
		sink->lost(sink->context, cause, sum);
	}
	/* two that the programs cannot count themselves */
	sink->lost(sink->context, PGMAP_LOSS_LATE, source->order.late);
	sink->lost(sink->context, PGMAP_LOSS_RECURSION, count_skipped(source));
}

static int live_read_counts(struct pgmap_source *source, const struct pgmap_sink *sink)
{
	const struct pgmap_slot_owner *owner;
	struct pgmap_counts sums;
	__u32 slot;
	int err;

	for (slot = 1; slot < source->slots.nr; slot++) {
		owner = pgmap_slots_owner(&source->slots, slot);
		if (!owner)
			continue;
		err = read_slot(source, slot, &sums);
		if (!err)
			err = sink->counts(sink->context, owner->pgmap, owner->generation, &sums);
		if (err)
			return err;
	}
	read_losses(source, sink);
	return read_latencies(source, sink);
}

/* ---- events ---- */

static int deliver(struct pgmap_source *source, const struct pgmap_event *ev,
		   const struct pgmap_sink *sink)
{
	__u32 orphan = pgmap_slots_note(&source->slots, ev);
	int err = 0;

	if (orphan)
		err = retire_slot(source, orphan, sink);
	if (!err)
		err = sink->event(sink->context, ev);
	if (!err && ev->event == PGMAP_EVENT_RELEASE && ev->slot)
		err = retire_slot(source, ev->slot, sink);
	return err;
}

static int take_record(void *context, void *data, size_t size)
{
	struct pgmap_source *source = context;
	struct pgmap_event oldest;
	int err = 0;

	if (size < sizeof(oldest))
		return 0;
	/* more in the window than can be held: the oldest goes early */
	if (source->order.nr == PGMAP_ORDER_MAX &&
	    pgmap_order_pop(&source->order, ~0ULL, &oldest))
		err = deliver(source, &oldest, source->sink);
	if (!err)
		err = pgmap_order_push(&source->order, data);
	source->push_error = err;
	return err;
}

static int live_read(struct pgmap_source *source, __u64 now_ns, const struct pgmap_sink *sink)
{
	__u64 watermark = now_ns == ~0ULL ? now_ns : now_ns - ORDER_WINDOW_NS;
	struct pgmap_event ev;
	int err;

	source->sink = sink;
	source->push_error = 0;
	err = ring_buffer__consume(source->ring);
	if (source->push_error)
		return source->push_error;
	if (err < 0)
		return err;
	while (pgmap_order_pop(&source->order, watermark, &ev)) {
		err = deliver(source, &ev, sink);
		if (err)
			return err;
	}
	return 0;
}

/* ---- opening ---- */

static void set_knobs(struct pgmap_source *source, const struct pgmap_source_options *options)
{
	struct memremap_bpf *skeleton = source->skeleton;

	skeleton->rodata->knob_cpus = source->cpus;
	skeleton->rodata->knob_type = options->type;
	skeleton->rodata->knob_pgmap = options->pgmap;
	memcpy((char *)skeleton->rodata->knob_driver, options->driver, PGMAP_NAME_LEN);
	bpf_map__set_max_entries(skeleton->maps.counts, source->slots.nr);
	bpf_map__set_max_entries(skeleton->maps.slots, source->slots.nr);
	bpf_map__set_max_entries(skeleton->maps.events, source->buffer_bytes);
}

static int fill_slots(const struct pgmap_source *source)
{
	__u32 slot;
	int err = 0;

	for (slot = 1; slot < source->slots.nr && !err; slot++)
		err = give_slot(source, slot);
	return err;
}

static int explain(char why[PGMAP_WHY_LEN], const char *what, int err)
{
	const char *hint = "see -v for the kernel's own words";

	if (err == -EPERM)
		hint = "run as root and check ulimit -l";
	else if (err == -ENOMEM)
		hint = "free some memory, or ask for less with --buffer";
	snprintf(why, PGMAP_WHY_LEN, "cannot %s (%s): %s", what, strerror(-err), hint);
	return err;
}

static int load_and_attach(struct pgmap_source *source, char why[PGMAP_WHY_LEN])
{
	int err = memremap_bpf__load(source->skeleton);

	if (!err)
		err = fill_slots(source);
	if (err)
		return explain(why, "load the BPF programs", err);
	err = memremap_bpf__attach(source->skeleton);
	return err ? explain(why, "attach to the memremap tracepoints", err) : 0;
}

static int prepare(struct pgmap_source *source, const struct pgmap_source_options *options)
{
	int cpus = libbpf_num_possible_cpus();

	if (cpus < 0)
		return cpus;
	source->cpus = cpus;
	source->buffer_bytes = options->buffer_bytes;
	source->per_cpu = calloc(cpus, sizeof(*source->per_cpu));
	source->skeleton = memremap_bpf__open();
	if (!source->per_cpu || !source->skeleton)
		return -ENOMEM;
	return pgmap_slots_init(&source->slots, pgmap_slots_affordable(cpus));
}

static void live_free(struct pgmap_source *source)
{
	if (!source)
		return;
	ring_buffer__free(source->ring);
	memremap_bpf__destroy(source->skeleton);
	pgmap_order_free(&source->order);
	pgmap_slots_free(&source->slots);
	free(source->per_cpu);
	free(source);
}

static int open_all(struct pgmap_source *source, const struct pgmap_source_options *options,
		    char why[PGMAP_WHY_LEN])
{
	int err = pgmap_surroundings_check(why);

	if (!err)
		err = pgmap_kernel_check(&source->kernel, why);
	if (err)
		return err;
	err = prepare(source, options);
	if (err)
		return explain(why, "prepare the BPF programs", err);
	set_knobs(source, options);
	err = load_and_attach(source, why);
	if (err)
		return err;
	source->ring = ring_buffer__new(bpf_map__fd(source->skeleton->maps.events), take_record,
					source, NULL);
	return source->ring ? 0 : explain(why, "map the ring buffer", -errno);
}

static int live_open(struct pgmap_source **opened, const struct pgmap_source_options *options,
		     char why[PGMAP_WHY_LEN])
{
	struct pgmap_source *source = calloc(1, sizeof(*source));
	int err;

	*opened = NULL;
	if (!source)
		return explain(why, "start", -ENOMEM);
	library_log = options->log;
	libbpf_set_print(log_library);
	err = open_all(source, options, why);
	if (err)
		live_free(source);
	else
		*opened = source;
	return err;
}

static int live_fd(const struct pgmap_source *source)
{
	return ring_buffer__epoll_fd(source->ring);
}

static bool live_is_holding(const struct pgmap_source *source)
{
	return source->order.nr != 0;
}

static size_t live_facts(const struct pgmap_source *source,
			 struct pgmap_fact facts[PGMAP_MAX_FACTS])
{
	const struct pgmap_fact all[] = {
		pgmap_fact("backend", "live (BPF on typed tracepoints)"),
		pgmap_fact("tracepoints", "%d of system memremap, all attached",
			   source->skeleton->skeleton->prog_cnt),
		pgmap_fact("driver_name", source->kernel.has_driver ? "yes" :
			   "no: this kernel does not record it"),
		pgmap_fact("capabilities", "%s", pgmap_surroundings_capabilities().value),
		pgmap_fact("cpus", "%u possible", source->cpus),
		pgmap_fact("pagemaps_at_once", "%u", source->slots.nr - 1),
		pgmap_fact("ring_buffer", "%u bytes", source->buffer_bytes),
	};

	memcpy(facts, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

const struct pgmap_source_ops pgmap_source_live = {
	.name = "live",
	.open = live_open,
	.fd = live_fd,
	.read = live_read,
	.is_holding = live_is_holding,
	.read_counts = live_read_counts,
	.facts = live_facts,
	.free = live_free,
};
