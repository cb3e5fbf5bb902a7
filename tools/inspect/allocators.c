// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the maps of observers by way of a program that uses both: names alone
 * would not tell whose stacks belong to whose pages.
 */
#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "allocators.h"

enum { MAX_MAPS = 32 };

static bool is_map(const struct bpf_map_info *info, const char *name, __u32 key_size,
		   __u32 value_size)
{
	return !strcmp(info->name, name) && info->key_size == key_size &&
	       info->value_size == value_size;
}

/* Keeps the map if it is one of the two, else closes it. */
static void take_map(struct pgmap_allocators *to, int fd)
{
	int *place = NULL;
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);

	if (fd < 0)
		return;
	if (!bpf_obj_get_info_by_fd(fd, &info, &size)) {
		if (is_map(&info, "pgmap_pages", sizeof(__u64), sizeof(struct pgmap_page_state)))
			place = &to->observers[to->nr].pages;
		else if (is_map(&info, "pgmap_stacks", sizeof(__u32),
				PGMAP_MAX_FRAMES * sizeof(__u64)))
			place = &to->observers[to->nr].stacks;
	}
	if (place && *place < 0)
		*place = fd;
	else
		close(fd);
}

/* An observer has several programs on the same maps: one is enough. */
static bool is_known(const struct pgmap_allocators *allocators, int pages)
{
	struct bpf_map_info one = { 0 }, other = { 0 };
	__u32 i, size = sizeof(one);

	if (bpf_obj_get_info_by_fd(pages, &one, &size))
		return true;
	for (i = 0; i < allocators->nr; i++) {
		size = sizeof(other);
		if (!bpf_obj_get_info_by_fd(allocators->observers[i].pages, &other, &size) &&
		    one.id == other.id)
			return true;
	}
	return false;
}

static void close_one(struct pgmap_allocators *allocators, __u32 i)
{
	if (allocators->observers[i].pages >= 0)
		close(allocators->observers[i].pages);
	if (allocators->observers[i].stacks >= 0)
		close(allocators->observers[i].stacks);
}

static void look_at_program(struct pgmap_allocators *to, int program)
{
	__u32 maps[MAX_MAPS] = { 0 }, i;
	struct bpf_prog_info info = {
		.nr_map_ids = MAX_MAPS, .map_ids = (__u64)(unsigned long)maps
	};
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(program, &info, &size))
		return;
	to->observers[to->nr].pages = -1;
	to->observers[to->nr].stacks = -1;
	for (i = 0; i < info.nr_map_ids && i < MAX_MAPS; i++)
		take_map(to, bpf_map_get_fd_by_id(maps[i]));
	if (to->observers[to->nr].pages >= 0 && to->observers[to->nr].stacks >= 0 &&
	    !is_known(to, to->observers[to->nr].pages))
		to->nr++;
	else
		close_one(to, to->nr);
}

/* Our own maps we have open already, and looking at those takes no right. */
static void take_own(struct pgmap_allocators *to)
{
	DIR *fds = opendir("/proc/self/fd");
	struct dirent *entry;
	char target[32];
	ssize_t length;

	to->observers[0].pages = -1;
	to->observers[0].stacks = -1;
	while (fds && (entry = readdir(fds))) {
		length = readlinkat(dirfd(fds), entry->d_name, target, sizeof(target) - 1);
		target[length > 0 ? length : 0] = 0;
		if (!strcmp(target, "anon_inode:bpf-map"))
			take_map(to, fcntl(atoi(entry->d_name), F_DUPFD_CLOEXEC, 0));
	}
	if (fds)
		closedir(fds);
	if (to->observers[0].pages >= 0 && to->observers[0].stacks >= 0)
		to->nr = 1;
	else
		close_one(to, 0);
}

static int take_all(struct pgmap_allocators *allocators)
{
	__u32 id = 0;
	int fd;

	while (allocators->nr < PGMAP_MAX_OBSERVERS && !bpf_prog_get_next_id(id, &id)) {
		fd = bpf_prog_get_fd_by_id(id);
		if (fd < 0 && errno == EPERM)
			return -EPERM;
		if (fd < 0)	/* it has just gone */
			continue;
		look_at_program(allocators, fd);
		close(fd);
	}
	return errno == EPERM ? -EPERM : 0;
}

int pgmap_allocators_open(struct pgmap_allocators *allocators)
{
	int err;

	memset(allocators, 0, sizeof(*allocators));
	err = take_all(allocators);
	if (err == -EPERM && !allocators->nr)
		take_own(allocators);
	return err;
}

static int read_stack(int fd, __s32 key, __u64 stack[PGMAP_MAX_FRAMES])
{
	int nr = 0;

	memset(stack, 0, PGMAP_MAX_FRAMES * sizeof(*stack));
	if (fd < 0 || key < 0 || bpf_map_lookup_elem(fd, &key, stack))
		return 0;
	while (nr < PGMAP_MAX_FRAMES && stack[nr])
		nr++;
	return nr;
}

int pgmap_allocators_find(const struct pgmap_allocators *allocators, __u64 pgmap, __u64 pfn,
			  struct pgmap_page_state *state, __u64 stack[PGMAP_MAX_FRAMES])
{
	__u32 i;

	for (i = 0; i < allocators->nr; i++)
		if (!bpf_map_lookup_elem(allocators->observers[i].pages, &pfn, state) &&
		    state->pgmap == pgmap)
			return read_stack(allocators->observers[i].stacks, state->stack, stack);
	return -ENOENT;
}

void pgmap_allocators_close(struct pgmap_allocators *allocators)
{
	__u32 i;

	for (i = 0; i < allocators->nr; i++)
		close_one(allocators, i);
	allocators->nr = 0;
}
