// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same as program lay_out of bpf/inspect.bpf.c finds, by the same names. Of libbpf this
 * needs the BTF reader only.
 */
#include <bpf/btf.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "layout.h"

enum kind { ANY, POINTER };

/* Of two places of one field the second counts where the first is not. */
static const struct {
	size_t to;		/* in struct pgmap_layout */
	const char *type;
	const char *path;	/* members, parted by dots */
	enum kind kind;
} places[] = {
#define PLACE(to, type, path) { offsetof(struct pgmap_layout, to), type, path, ANY }
	PLACE(page_pgmap, "page", "pgmap"),
	PLACE(page_pgmap, "folio", "pgmap"),
	PLACE(page_refcount, "page", "_refcount"),
	PLACE(page_mapcount, "page", "_mapcount"),
	PLACE(pgmap_type, "dev_pagemap", "type"),
	PLACE(pgmap_nr_range, "dev_pagemap", "nr_range"),
	PLACE(pgmap_range, "dev_pagemap", "range"),
	PLACE(pgmap_driver, "dev_pagemap", "driver"),
	PLACE(pgmap_ops, "dev_pagemap", "ops"),
	PLACE(pgmap_ref, "dev_pagemap", "internal_ref"),
	PLACE(pgmap_ref, "dev_pagemap", "ref"),
	{ offsetof(struct pgmap_layout, pgmap_ref_pointer), "dev_pagemap", "ref", POINTER },
	PLACE(ref_word, "percpu_ref", "percpu_count_ptr"),
	PLACE(ref_data, "percpu_ref", "data"),
	PLACE(pgmap_waiters, "dev_pagemap", "done.wait.task_list"),
	PLACE(data_count, "percpu_ref_data", "count"),
	PLACE(data_release, "percpu_ref_data", "release"),
	PLACE(waiter_task, "swait_queue", "task"),
	PLACE(waiter_list, "swait_queue", "task_list"),
	PLACE(xarray_head, "xarray", "xa_head"),
	PLACE(node_shift, "xa_node", "shift"),
	PLACE(node_slots, "xa_node", "slots"),
#undef PLACE
};

static const char *const type_names[PGMAP_NR_TYPES] = {
#define X(id) [PGMAP_TYPE_##id] = "MEMORY_DEVICE_" #id,
	PGMAP_TYPES(X)
#undef X
};

/* ---- members ---- */

struct member {
	__u32 type;	/* the kernel's number of it */
	__u32 offset;	/* in bytes */
};

static const struct btf_type *strip(const struct btf *btf, __u32 id)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	while (type && (btf_is_mod(type) || btf_is_typedef(type)))
		type = btf__type_by_id(btf, type->type);
	return type;
}

/* Also inside members without a name. */
static bool find_member(const struct btf *btf, __u32 id, const char *name, size_t length,
			struct member *found)
{
	const struct btf_type *type = strip(btf, id);
	__u32 i, nr = type && btf_is_composite(type) ? btf_vlen(type) : 0, bits;
	const struct btf_member *one;
	const char *here;

	for (i = 0; i < nr; i++) {
		one = &btf_members(type)[i];
		here = btf__name_by_offset(btf, one->name_off);
		bits = btf_member_bit_offset(type, i);
		if (strlen(here) == length && !memcmp(here, name, length)) {
			*found = (struct member){ one->type, bits / 8 };
			return true;
		}
		if (!*here && find_member(btf, one->type, name, length, found)) {
			found->offset += bits / 8;
			return true;
		}
	}
	return false;
}

/* Returns whether it is there. */
static bool find_path(const struct btf *btf, const char *type, const char *path,
		      struct member *found)
{
	int id = btf__find_by_name_kind(btf, type, BTF_KIND_STRUCT);
	struct member one = { .type = id > 0 ? id : 0 };
	size_t length;

	*found = one;
	for (; one.type; path += length + 1) {
		length = strcspn(path, ".");
		if (!find_member(btf, found->type, path, length, &one))
			return false;
		found->type = one.type;
		found->offset += one.offset;
		if (!path[length])
			return true;
	}
	return false;
}

static __u32 size_of(const struct btf *btf, const char *type)
{
	int id = btf__find_by_name_kind(btf, type, BTF_KIND_STRUCT);
	__s64 size = id > 0 ? btf__resolve_size(btf, id) : 0;

	return size > 0 ? size : 0;
}

/* ---- all of it ---- */

static void lay_out_fields(struct pgmap_layout *layout, const struct btf *btf)
{
	const struct btf_type *type;
	struct member found;
	__u32 *to;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		to = (__u32 *)((char *)layout + places[i].to);
		if (*to != PGMAP_NO_FIELD ||
		    !find_path(btf, places[i].type, places[i].path, &found))
			continue;
		type = strip(btf, found.type);
		if (places[i].kind == ANY || (type && btf_is_ptr(type)))
			*to = found.offset;
	}
}

static void lay_out_types(struct pgmap_layout *layout, const struct btf *btf)
{
	int id = btf__find_by_name_kind(btf, "memory_type", BTF_KIND_ENUM);
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;
	__u32 i, ours, nr = type ? btf_vlen(type) : 0;
	const struct btf_enum *one;

	for (i = 0; i < nr; i++) {
		one = &btf_enum(type)[i];
		for (ours = PGMAP_TYPE_NONE + 1; ours < PGMAP_NR_TYPES; ours++)
			if (!strcmp(btf__name_by_offset(btf, one->name_off), type_names[ours]))
				layout->types[ours] = one->val;
	}
}

void pgmap_layout_of(struct pgmap_layout *layout, const struct btf *btf)
{
	struct member found;
	__s64 size = 0;

	/* PGMAP_NO_FIELD in each */
	memset(layout, 0xff, sizeof(*layout));
	lay_out_fields(layout, btf);
	lay_out_types(layout, btf);
	layout->page_size = size_of(btf, "page");
	layout->pgmap_size = size_of(btf, "dev_pagemap");
	layout->ops_size = size_of(btf, "dev_pagemap_ops");
	if (find_path(btf, "xa_node", "slots", &found))
		size = btf__resolve_size(btf, found.type);
	layout->node_slots_size = size > 0 ? size : 0;
	layout->idle_is_zero = find_path(btf, "folio", "pgmap", &found);
	layout->types[PGMAP_TYPE_NONE] = 0;
}

int pgmap_layout_read(struct pgmap_layout *layout)
{
	struct btf *btf = btf__load_vmlinux_btf();

	if (!btf)
		return errno ? -errno : -ENOENT;
	pgmap_layout_of(layout, btf);
	btf__free(btf);
	return 0;
}
