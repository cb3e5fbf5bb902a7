// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's file tree: the host's root over 9p, read-only, below a tmpfs,
 * with the kernel's own file systems mounted on it.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "init.h"

#define P9_OPTIONS "trans=virtio,version=9p2000.L,msize=512000"

struct mount_row {
	const char *source;
	const char *target;
	const char *type;
	unsigned long flags;
	const char *options;
	int optional;
};

static const struct mount_row first_mounts[] = {
	{ "devtmpfs", "/dev", "devtmpfs", 0, NULL, 0 },
};

static const struct mount_row early_mounts[] = {
	{ "hostroot", "/lower", "9p", MS_RDONLY, P9_OPTIONS ",cache=loose", 0 },
	{ "tmpfs", "/rw", "tmpfs", 0, "size=75%", 0 },
};

/* in order: a row may be mounted on a directory of the one above */
static const struct mount_row late_mounts[] = {
	{ "proc", "/proc", "proc", 0, NULL, 0 },
	{ "sysfs", "/sys", "sysfs", 0, NULL, 0 },
	{ "devtmpfs", "/dev", "devtmpfs", 0, NULL, 0 },
	{ "devpts", "/dev/pts", "devpts", 0, "mode=620,ptmxmode=666", 0 },
	{ "tmpfs", "/dev/shm", "tmpfs", 0, NULL, 0 },
	{ "mqueue", "/dev/mqueue", "mqueue", 0, NULL, 1 },
	{ "hugetlbfs", "/dev/hugepages", "hugetlbfs", 0, NULL, 1 },
	{ "tmpfs", "/run", "tmpfs", 0, "mode=755", 0 },
	{ "debugfs", "/sys/kernel/debug", "debugfs", 0, NULL, 0 },
	{ "tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL, 0 },
	{ "bpf", "/sys/fs/bpf", "bpf", 0, NULL, 0 },
	{ "securityfs", "/sys/kernel/security", "securityfs", 0, NULL, 0 },
	{ "cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL, 0 },
};

static void mount_rows(const struct mount_row *rows, size_t count)
{
	const struct mount_row *row;

	for (row = rows; row < rows + count; row++) {
		mkdir(row->target, 0755);
		if (!mount(row->source, row->target, row->type, row->flags, row->options))
			continue;
		if (!row->optional)
			guest_die(row->target);
	}
}

void root_enter(void)
{
	/* so that what goes wrong from here on can be told */
	mount_rows(first_mounts, ARRAY_SIZE(first_mounts));
	modules_load();
	mount_rows(early_mounts, ARRAY_SIZE(early_mounts));
	mkdir("/rw/upper", 0755);
	mkdir("/rw/work", 0755);
	mkdir("/root", 0755);
	if (mount("overlay", "/root", "overlay", 0,
		  "lowerdir=/lower,upperdir=/rw/upper,workdir=/rw/work"))
		guest_die("overlay of the host's root");
	if (chdir("/root") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot("."))
		guest_die("change of root");
	mount_rows(late_mounts, ARRAY_SIZE(late_mounts));
	/* devtmpfs has no links of its own; shells and tests rely on these */
	if (symlink("/proc/self/fd", "/dev/fd") || symlink("/proc/self/fd/0", "/dev/stdin") ||
	    symlink("/proc/self/fd/1", "/dev/stdout") || symlink("/proc/self/fd/2", "/dev/stderr"))
		guest_die("links in /dev");
}

void root_add_modules(const char *dir)
{
	struct utsname uts;
	char path[256];

	uname(&uts);
	mkdir("/lib/modules", 0755);
	snprintf(path, sizeof(path), "/lib/modules/%s", uts.release);
	mkdir(path, 0755);
	if (mount(dir, path, NULL, MS_BIND, NULL))
		guest_die(path);
}

void root_add_share(void)
{
	mkdir("/mnt/share", 0755);
	if (mount("share", "/mnt/share", "9p", 0, P9_OPTIONS ",cache=none"))
		guest_die("/mnt/share");
}
