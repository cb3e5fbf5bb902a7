// SPDX-License-Identifier: GPL-2.0-only
/*
 * The live source: loads and attaches the BPF programs, reads the ring buffer.
 * Only it and its parts (live_*.c) know libbpf. Everything it attaches hangs on
 * file descriptors, so nothing outlives the process.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live.h"

/* How long an event may be on its way: a CPU may be taken away from a program. */
#define ORDER_WINDOW_NS 50000000ULL

static void (*library_log)(const char *format, va_list args);

static int log_library(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	if (library_log)
		library_log(format, args);
	return 0;
}

/* ---- events ---- */

static int deliver(struct pgmap_source *source, const struct pgmap_event *ev,
		   const struct pgmap_sink *sink)
{
	__u32 orphan = pgmap_slots_note(&source->slots, ev);
	int err = 0;

	if (orphan)
		err = pgmap_live_retire_slot(source, orphan, sink);
	if (!err)
		err = sink->event(sink->context, ev);
	if (!err && ev->event == PGMAP_EVENT_RELEASE && ev->slot)
		err = pgmap_live_retire_slot(source, ev->slot, sink);
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
	return now_ns == ~0ULL ? 0 : pgmap_live_tick(source, watermark, sink);
}

/* ---- opening ---- */

static void set_knobs(struct pgmap_source *source, const struct pgmap_source_options *options)
{
	struct memremap_bpf *skeleton = source->skeleton;

	skeleton->rodata->knob_cpus = source->cpus;
	skeleton->rodata->knob_type = options->type;
	skeleton->rodata->knob_by = options->by;
	bpf_map__set_autocreate(skeleton->maps.groups, options->by);
	skeleton->rodata->knob_pgmap = options->pgmap;
	memcpy((char *)skeleton->rodata->knob_driver, options->driver, PGMAP_NAME_LEN);
	skeleton->rodata->knob_pages = options->pages;
	bpf_map__set_autocreate(skeleton->maps.pgmap_pages, options->pages);
	bpf_map__set_autocreate(skeleton->maps.pgmap_stacks, options->pages);
	if (options->pages)
		bpf_map__set_max_entries(skeleton->maps.pgmap_pages, options->pages);
	bpf_program__set_autoload(skeleton->progs.pgmap_get, options->probe_get);
	bpf_program__set_autoattach(skeleton->progs.pgmap_get, false);
	bpf_map__set_max_entries(skeleton->maps.counts, source->slots.nr);
	bpf_map__set_max_entries(skeleton->maps.slots, source->slots.nr);
	bpf_map__set_max_entries(skeleton->maps.events, source->buffer_bytes);
}

static int fill_slots(const struct pgmap_source *source)
{
	__u32 slot;
	int err = 0;

	for (slot = 1; slot < source->slots.nr && !err; slot++)
		err = pgmap_live_give_slot(source, slot);
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

static int attach_probe(struct memremap_bpf *skeleton)
{
	skeleton->links.pgmap_get = bpf_program__attach(skeleton->progs.pgmap_get);
	return skeleton->links.pgmap_get ? 0 : -errno;
}

static int load_and_attach(struct pgmap_source *source, char why[PGMAP_WHY_LEN])
{
	int err = memremap_bpf__load(source->skeleton);

	if (!err)
		err = fill_slots(source);
	if (err)
		return explain(why, "load the BPF programs", err);
	err = memremap_bpf__attach(source->skeleton);
	if (err)
		return explain(why, "attach to the memremap tracepoints", err);
	err = source->probe_get ? attach_probe(source->skeleton) : 0;
	if (err)
		return explain(why, "attach to get_dev_pagemap for --probe-get", err);
	source->skeleton->bss->attached = 1;
	return 0;
}

static int prepare(struct pgmap_source *source, const struct pgmap_source_options *options)
{
	int cpus = libbpf_num_possible_cpus();

	if (cpus < 0)
		return cpus;
	source->cpus = cpus;
	source->buffer_bytes = options->buffer_bytes;
	source->pages = options->pages;
	source->probe_get = options->probe_get;
	source->by = options->by;
	source->stall_ns = options->stall_ns;
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
	pgmap_told_free(&source->told);
	free(source->per_cpu);
	free(source);
}

static int open_all(struct pgmap_source *source, const struct pgmap_source_options *options,
		    char why[PGMAP_WHY_LEN])
{
	int err = pgmap_surroundings_check(why);

	if (!err)
		err = pgmap_kernel_check(&source->kernel, why);
	if (!err && options->probe_get && !source->kernel.has_get) {
		snprintf(why, PGMAP_WHY_LEN,
			 "this kernel has no function get_dev_pagemap to probe: leave out --probe-get");
		err = -ENOENT;
	}
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

static int count_tracepoints(const struct pgmap_source *source)
{
	struct bpf_program *program;
	int nr = 0;

	bpf_object__for_each_program(program, source->skeleton->obj)
		nr += bpf_program__expected_attach_type(program) == BPF_TRACE_RAW_TP;
	return nr;
}

static size_t live_facts(const struct pgmap_source *source,
			 struct pgmap_fact facts[PGMAP_MAX_FACTS])
{
	const struct pgmap_fact all[] = {
		pgmap_fact("backend", "live (BPF on typed tracepoints)"),
		pgmap_fact("tracepoints", "%d of system memremap, all attached",
			   count_tracepoints(source)),
		pgmap_fact("driver_name", source->kernel.has_driver ? "yes" :
			   "no: this kernel does not record it"),
		pgmap_fact("capabilities", "%s", pgmap_surroundings_capabilities().value),
		pgmap_fact("cpus", "%u possible", source->cpus),
		pgmap_fact("pagemaps_at_once", "%u", source->slots.nr - 1),
		pgmap_fact("ring_buffer", "%u bytes", source->buffer_bytes),
		pgmap_fact("page_states", source->pages ? "%u at most" : "none (--pages)",
			   source->pages),
		pgmap_fact("get_dev_pagemap", source->probe_get ? "probed" :
			   "not probed (--probe-get)"),
	};

	memcpy(facts, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

const struct pgmap_source_ops pgmap_source_live = {
	.name = "live",
	.can_group = true,
	.open = live_open,
	.fd = live_fd,
	.read = live_read,
	.is_holding = live_is_holding,
	.read_counts = pgmap_live_read_counts,
	.facts = live_facts,
	.free = live_free,
};
