// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the running kernel's BTF says: are our tracepoints there, which functions and
 * fields. Of libbpf this needs the BTF reader only.
 */
#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pgmap/names.h>

#include "surroundings.h"

enum { MAX_NAMES = 3 };

/*
 * The functions to hook into, by all names they have had: the newest first, since an old
 * name may have gone on to mean something else.
 */
static const char *const functions[PGMAP_NR_HOOKS][MAX_NAMES] = {
	[PGMAP_HOOK_ADD] = { "memremap_pages" },
	[PGMAP_HOOK_UNMAP] = { "memunmap_pages" },
	/* the second one: in the core of this project */
	[PGMAP_HOOK_DRAINED] = { "dev_pagemap_percpu_release", "pagemap_drained" },
	/* since 6.1, 0dc45ca1ce18; before that each driver took its pages into use by itself */
	[PGMAP_HOOK_ALLOC] = { "zone_device_page_init" },
	/* 6.10, it takes a folio; 5.18, it is about more than what is devmap managed */
	[PGMAP_HOOK_FREE] = { "free_zone_device_folio", "free_zone_device_page",
			      "free_devmap_managed_page" },
	[PGMAP_HOOK_SWAP] = { "do_swap_page" },
	[PGMAP_HOOK_GET] = { "get_dev_pagemap" },
	[PGMAP_HOOK_MIGRATE_SETUP] = { "migrate_vma_setup" },
	/* 6.1, 241f68859656: also for pages of which no address is known */
	[PGMAP_HOOK_MIGRATE_UNMAP] = { "migrate_device_unmap", "migrate_vma_unmap" },
	[PGMAP_HOOK_MIGRATE_PAGES] = { "migrate_vma_pages" },
	[PGMAP_HOOK_MIGRATE_FINALIZE] = { "migrate_vma_finalize" },
};

static const char *find_missing_tracepoint(const struct btf *btf)
{
	char name[64];
	int id;

	for (id = PGMAP_EVENT_ADD; id <= PGMAP_EVENT_FAULT_EXIT; id++) {
		snprintf(name, sizeof(name), "btf_trace_%s", pgmap_event_name(id));
		if (btf__find_by_name_kind(btf, name, BTF_KIND_TYPEDEF) <= 0)
			return pgmap_event_name(id);
	}
	return NULL;
}

static const struct btf_type *find_struct(const struct btf *btf, const char *name)
{
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);

	return id > 0 ? btf__type_by_id(btf, id) : NULL;
}

/* Has it a member of that name, also inside members without one, and by name @inside others? */
static bool has_member(const struct btf *btf, const struct btf_type *type, const char *name,
		       bool inside)
{
	const struct btf_member *one;
	const char *here;
	__u32 i;

	if (!type || !btf_is_composite(type))
		return false;
	one = btf_members(type);
	for (i = 0; i < btf_vlen(type); i++) {
		here = btf__name_by_offset(btf, one[i].name_off);
		if (!strcmp(here, name))
			return true;
		if ((inside || !*here) &&
		    has_member(btf, btf__type_by_id(btf, one[i].type), name, inside))
			return true;
	}
	return false;
}

static bool has_function(const struct btf *btf, const char *name)
{
	return btf__find_by_name_kind(btf, name, BTF_KIND_FUNC) > 0;
}

/* Does the kernel's list of functions for BPF programs have @name? */
static bool has_helper(const struct btf *btf, const char *name)
{
	int id = btf__find_by_name_kind(btf, "bpf_func_id", BTF_KIND_ENUM);
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;
	const struct btf_enum *one = type ? btf_enum(type) : NULL;
	__u32 i;

	for (i = 0; type && i < btf_vlen(type); i++)
		if (!strcmp(btf__name_by_offset(btf, one[i].name_off), name))
			return true;
	return false;
}

/* ---- functions ---- */

static void find_functions(const struct btf *btf, struct pgmap_hook_target *hooks)
{
	int hook, i;

	for (hook = 0; hook < PGMAP_NR_HOOKS; hook++) {
		for (i = 0; i < MAX_NAMES && functions[hook][i]; i++) {
			if (!has_function(btf, functions[hook][i]))
				continue;
			hooks[hook].function = functions[hook][i];
			hooks[hook].has_types = true;
			break;
		}
	}
}

static const struct btf_type *prototype_of(const struct btf *btf, const char *function)
{
	int id = btf__find_by_name_kind(btf, function, BTF_KIND_FUNC);
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;

	return type ? btf__type_by_id(btf, type->type) : NULL;
}

static bool is_pointer_to(const struct btf *btf, __u32 id, const char *name)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	if (!type || !btf_is_ptr(type))
		return false;
	type = btf__type_by_id(btf, type->type);
	return type && btf_is_struct(type) &&
	       !strcmp(btf__name_by_offset(btf, type->name_off), name);
}

