// SPDX-License-Identifier: GPL-2.0-only
/*
 * The backends of the live source: what each needs of the kernel, which programs it loads
 * and onto what it attaches them. A new one is a row at the end.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "live.h"

/* ---- tp_btf ---- */

static int probe_tracepoints(const struct pgmap_kernel *kernel, char reason[PGMAP_REASON_LEN])
{
	if (!kernel->no_tracepoint)
		return 0;
	snprintf(reason, PGMAP_REASON_LEN, "this kernel has no tracepoint memremap:%s",
		 kernel->no_tracepoint);
	return -ENOENT;
}

static __u32 sight_of_tracepoints(const struct pgmap_kernel *kernel)
{
	(void)kernel;
	return PGMAP_SIGHT_ALL;
}

bool pgmap_live_is_tracepoint(const struct bpf_program *program)
{
	return strstr(bpf_program__section_name(program), "/pgmap_");
}

static int choose_tracepoints(struct pgmap_source *source)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, source->skeleton->obj)
		if (pgmap_live_is_tracepoint(program))
			bpf_program__set_autoload(program, true);
	source->skeleton->rodata->knob_own_frames = PGMAP_OWN_FRAMES;
	return 0;
}

static int attach_tracepoints(struct pgmap_source *source)
{
	return memremap_bpf__attach(source->skeleton);
}

/* ---- fentry and kprobe ---- */

/*
 * The programs for each hook, one through a trampoline and one by a probe: where in the
 * skeleton. Returns before entries, lest an entry waits for a return that nobody sees.
 */
struct hook_programs {
	enum pgmap_hook hook;
	bool is_return;
	size_t trampoline;
	size_t probe;
};

#define PROGRAM(name) offsetof(struct memremap_bpf, progs.name)

static const struct hook_programs hook_programs[] = {
	{ PGMAP_HOOK_ADD, true, PROGRAM(fexit_add), PROGRAM(kretprobe_add) },
	{ PGMAP_HOOK_ADD, false, PROGRAM(fentry_add), PROGRAM(kprobe_add) },
	{ PGMAP_HOOK_UNMAP, true, PROGRAM(fexit_unmap), PROGRAM(kretprobe_unmap) },
	{ PGMAP_HOOK_UNMAP, false, PROGRAM(fentry_unmap), PROGRAM(kprobe_unmap) },
	{ PGMAP_HOOK_DRAINED, false, PROGRAM(fentry_drained), PROGRAM(kprobe_drained) },
	{ PGMAP_HOOK_ALLOC, false, PROGRAM(fentry_alloc), PROGRAM(kprobe_alloc) },
	{ PGMAP_HOOK_FREE, false, PROGRAM(fentry_free), PROGRAM(kprobe_free) },
	{ PGMAP_HOOK_SWAP, true, PROGRAM(fexit_swap), PROGRAM(kretprobe_swap) },
	{ PGMAP_HOOK_SWAP, false, PROGRAM(fentry_swap), PROGRAM(kprobe_swap) },
};

enum { NR_HOOK_PROGRAMS = sizeof(hook_programs) / sizeof(hook_programs[0]) };

_Static_assert((int)NR_HOOK_PROGRAMS < (int)PGMAP_MAX_LINKS, "a link for each");

/* What is seen by which hook. */
static const __u32 hook_sights[PGMAP_NR_HOOKS] = {
	[PGMAP_HOOK_ADD] = PGMAP_SIGHT_ADD,
	[PGMAP_HOOK_UNMAP] = PGMAP_SIGHT_KILL | PGMAP_SIGHT_RELEASE,
	[PGMAP_HOOK_DRAINED] = PGMAP_SIGHT_DRAINED,
	[PGMAP_HOOK_ALLOC] = PGMAP_SIGHT_ALLOC,
	[PGMAP_HOOK_FREE] = PGMAP_SIGHT_FREE,
	[PGMAP_HOOK_SWAP] = PGMAP_SIGHT_FAULT,
};

struct bpf_program *pgmap_live_program(const struct pgmap_source *source, size_t offset)
{
	return *(struct bpf_program **)((char *)source->skeleton + offset);
}

static bool can_probe(const struct pgmap_kernel *kernel, enum pgmap_hook hook)
{
	return kernel->may_probe && kernel->hooks[hook].has_symbol;
}

/* A hook that has no types can still be probed: what is missing then is speed. */
static bool can_hook(const struct pgmap_kernel *kernel, enum pgmap_hook hook, bool by_trampoline)
{
	return (by_trampoline && kernel->hooks[hook].has_types) || can_probe(kernel, hook);
}

static __u32 sight_of_functions(const struct pgmap_kernel *kernel, bool by_trampoline)
{
	__u32 sight = 0;
	int hook;

	for (hook = 0; hook < PGMAP_NR_HOOKS; hook++)
		if (can_hook(kernel, hook, by_trampoline))
			sight |= hook_sights[hook];
	if (kernel->may_probe)
		sight |= PGMAP_SIGHT_FAULT | PGMAP_SIGHT_ENTER;
	if (kernel->vmemmap_at || kernel->vmemmap)
		sight |= PGMAP_SIGHT_PFN;
	if (kernel->counts_skips)
		sight |= PGMAP_SIGHT_SKIP;
	return sight;
}

/* Without these two there is no life to watch. */
static int require(const struct pgmap_kernel *kernel, bool by_trampoline,
		   char reason[PGMAP_REASON_LEN])
{
	const char *missing = NULL;

	if (!can_hook(kernel, PGMAP_HOOK_ADD, by_trampoline))
		missing = "memremap_pages()";
	else if (!can_hook(kernel, PGMAP_HOOK_UNMAP, by_trampoline))
		missing = "memunmap_pages()";
	if (!missing)
		return 0;
	snprintf(reason, PGMAP_REASON_LEN, "this kernel has no function %s", missing);
	return -ENOENT;
}

