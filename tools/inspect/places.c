// SPDX-License-Identifier: GPL-2.0-only
/* Looks symbols up, by the names that this project's kernel and others have for them. */
#include "places.h"

/* Where x86-64 puts the struct pages when it does not move them at boot. */
#define VMEMMAP_FIXED 0xffffea0000000000ULL

/* Our core, in the place of the kernel's own, has other names. */
static bool is_our_core(struct pgmap_symbols *symbols)
{
	return pgmap_symbols_address(symbols, "pagemap_drained");
}

static __u64 find_release(struct pgmap_symbols *symbols)
{
	return pgmap_symbols_address(symbols, is_our_core(symbols) ? "pagemap_drained" :
				     "dev_pagemap_percpu_release");
}

static __u64 find_lookup(struct pgmap_symbols *symbols)
{
	return pgmap_symbols_data(symbols, is_our_core(symbols) ? "lookup" : "pgmap_array");
}

/* Where struct pages are is up to the architecture; on others than these it is not known. */
#ifdef __x86_64__
static __u64 find_vmemmap(const struct pgmap_memory *memory, struct pgmap_symbols *symbols)
{
	__u64 where = pgmap_symbols_data(symbols, "vmemmap_base"), base;

	if (where)
		return pgmap_memory_read(memory, where, &base, sizeof(base)) ? 0 : base;
	/* only a kernel that shows its data would show the variable if it had one */
	return pgmap_symbols_data(symbols, "init_task") ? VMEMMAP_FIXED : 0;
}
#else
static __u64 find_vmemmap(const struct pgmap_memory *memory, struct pgmap_symbols *symbols)
{
	(void)memory;
	(void)symbols;
	return 0;
}
#endif

void pgmap_places_find(struct pgmap_memory *memory, struct pgmap_symbols *symbols)
{
	memory->release = find_release(symbols);
	memory->lookup = find_lookup(symbols);
	memory->vmemmap = find_vmemmap(memory, symbols);
	/* this function came with the change that made it so */
	memory->free_is_zero = pgmap_symbols_address(symbols, "zone_device_page_init");
}
