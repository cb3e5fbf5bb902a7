// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracefs source: reads the records of our tracepoints without BPF, for those who
 * have no right to it. It counts nothing itself: each page event goes to the core, which
 * counts and judges those that no program in the kernel has counted.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <event-parse.h>
#include <tracefs.h>
#include <unistd.h>

#include "clock.h"
#include "surroundings.h"
#include "tracefs.h"

/* How long a record may be on its way: a CPU may be taken away from who writes it. */
#define ORDER_WINDOW_NS 50000000ULL
#define TICK_EVERY_NS 1000000000ULL

static void (*library_log)(const char *format, va_list args);

/* Takes the place of libtraceevent's own, which writes to stderr whether asked to or not. */
int tep_vprint(const char *name, enum tep_loglevel level, bool print_err, const char *format,
	       va_list args)
{
	char line[256];

	(void)level;
	(void)print_err;
	snprintf(line, sizeof(line), "%s: %s\n", name, format);
	if (library_log)
		library_log(line, args);
	return 0;
}

/* ---- events ---- */

static int deliver(struct pgmap_source *source, const struct pgmap_trace_cpu *cpu, __u64 now_ns,
		   const struct pgmap_sink *sink)
{
	struct pgmap_trace_record record;
	int is_ours = pgmap_trace_feed_parse(&source->feed, cpu->data, cpu->size, cpu->time_ns,
					     &record);

	if (is_ours <= 0)
		return is_ours;
	pgmap_tasks_fill(&source->tasks, &record.ev, cpu->cpu, now_ns);
	return pgmap_trace_feed_give(&source->feed, &record, sink);
}

static int tick(struct pgmap_source *source, __u64 watermark_ns, const struct pgmap_sink *sink)
{
	struct pgmap_event ev = { .event = PGMAP_EVENT_TICK, .time_ns = watermark_ns };

	if (watermark_ns - source->last_tick_ns < TICK_EVERY_NS)
		return 0;
	source->last_tick_ns = watermark_ns;
	return sink->event(sink->context, &ev);
}

static int tracefs_read(struct pgmap_source *source, __u64 now_ns, const struct pgmap_sink *sink)
{
	bool is_last = now_ns == ~0ULL;
	__u64 watermark = is_last ? now_ns : now_ns - ORDER_WINDOW_NS;
	/* about once a second also those that say nothing, so that nothing hangs on a wakeup */
	bool all = is_last || watermark - source->last_tick_ns >= TICK_EVERY_NS;
	struct pgmap_trace_cpu *cpu;
	int err;

	if (is_last) {
		/* else it might never come to an end */
		pgmap_trace_instance_stop(&source->instance);
		now_ns = pgmap_source_now_ns();
	}
	err = pgmap_trace_cpus_fill(&source->cpus, all, now_ns);
	while (!err && (cpu = pgmap_trace_cpus_oldest(&source->cpus)) &&
	       cpu->time_ns <= watermark) {
		err = pgmap_tracefs_give_older(source, cpu->time_ns, sink);
		if (!err)
			err = deliver(source, cpu, now_ns, sink);
		if (!err)
			err = pgmap_trace_cpus_step(&source->cpus, cpu, now_ns);
	}
	if (!err)
		err = pgmap_tracefs_give_older(source, watermark, sink);
	return err || is_last ? err : tick(source, watermark, sink);
}

static int tracefs_read_counts(struct pgmap_source *source, const struct pgmap_sink *sink)
{
	__u64 lost;
	int err = pgmap_trace_cpus_lost(&source->cpus, &lost);

	if (!err)
		pgmap_trace_feed_counts(&source->feed, lost, sink);
	return err;
}

/* ---- opening ---- */

static int refuse(char why[PGMAP_WHY_LEN], const char *what, int err)
{
	snprintf(why, PGMAP_WHY_LEN, "cannot %s (%s): see -v for the library's own words", what,
		 strerror(-err));
	return err;
}

static int check(struct pgmap_source *source, const struct pgmap_source_options *options,
		 char why[PGMAP_WHY_LEN])
{
	int err = pgmap_trace_instance_check(why);

	if (!err)
		err = pgmap_trace_instance_formats(&source->feed.formats, &source->cpus.page_size,
						   why);
	if (!err && options->probe_get) {
		snprintf(why, PGMAP_WHY_LEN,
			 "the tracefs backend cannot probe get_dev_pagemap(), which takes BPF: leave out --probe-get");
		err = -ENOTSUP;
	}
	return err;
}