static int choose_functions(struct pgmap_source *source, bool by_trampoline)
{
	const struct pgmap_kernel *kernel = &source->kernel;
	const struct hook_programs *one;
	const struct pgmap_hook_target *target;
	struct bpf_program *program;
	int err = 0;

	for (one = hook_programs; one < hook_programs + NR_HOOK_PROGRAMS && !err; one++) {
		target = &kernel->hooks[one->hook];
		if (by_trampoline && target->has_types) {
			program = pgmap_live_program(source, one->trampoline);
			bpf_program__set_autoload(program, true);
			err = bpf_program__set_attach_target(program, 0, target->function);
		} else if (can_probe(kernel, one->hook)) {
			bpf_program__set_autoload(pgmap_live_program(source, one->probe), true);
		}
	}
	if (kernel->may_probe) {
		bpf_program__set_autoload(source->skeleton->progs.kprobe_fault, true);
		bpf_program__set_autoload(source->skeleton->progs.kretprobe_fault, true);
	}
	source->skeleton->rodata->knob_vmemmap_at = kernel->vmemmap_at;
	source->skeleton->bss->vmemmap = kernel->vmemmap;
	source->skeleton->rodata->knob_alloc_pgmap_arg = kernel->alloc_pgmap_arg;
	source->skeleton->rodata->knob_alloc_order_arg = kernel->alloc_order_arg;
	return err;
}

int pgmap_live_attach(struct pgmap_source *source, size_t trampoline, size_t probe,
		      const char *function, bool is_return)
{
	const struct bpf_program *program = pgmap_live_program(source, trampoline);
	struct bpf_link **link = &source->links[source->nr_links];
	int err = 0;

	if (bpf_program__autoload(program)) {
		*link = bpf_program__attach(program);
		err = *link ? 0 : -errno;
	} else {
		program = pgmap_live_program(source, probe);
		if (!bpf_program__autoload(program))
			return 0;
		err = pgmap_live_probe(link, program, function, 0, is_return);
	}
	source->nr_links += !err;
	return err;
}

static int attach_one(struct pgmap_source *source, const struct hook_programs *one)
{
	return pgmap_live_attach(source, one->trampoline, one->probe,
				 source->kernel.hooks[one->hook].function, one->is_return);
}

static int attach_functions(struct pgmap_source *source)
{
	const struct hook_programs *one;
	int err = 0;

	for (one = hook_programs; one < hook_programs + NR_HOOK_PROGRAMS && !err; one++)
		if (one->hook != PGMAP_HOOK_SWAP)
			err = attach_one(source, one);
	return err;
}

int pgmap_live_attach_swap(struct pgmap_source *source)
{
	const struct hook_programs *one;
	int before = source->nr_links, err = 0;

	for (one = hook_programs; one < hook_programs + NR_HOOK_PROGRAMS && !err; one++)
		if (one->hook == PGMAP_HOOK_SWAP)
			err = attach_one(source, one);
	/* half of it or nothing is no use */
	if (source->nr_links == before + 2)
		return 0;
	while (source->nr_links > before)
		bpf_link__destroy(source->links[--source->nr_links]);
	return err ? err : -ENOENT;
}

static int probe_trampolines(const struct pgmap_kernel *kernel, char reason[PGMAP_REASON_LEN])
{
	if (kernel->has_trampolines)
		return require(kernel, true, reason);
	snprintf(reason, PGMAP_REASON_LEN,
		 "this kernel cannot run BPF programs at functions (CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS)");
	return -ENOENT;
}

static __u32 sight_of_trampolines(const struct pgmap_kernel *kernel)
{
	return sight_of_functions(kernel, true);
}

static int choose_trampolines(struct pgmap_source *source)
{
	source->skeleton->rodata->knob_own_frames = PGMAP_OWN_FRAMES;
	return choose_functions(source, true);
}

static int probe_probes(const struct pgmap_kernel *kernel, char reason[PGMAP_REASON_LEN])
{
	if (kernel->may_probe)
		return require(kernel, false, reason);
	pgmap_live_why_no_probes(kernel, reason);
	return kernel->has_probes ? -EACCES : -ENOENT;
}

static __u32 sight_of_probes(const struct pgmap_kernel *kernel)
{
	return sight_of_functions(kernel, false);
}

static int choose_probes(struct pgmap_source *source)
{
	/* their stacks begin with the probed function */
	source->skeleton->rodata->knob_own_frames = 0;
	return choose_functions(source, false);
}

static const struct pgmap_live_backend tracepoints = {
	.id = PGMAP_BACKEND_TP_BTF,
	.what = "BPF on this project's tracepoints",
	.probe = probe_tracepoints,
	.sight = sight_of_tracepoints,
	.choose = choose_tracepoints,
	.attach = attach_tracepoints,
};

static const struct pgmap_live_backend trampolines = {
	.id = PGMAP_BACKEND_FENTRY,
	.what = "BPF at kernel functions, by trampolines",
	.probe = probe_trampolines,
	.sight = sight_of_trampolines,
	.choose = choose_trampolines,
	.attach = attach_functions,
};

static const struct pgmap_live_backend probes = {
	.id = PGMAP_BACKEND_KPROBE,
	.what = "BPF at kernel functions, by kprobes",
	.probe = probe_probes,
	.sight = sight_of_probes,
	.choose = choose_probes,
	.attach = attach_functions,
};

const struct pgmap_live_backend *const pgmap_live_backends[] = {
	&tracepoints, &trampolines, &probes, NULL
};
