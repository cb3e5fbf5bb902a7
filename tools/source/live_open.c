// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opens the live source: of the backends the first one that this kernel allows, or the one
 * that was asked for; loads its programs and attaches them. Everything hangs on file
 * descriptors, so nothing outlives the process.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pgmap/page_size.h>

#include "live.h"

enum { USUAL_BUFFER = 1 << 20, BATCH_BYTES = 1 << 17 };

static int explain(char why[PGMAP_WHY_LEN], const char *what, int err)
{
	const char *hint = "see -v for the kernel's own words";

	if (err == -EACCES || err == -EINVAL || err == -E2BIG)
		hint = "the kernel refuses them, and with -v says why";
	else if (err == -EPERM)
		hint = "run as root and check ulimit -l";
	else if (err == -ENOMEM)
		hint = "free some memory, or ask for less with --buffer";
	snprintf(why, PGMAP_WHY_LEN, "cannot %s (%s): %s", what, strerror(-err), hint);
	return err;
}

/* ---- one backend ---- */

static void set_knobs(struct pgmap_source *source, const struct pgmap_source_options *options)
{
	struct memremap_bpf *skeleton = source->skeleton;

	skeleton->rodata->knob_cpus = source->cpus;
	skeleton->rodata->knob_page_shift = pgmap_page_shift();
	skeleton->rodata->knob_type = options->type;
	skeleton->rodata->knob_by = options->by;
	bpf_map__set_autocreate(skeleton->maps.groups, options->by);
	bpf_map__set_autocreate(skeleton->maps.fault_phases, options->by == PGMAP_BY_PHASE);
	skeleton->rodata->knob_pgmap = options->pgmap;
	memcpy((char *)skeleton->rodata->knob_driver, options->driver, PGMAP_NAME_LEN);
	skeleton->rodata->knob_pages = source->pages;
	skeleton->rodata->knob_get_takes_pgmap = source->kernel.get_takes_pgmap;
	bpf_map__set_autocreate(skeleton->maps.pgmap_pages, source->pages);
	bpf_map__set_autocreate(skeleton->maps.pgmap_stacks, source->pages);
	if (source->pages)
		bpf_map__set_max_entries(skeleton->maps.pgmap_pages, source->pages);
	bpf_program__set_autoload(skeleton->progs.sweep, source->pages);
	bpf_program__set_autoattach(skeleton->progs.sweep, false);
	bpf_program__set_autoattach(skeleton->progs.adopt, false);
	bpf_program__set_autoload(skeleton->progs.fexit_get, options->probe_get);
	bpf_program__set_autoattach(skeleton->progs.fexit_get, false);
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

/* What the kernel cannot show of pages, no state of them can be kept of. */
static __u32 pages_to_keep(const struct pgmap_source *source,
			   const struct pgmap_source_options *options)
{
	const __u32 needed = PGMAP_SIGHT_OUTSTANDING | PGMAP_SIGHT_PFN;

	return (source->sight & needed) == needed && source->kernel.can_walk_maps ?
	       options->pages : 0;
}

static int load(struct pgmap_source *source, const struct pgmap_source_options *options)
{
	int err;

	source->skeleton = memremap_bpf__open();
	if (!source->skeleton)
		return -errno;
	set_knobs(source, options);
	err = source->backend->choose(source);
	if (!err && options->by == PGMAP_BY_PHASE)
		err = pgmap_live_choose_phases(source);
	if (!err)
		err = memremap_bpf__load(source->skeleton);
	return err ? err : fill_slots(source);
}

static int attach_get(struct pgmap_source *source)
{
	struct memremap_bpf *skeleton = source->skeleton;

	skeleton->links.fexit_get = bpf_program__attach(skeleton->progs.fexit_get);
	return skeleton->links.fexit_get ? 0 : -errno;
}

/* Whoever is to follow finds nothing of it. */
static void unload(struct pgmap_source *source)
{
	while (source->nr_links)
		bpf_link__destroy(source->links[--source->nr_links]);
	memremap_bpf__destroy(source->skeleton);
	source->skeleton = NULL;
}

static int load_and_attach(struct pgmap_source *source,
			   const struct pgmap_source_options *options, char why[PGMAP_WHY_LEN])
{
	int err;

	source->sight = source->backend->sight(&source->kernel);
	source->pages = pages_to_keep(source, options);
	err = load(source, options);
	if (err)
		return explain(why, "load the BPF programs", err);
	err = source->backend->attach(source);
	if (!err && options->by == PGMAP_BY_PHASE)
		err = pgmap_live_attach_phases(source);
	if (err == -EACCES && pgmap_surroundings_guard_probes(why))
		return err;
	if (err)
		return explain(why, "attach the BPF programs", err);
	err = source->probe_get ? attach_get(source) : 0;
	if (err)
		return explain(why, "attach to get_dev_pagemap for --probe-get", err);
	source->skeleton->bss->attached = 1;
	return 0;
}

/* ---- which one ---- */

/* With an error like this no other backend would do better. */
static bool is_final(int err)
{
	return err == -EPERM || err == -ENOMEM;
}

static int try_backend(struct pgmap_source *source, const struct pgmap_source_options *options,
		       const struct pgmap_live_backend *backend, char why[PGMAP_WHY_LEN])
{
	char *reason = source->reasons[backend->id];
	int err;

	source->backend = backend;
	err = load_and_attach(source, options, why);
	if (!err)
		return 0;
	unload(source);
	snprintf(reason, PGMAP_REASON_LEN, "%.*s", PGMAP_REASON_LEN - 1, why);
	return err;
}

/* None: says what is in the way of each. */
static int give_up(const struct pgmap_source *source, enum pgmap_backend wanted, int err,
		   char why[PGMAP_WHY_LEN])
{
	const struct pgmap_live_backend *const *one;
	int used = 0;

	if (wanted) {
		snprintf(why, PGMAP_WHY_LEN, "backend %s is not possible here: %s",
			 pgmap_backend_name(wanted), source->reasons[wanted]);
		return err;
	}
	used = snprintf(why, PGMAP_WHY_LEN, "no backend is possible here:");
	for (one = pgmap_live_backends; *one && used < PGMAP_WHY_LEN; one++)
		used += snprintf(why + used, PGMAP_WHY_LEN - used, "%s %s: %s",
				 one == pgmap_live_backends ? "" : ";",
				 pgmap_backend_name((*one)->id), source->reasons[(*one)->id]);
	return err;
}

/* What takes a right here can also be tried: who may load programs may yet not probe. */
static void look_at_functions(struct pgmap_kernel *kernel)
{
	const char *function = kernel->hooks[PGMAP_HOOK_UNMAP].function;

	pgmap_kernel_read_symbols(kernel);
	kernel->may_probe = kernel->has_probes && function && !pgmap_live_may_probe(function);
}

/* The first one does not do after all: now it matters what stands against those behind it. */
static void look_further(struct pgmap_source *source,
			 const struct pgmap_live_backend *const *failed)
{
	if (source->kernel.has_symbols)
		return;
	look_at_functions(&source->kernel);
	while (*++failed) {
		source->reasons[(*failed)->id][0] = 0;
		(*failed)->probe(&source->kernel, source->reasons[(*failed)->id]);
	}
}

static int choose_backend(struct pgmap_source *source,
			  const struct pgmap_source_options *options, char why[PGMAP_WHY_LEN])
{
	const struct pgmap_live_backend *const *one;
	int err, last = -ENOENT;

	for (one = pgmap_live_backends; *one; one++) {
		if (options->backend && options->backend != (*one)->id)
			continue;
		if (source->reasons[(*one)->id][0])
			continue;
		err = try_backend(source, options, *one, why);
		if (!err || options->backend || is_final(err))
			return err;
		last = err;
		look_further(source, one);
	}
	return give_up(source, options->backend, last, why);
}

/* What stands against each, before any of them is tried. */
static void probe_backends(struct pgmap_source *source)
{
	const struct pgmap_live_backend *const *one;

	for (one = pgmap_live_backends; *one; one++)
		(*one)->probe(&source->kernel, source->reasons[(*one)->id]);
}

/* ---- all ---- */

static int prepare(struct pgmap_source *source, const struct pgmap_source_options *options)
{
	int cpus = libbpf_num_possible_cpus();

	if (cpus < 0)
		return cpus;
	source->cpus = cpus;
	source->buffer_bytes = options->buffer_bytes ? : USUAL_BUFFER;
	source->probe_get = options->probe_get;
	source->by = options->by;
	source->stall_ns = options->stall_ns;
	source->batch = BATCH_BYTES / sizeof(*source->per_cpu) / cpus;
	source->batch = source->batch < 1 ? 1 : source->batch;
	if (source->batch > PGMAP_COUNTS_BATCH)
		source->batch = PGMAP_COUNTS_BATCH;
	source->per_cpu = calloc((size_t)cpus * source->batch, sizeof(*source->per_cpu));
	if (!source->per_cpu)
		return -ENOMEM;
	return pgmap_slots_init(&source->slots, pgmap_slots_affordable(cpus));
}

/* A program at a function stands between it and its caller, of whom the kernel takes the name. */
static bool names_drivers(const struct pgmap_source *source,
			  const struct pgmap_source_options *options)
{
	return source->kernel.has_driver && options->backend <= PGMAP_BACKEND_TP_BTF;
}

static int look_around(struct pgmap_source *source, const struct pgmap_source_options *options,
		       char why[PGMAP_WHY_LEN])
{
	const struct pgmap_hook_target *get = &source->kernel.hooks[PGMAP_HOOK_GET];
	int err = pgmap_surroundings_check(why);

	if (!err)
		err = pgmap_kernel_check(&source->kernel, why);
	if (err)
		return err;
	if (options->probe_get && (!get->has_types || !source->kernel.has_trampolines)) {
		snprintf(why, PGMAP_WHY_LEN,
			 "get_dev_pagemap() cannot be probed on this kernel: leave out --probe-get");
		return -ENOENT;
	}
	if (options->by && *options->driver && !names_drivers(source, options)) {
		snprintf(why, PGMAP_WHY_LEN,
			 "drivers are not named here while faults are counted: with --driver take --by pgmap or driver");
		return -ENOTSUP;
	}
	/* only where the tracepoints do not do */
	if (source->kernel.no_tracepoint || options->backend > PGMAP_BACKEND_TP_BTF ||
	    options->by == PGMAP_BY_PHASE)
		look_at_functions(&source->kernel);
	probe_backends(source);
	return options->by == PGMAP_BY_PHASE ?
	       pgmap_live_check_phases(&source->kernel, why) : 0;
}

int pgmap_live_open(struct pgmap_source *source, const struct pgmap_source_options *options,
		    char why[PGMAP_WHY_LEN])
{
	int err = look_around(source, options, why);

	if (err)
		return err;
	err = prepare(source, options);
	return err ? explain(why, "prepare the BPF programs", err) :
		     choose_backend(source, options, why);
}

void pgmap_live_close(struct pgmap_source *source)
{
	pgmap_live_faults_free(source);
	unload(source);
	pgmap_slots_free(&source->slots);
	free(source->per_cpu);
}
