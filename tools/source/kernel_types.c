// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the running kernel's BTF says: are our tracepoints there, and which
 * fields. Of libbpf this needs the BTF reader only.
 */
#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <pgmap/names.h>

#include "surroundings.h"

static int check_tracepoints(const struct btf *btf, char why[PGMAP_WHY_LEN])
{
	char name[64];
	int id;

	for (id = PGMAP_EVENT_ADD; id <= PGMAP_EVENT_FAULT_EXIT; id++) {
		snprintf(name, sizeof(name), "btf_trace_%s", pgmap_event_name(id));
		if (btf__find_by_name_kind(btf, name, BTF_KIND_TYPEDEF) > 0)
			continue;
		snprintf(why, PGMAP_WHY_LEN,
			 "this kernel has no tracepoint memremap:%s: boot the kernel that this project builds (make run, guest/run)",
			 pgmap_event_name(id));
		return -ENOENT;
	}
	return 0;
}

static bool has_member(const struct btf *btf, const char *type, const char *member)
{
	int id = btf__find_by_name_kind(btf, type, BTF_KIND_STRUCT);
	const struct btf_type *found = id > 0 ? btf__type_by_id(btf, id) : NULL;
	const struct btf_member *one = found ? btf_members(found) : NULL;
	__u32 i;

	for (i = 0; found && i < btf_vlen(found); i++)
		if (!strcmp(btf__name_by_offset(btf, one[i].name_off), member))
			return true;
	return false;
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
	err = check_tracepoints(btf, why);
	kernel->has_get = btf__find_by_name_kind(btf, "get_dev_pagemap", BTF_KIND_FUNC) > 0;
	kernel->has_driver = has_member(btf, "dev_pagemap", "driver");
	btf__free(btf);
	return err;
}
