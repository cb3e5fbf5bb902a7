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

void pgmap_live_log(const char *format, ...)
{
	va_list args;

	if (!library_log)
		return;
	va_start(args, format);
	library_log(format, args);
	va_end(args);
}

/* ---- events ---- */

/*
 * Kernels that cannot sum over CPUs in a program leave it to us. It is as exact: past these
 * steps nobody counts any more. At a kill it would not be.
 */
static void add_counts(struct pgmap_source *source, struct pgmap_event *ev)
{
	if (ev->event != PGMAP_EVENT_DRAINED && ev->event != PGMAP_EVENT_RELEASE)
		return;
	if (!ev->slot || ev->flags & PGMAP_FLAG_COUNTS)
		return;
	if (!pgmap_live_read_slot(source, ev->slot, &ev->u.counts))
		ev->flags |= PGMAP_FLAG_COUNTS;
}

static int deliver(struct pgmap_source *source, struct pgmap_event *ev,
		   const struct pgmap_sink *sink)
{
	__u32 orphan = pgmap_slots_note(&source->slots, ev);
	int err = 0;

	if (orphan)
		err = pgmap_live_retire_slot(source, orphan, ev->time_ns, sink);
	add_counts(source, ev);
	if (!err)
		err = sink->event(sink->context, ev);
	if (!err && ev->event == PGMAP_EVENT_RELEASE && ev->slot)
		err = pgmap_live_retire_slot(source, ev->slot, ev->time_ns, sink);
	return err;
}

static int take_record(void *context, void *data, size_t size)
{
	struct pgmap_source *source = context;
	struct pgmap_event oldest;
	int err = 0;

	if (size < sizeof(oldest))
		return 0;
	if (source->backend->id != PGMAP_BACKEND_TP_BTF)
		err = pgmap_live_faults_note(source, data);
	if (source->sink->arrived)
		source->sink->arrived(source->sink->context, data);
	if (err || ((struct pgmap_event *)data)->event == PGMAP_EVENT_BEGIN) {
		source->push_error = err;
		return err;
	}
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
	err = err < 0 ? err : pgmap_live_relieve_latencies(source, sink);
	if (err)
		return err;
	while (pgmap_order_pop(&source->order, watermark, &ev)) {
		err = deliver(source, &ev, sink);
		if (err)
			return err;
	}
	return now_ns == ~0ULL ? 0 : pgmap_live_tick(source, watermark, sink);
}

/* ---- opening ---- */

static void live_free(struct pgmap_source *source)
{
	if (!source)
		return;
	ring_buffer__free(source->ring);
	pgmap_live_close(source);
	pgmap_order_free(&source->order);
	pgmap_told_free(&source->told);
	free(source);
}

static int map_buffer(struct pgmap_source *source, char why[PGMAP_WHY_LEN])
{
	int err;

	source->ring = ring_buffer__new(bpf_map__fd(source->skeleton->maps.events), take_record,
					source, NULL);
	if (source->ring)
		return 0;
	err = -errno;
	snprintf(why, PGMAP_WHY_LEN, "cannot map the ring buffer (%s): free some memory, or ask for less with --buffer",
		 strerror(-err));
	return err;
}

static int live_open(struct pgmap_source **opened, const struct pgmap_source_options *options,
		     char why[PGMAP_WHY_LEN])
{
	struct pgmap_source *source = calloc(1, sizeof(*source));
	int err;

	*opened = NULL;
	if (!source) {
		snprintf(why, PGMAP_WHY_LEN, "cannot start: out of memory");
		return -ENOMEM;
	}
	library_log = options->log;
	libbpf_set_print(log_library);
	pgmap_live_log("libbpf: %s\n", libbpf_version_string());
	err = pgmap_live_open(source, options, why);
	if (!err)
		err = map_buffer(source, why);
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

static __u32 live_sight(const struct pgmap_source *source)
{
	return source->sight;
}

/* Only tracepoints tell of all faults; else the handler of each driver that comes is probed. */
static bool live_attaches(const struct pgmap_source *source)
{
	return source->backend->id != PGMAP_BACKEND_TP_BTF;
}

static int live_may_attach(const struct pgmap_source *source)
{
	const struct pgmap_kernel *kernel = &source->kernel;

	/* who might, knows the function */
	return kernel->may_probe ?
	       pgmap_live_may_probe(kernel->hooks[PGMAP_HOOK_UNMAP].function) : 0;
}

const struct pgmap_source_ops pgmap_source_live = {
	.name = "live",
	.check = pgmap_surroundings_check,
	.groups = 1 << PGMAP_BY_COMM | 1 << PGMAP_BY_CPU | 1 << PGMAP_BY_PHASE,
	.open = live_open,
	.sight = live_sight,
	.fd = live_fd,
	.read = live_read,
	.is_holding = live_is_holding,
	.attaches = live_attaches,
	.may_attach = live_may_attach,
	.read_counts = pgmap_live_read_counts,
	.adopt = pgmap_live_adopt,
	.facts = pgmap_live_facts,
	.free = live_free,
};
