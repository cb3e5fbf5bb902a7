/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What differs between kernels, and how each difference is seen: by what types and fields
 * there are. Each says since when, and by which commit of the kernel. Names of functions
 * that changed are in tools/source/kernel_types.c.
 */
#ifndef PGMAP_KERNEL_DRIFT_BPF_H
#define PGMAP_KERNEL_DRIFT_BPF_H

#include "kernel_types.bpf.h"
#include "knobs.bpf.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct percpu_ref {
	unsigned long percpu_count_ptr;
};

struct dev_pagemap___own_ref {
	struct percpu_ref ref;
};

struct dev_pagemap___lent_ref {
	const struct percpu_ref *ref;
	struct percpu_ref internal_ref;
};

struct page {
	struct dev_pagemap *pgmap;
	unsigned long flags;
};

struct page___memdesc {
	struct {
		unsigned long f;
	} flags;
};

struct folio {
	struct dev_pagemap *pgmap;
	unsigned int _folio_nr_pages;
	unsigned int _nr_pages;
};

typedef struct {
	unsigned long pte;
} pte_t;

struct vm_fault {
	struct page *page;
	unsigned long address;
	pte_t orig_pte;
};

#pragma clang attribute pop

enum pageflags { PG_head = 6 };

/*
 * 5.17, "memremap: remove support for external pgmap refcounts": until then a driver
 * could lend a reference of its own in place of `internal_ref`, and what frees that
 * says nothing of the pagemap.
 */
static __always_inline __u64 ref_offset(void)
{
	if (bpf_core_field_exists(struct dev_pagemap___lent_ref, internal_ref))
		return bpf_core_field_offset(struct dev_pagemap___lent_ref, internal_ref);
	return bpf_core_field_offset(struct dev_pagemap___own_ref, ref);
}

static __always_inline const struct dev_pagemap *pgmap_of_ref(const void *ref)
{
	return ref - ref_offset();
}

static __always_inline bool pgmap_ref_is_lent(const struct dev_pagemap *pgmap)
{
	const struct dev_pagemap___lent_ref *lent = (const void *)pgmap;

	if (!bpf_core_field_exists(lent->internal_ref))
		return false;
	return (const void *)BPF_CORE_READ(lent, ref) != (const void *)pgmap + ref_offset();
}

/*
 * 6.15, "mm: allow compound zone device pages": the field went from the page to the
 * folio. A folio's first page is the folio, and no other is asked for here.
 */
static __always_inline const __u64 *place_of_pgmap(const void *page)
{
	if (bpf_core_field_exists(struct folio, pgmap))
		return (const __u64 *)&((const struct folio *)page)->pgmap;
	return (const __u64 *)&((const struct page *)page)->pgmap;
}

/* 6.18, "mm: introduce memdesc_flags_t": a struct around the flags. */
static __always_inline const __u64 *place_of_flags(const void *page)
{
	if (bpf_core_field_exists(struct page___memdesc, flags.f))
		return (const __u64 *)&((const struct page___memdesc *)page)->flags.f;
	return (const __u64 *)&((const struct page *)page)->flags;
}

static __always_inline __u64 word_at(const __u64 *place)
{
	__u64 word = 0;

	bpf_probe_read_kernel(&word, sizeof(word), place);
	return word;
}

static __always_inline const struct dev_pagemap *pgmap_of_page(const void *page)
{
	return (const struct dev_pagemap *)word_at(place_of_pgmap(page));
}

/*
 * The first page of the folio of @page, which a fault may be on any page of. Of all others
 * the word that is the pagemap in the first one has its address and bit 0 set.
 */
static __always_inline const void *page_head(const void *page)
{
	__u64 word;

	if (!bpf_core_field_exists(struct folio, pgmap))
		return page;
	word = word_at(place_of_pgmap(page));
	return word & 1 ? (const void *)(word - 1) : page;
}

/*
 * The flags and, of a folio or page of a pagemap, the pagemap. No kernel has anything between
 * these two so far, and then one read gets both.
 */
struct page_words {
	__u64 flags;
	const struct dev_pagemap *pgmap;
};

static __always_inline void words_of_page(const void *page, struct page_words *words)
{
	/* of no page the places are offsets, which the verifier knows */
	if (place_of_pgmap(NULL) == place_of_flags(NULL) + 1) {
		bpf_probe_read_kernel(words, sizeof(*words), place_of_flags(page));
		return;
	}
	words->flags = word_at(place_of_flags(page));
	words->pgmap = pgmap_of_page(page);
}

static __always_inline bool flags_are_large(__u64 flags)
{
	return flags >> bpf_core_enum_value(enum pageflags, PG_head) & 1;
}

/*
 * Base pages of what is freed. Before struct folio (5.16) device pages are single ones;
 * later the number is in the folio, by one of two names (the second since 6.15 or so).
 */
static __always_inline __u64 pages_of_folio(const void *folio, __u64 flags)
{
	__u64 pages = 1;

	if (!flags_are_large(flags))
		return 1;
	if (bpf_core_field_exists(struct folio, _nr_pages))
		pages = BPF_CORE_READ((const struct folio *)folio, _nr_pages);
	else if (bpf_core_field_exists(struct folio, _folio_nr_pages))
		pages = BPF_CORE_READ((const struct folio *)folio, _folio_nr_pages);
	return pages ? pages : 1;
}

/* Where the kernel has put the array of all struct pages, if user space knows; 0: it does not. */
__u64 vmemmap;

/* Or it knows where the kernel says that. Returns 0 if not known. */
static __always_inline __u64 pfn_of_page(const void *page)
{
	if (!vmemmap && knob_vmemmap_at)
		bpf_probe_read_kernel(&vmemmap, sizeof(vmemmap), (const void *)knob_vmemmap_at);
	if (!vmemmap)
		return 0;
	return ((__u64)page - vmemmap) / bpf_core_type_size(struct page);
}

/* 5.19, "bpf: add bpf_map_lookup_percpu_elem for percpu map". */
static __always_inline bool other_cpus_can_be_read(void)
{
	return bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_map_lookup_percpu_elem);
}

#endif