/*
 * zone_device_page_init(): a page at first, then also an order, and since 12b2285bf3d1 the
 * pagemap. get_dev_pagemap() later lost the pagemap that nobody gave it any more.
 */
static void read_arguments(const struct btf *btf, struct pgmap_kernel *kernel)
{
	const struct btf_type *alloc = prototype_of(btf, "zone_device_page_init");
	const struct btf_type *get = prototype_of(btf, "get_dev_pagemap");
	const struct btf_param *one = alloc ? btf_params(alloc) : NULL;
	__u32 i;

	for (i = 1; alloc && i < btf_vlen(alloc); i++) {
		if (is_pointer_to(btf, one[i].type, "dev_pagemap"))
			kernel->alloc_pgmap_arg = i;
		else if (!strcmp(btf__name_by_offset(btf, one[i].name_off), "order"))
			kernel->alloc_order_arg = i;
	}
	kernel->get_takes_pgmap = get && btf_vlen(get) > 1;
}

static void read_types(const struct btf *btf, struct pgmap_kernel *kernel)
{
	kernel->no_tracepoint = find_missing_tracepoint(btf);
	kernel->has_driver = has_member(btf, find_struct(btf, "dev_pagemap"), "driver", false);
	/*
	 * The second one attaches a program to a function that ftrace looks after. It is not
	 * looked after itself, and older BTF has only functions that are: then kallsyms tells.
	 */
	kernel->has_trampolines = has_function(btf, "bpf_trampoline_link_prog") &&
				  has_function(btf, "register_ftrace_direct");
	/* both came with 6.7 */
	kernel->counts_skips = has_member(btf, find_struct(btf, "bpf_link_info"), "missed", true);
	kernel->can_walk_maps = has_helper(btf, "BPF_FUNC_for_each_map_elem");
	kernel->has_probes = !access(PGMAP_KPROBE_PATH "/type", R_OK);
	find_functions(btf, kernel->hooks);
	read_arguments(btf, kernel);
}

int pgmap_kernel_check(struct pgmap_kernel *kernel, char why[PGMAP_WHY_LEN])
{
	struct btf *btf = btf__parse_raw(PGMAP_BTF_PATH);
	int err = btf ? 0 : -errno;

	if (err) {
		snprintf(why, PGMAP_WHY_LEN,
			 "cannot read kernel types from " PGMAP_BTF_PATH " (%s): %s",
			 strerror(-err),
			 err == -ENOMEM ? "free some memory" : "the file is not this kernel's BTF");
		return err;
	}
	read_types(btf, kernel);
	btf__free(btf);
	return 0;
}

/* ---- symbols ---- */

/* The rank among the names of @hook, or -1. */
static int rank_of(int hook, const char *name)
{
	int i;

	for (i = 0; i < MAX_NAMES && functions[hook][i]; i++)
		if (!strcmp(functions[hook][i], name))
			return i;
	return -1;
}

/*
 * x86-64 has the address in a variable, or, where it does not move, nowhere. Variables are
 * listed only with CONFIG_KALLSYMS_ALL: that another one is there tells which of both.
 */
#ifdef __x86_64__
#define VMEMMAP_FIXED 0xffffea0000000000ULL
#else
#define VMEMMAP_FIXED 0
#endif

static void take_symbol(struct pgmap_kernel *kernel, const char *line, const char *name)
{
	struct pgmap_hook_target *one;
	int hook, rank;

	if (!strcmp(name, "vmemmap_base"))
		kernel->vmemmap_at = strtoull(line, NULL, 16);
	else if (!strcmp(name, "register_ftrace_direct"))
		kernel->has_trampolines = true;
	else if (!strcmp(name, "init_mm"))
		kernel->vmemmap = VMEMMAP_FIXED;
	for (hook = 0; hook < PGMAP_NR_HOOKS; hook++) {
		one = &kernel->hooks[hook];
		rank = rank_of(hook, name);
		if (rank < 0 || (one->function && rank > rank_of(hook, one->function)))
			continue;
		if (!one->function || rank < rank_of(hook, one->function))
			*one = (struct pgmap_hook_target){ .function = functions[hook][rank] };
		one->has_symbol = true;
	}
}

int pgmap_kernel_read_symbols(struct pgmap_kernel *kernel)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	char line[512], *name;
	bool has_base = false;

	if (!file)
		return -errno;
	/* address, type, name; the kernel's own come first, those of modules have a fourth word */
	while (fgets(line, sizeof(line), file) && !strchr(line, '[')) {
		name = strrchr(line, ' ');
		if (!name)
			continue;
		name[strcspn(name, "\n")] = 0;
		has_base |= !strcmp(name, " vmemmap_base");
		take_symbol(kernel, line, name + 1);
	}
	fclose(file);
	kernel->has_symbols = true;
	/* without the right to addresses (CAP_SYSLOG) it is listed as 0 */
	if (has_base)
		kernel->vmemmap = 0;
	return 0;
}