static int open_all(struct pgmap_source *source, const struct pgmap_source_options *options,
		    char why[PGMAP_WHY_LEN])
{
	int err = check(source, options, why);

	if (!err)
		err = pgmap_trace_instance_make(&source->instance,
						pgmap_trace_buffer_bytes(options), why);
	if (!err)
		err = pgmap_trace_instance_filter(&source->instance, &source->feed.formats,
						  options, why);
	if (err)
		return err;
	pgmap_tasks_init(&source->tasks, source->instance.names);
	source->cpus.tasks = &source->tasks;
	source->cpus.pid_offset =
		source->feed.formats.all[PGMAP_EVENT_ADD].offsets[PGMAP_TRACE_COMMON_PID];
	err = pgmap_trace_cpus_open(&source->cpus, source->instance.tracefs);
	if (err)
		return refuse(why, "open the trace buffers", err);
	return pgmap_trace_instance_start(&source->instance, why);
}

static void tracefs_free(struct pgmap_source *source)
{
	if (!source)
		return;
	pgmap_trace_cpus_close(&source->cpus);
	pgmap_trace_instance_remove(&source->instance);
	pgmap_trace_feed_free(&source->feed);
	pgmap_tracefs_free_older(source);
	free(source);
}

static int tracefs_open(struct pgmap_source **opened, const struct pgmap_source_options *options,
			char why[PGMAP_WHY_LEN])
{
	struct pgmap_source *source = calloc(1, sizeof(*source));
	int err;

	*opened = NULL;
	if (!source)
		return refuse(why, "start", -ENOMEM);
	library_log = options->log;
	source->pages = options->pages;
	source->type = options->type;
	source->pgmap = options->pgmap;
	source->filtered = options->type || options->pgmap || *options->driver;
	err = open_all(source, options, why);
	if (err)
		tracefs_free(source);
	else
		*opened = source;
	return err;
}

static int tracefs_fd(const struct pgmap_source *source)
{
	return source->cpus.epoll;
}

static bool tracefs_is_holding(const struct pgmap_source *source)
{
	return source->older || pgmap_trace_cpus_oldest(&source->cpus);
}

static __u32 tracefs_sight(const struct pgmap_source *source)
{
	(void)source;
	return PGMAP_SIGHT_ALL;
}

static size_t tracefs_facts(const struct pgmap_source *source,
			    struct pgmap_fact facts[PGMAP_MAX_FACTS])
{
	const struct pgmap_fact all[] = {
		pgmap_fact("backend", "tracefs (trace records, no BPF)"),
		pgmap_fact("tracepoints", "%d of system memremap, all recorded",
			   PGMAP_TRACE_NR_FORMATS - PGMAP_EVENT_ADD),
		pgmap_fact("instance", "%s", source->instance.name),
		pgmap_fact("capabilities", "%s", pgmap_surroundings_capabilities().value),
		pgmap_fact("cpus", "%u possible", source->cpus.nr),
		pgmap_fact("trace_buffer", "%u bytes for each CPU", source->instance.buffer_bytes),
		pgmap_fact("page_states", source->pages ? "%u at most" : "none (--pages)",
			   source->pages),
		pgmap_fact("page_events", "all recorded one by one%s",
			   source->filtered ? ", but those filtered out" : ""),
		pgmap_fact("stacks", "none: not in these records"),
		pgmap_fact("processes", "read after the event, unknown (0) when gone by then"),
		pgmap_fact("get_dev_pagemap", "not probed: takes BPF"),
	};

	memcpy(facts, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

const struct pgmap_source_ops pgmap_source_tracefs = {
	.name = "tracefs",
	.groups = 1 << PGMAP_BY_COMM | 1 << PGMAP_BY_CPU,
	.check = pgmap_trace_instance_check,
	.open = tracefs_open,
	.sight = tracefs_sight,
	.fd = tracefs_fd,
	.read = tracefs_read,
	.is_holding = tracefs_is_holding,
	.adopt = pgmap_tracefs_adopt,
	.read_counts = tracefs_read_counts,
	.facts = tracefs_facts,
	.free = tracefs_free,
};
