// SPDX-License-Identifier: GPL-2.0-only
/*
 * The phases of faults: programs at the functions of mm/migrate_device.c, loaded and attached
 * only for who asks for them.
 */
#include <errno.h>
#include <stdio.h>

#include "live.h"

struct phase_programs {
	enum pgmap_hook hook;
	const char *function;
	size_t entry, leave;			/* through trampolines, where in the skeleton */
	size_t probe_entry, probe_leave;
};

#define PROGRAM(name) offsetof(struct memremap_bpf, progs.name)
#define ROW(id, name, function)	\
	{ PGMAP_HOOK_MIGRATE_##id, function, PROGRAM(fentry_phase_##name),	\
	  PROGRAM(fexit_phase_##name), PROGRAM(kprobe_phase_##name),	\
	  PROGRAM(kretprobe_phase_##name) }

static const struct phase_programs all[] = {
	ROW(SETUP, setup, "migrate_vma_setup()"),
	ROW(UNMAP, unmap, "migrate_device_unmap()"),
	ROW(PAGES, pages, "migrate_vma_pages()"),
	ROW(FINALIZE, finalize, "migrate_vma_finalize()"),
};

enum { NR_ALL = sizeof(all) / sizeof(all[0]) };

/* Compilers may have left nothing of it to hook into: then its time is in collect. */
static bool is_needed(const struct phase_programs *one)
{
	return one->hook != PGMAP_HOOK_MIGRATE_UNMAP;
}

static bool has_trampoline(const struct pgmap_kernel *kernel, const struct phase_programs *one)
{
	return kernel->has_trampolines && kernel->hooks[one->hook].has_types;
}

static bool has_probe(const struct pgmap_kernel *kernel, const struct phase_programs *one)
{
	return kernel->may_probe && kernel->hooks[one->hook].has_symbol;
}

int pgmap_live_check_phases(const struct pgmap_kernel *kernel, char why[PGMAP_WHY_LEN])
{
	const struct phase_programs *one;

	for (one = all; one < all + NR_ALL; one++) {
		if (!is_needed(one) || has_trampoline(kernel, one) || has_probe(kernel, one))
			continue;
		snprintf(why, PGMAP_WHY_LEN,
			 "this kernel lets nobody watch %s, so the phases of faults cannot be seen: take another --by",
			 one->function);
		return -ENOENT;
	}
	return 0;
}

static int choose(const struct pgmap_source *source, const struct phase_programs *one)
{
	const char *function = source->kernel.hooks[one->hook].function;
	struct bpf_program *entry = pgmap_live_program(source, one->entry);
	struct bpf_program *leave = pgmap_live_program(source, one->leave);
	bool by_probe = source->backend->id == PGMAP_BACKEND_KPROBE;
	int err = 0;

	if (has_trampoline(&source->kernel, one) && !by_probe) {
		err = bpf_program__set_attach_target(entry, 0, function);
		if (!err)
			err = bpf_program__set_attach_target(leave, 0, function);
	} else if (has_probe(&source->kernel, one)) {
		entry = pgmap_live_program(source, one->probe_entry);
		leave = pgmap_live_program(source, one->probe_leave);
	} else {
		return is_needed(one) ? -ENOENT : 0;
	}
	bpf_program__set_autoload(entry, true);
	bpf_program__set_autoload(leave, true);
	bpf_program__set_autoattach(entry, false);
	bpf_program__set_autoattach(leave, false);
	return err;
}

int pgmap_live_choose_phases(const struct pgmap_source *source)
{
	int i, err = 0;

	for (i = 0; i < NR_ALL && !err; i++)
		err = choose(source, &all[i]);
	return err;
}

/* The return first: an entry that nobody sees the end of would hold its phase. */
static int attach(struct pgmap_source *source, const struct phase_programs *one)
{
	const char *function = source->kernel.hooks[one->hook].function;
	int err, before = source->nr_links;

	err = pgmap_live_attach(source, one->leave, one->probe_leave, function, true);
	if (!err)
		err = pgmap_live_attach(source, one->entry, one->probe_entry, function, false);
	if (!err || is_needed(one))
		return err;
	pgmap_live_log("%s cannot be watched: its time is in collect\n", one->function);
	while (source->nr_links > before)
		bpf_link__destroy(source->links[--source->nr_links]);
	return 0;
}

int pgmap_live_attach_phases(struct pgmap_source *source)
{
	int i, err = 0;

	for (i = 0; i < NR_ALL && !err; i++)
		err = attach(source, &all[i]);
	return err;
}
