// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes on kernel functions, by name or by address. They are perf events: they are gone
 * with their file descriptor, and they do not keep a module from being unloaded, as a
 * trampoline into it would.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "live.h"

/* What the kernel tells of a probe's link since 6.7; headers of that time do not have it. */
struct probe_link_info {
	__u32 type;
	__u32 id;
	__u32 prog_id;
	__u32 pad;
	__u32 event_type;
	__u32 pad2;
	__u64 function;
	__u32 function_length;
	__u32 offset;
	__u64 address;
	__u64 missed;
	__u64 cookie;
};

/* A number in a file of the probes' event source, written as by @format. Returns it or -ENOENT. */
static int read_number(const char *path, const char *format)
{
	FILE *file = fopen(path, "re");
	int value, got;

	if (!file)
		return -ENOENT;
	/* NOLINTNEXTLINE: both formats are below */
	got = fscanf(file, format, &value);
	fclose(file);
	return got == 1 ? value : -ENOENT;
}

static int open_event(const char *function, __u64 address, bool is_return)
{
	int type = read_number(PGMAP_KPROBE_PATH "/type", "%d");
	int bit = read_number(PGMAP_KPROBE_PATH "/format/retprobe", "config:%d");
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = type,
		.config = is_return ? 1ULL << bit : 0,
		.kprobe_func = (__u64)(unsigned long)function,
		.kprobe_addr = address,
	};
	int fd;

	if (type < 0 || bit < 0)
		return -ENOENT;
	/* on one CPU by name, and yet its program runs on all */
	fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int pgmap_live_probe(struct bpf_link **link, const struct bpf_program *program,
		     const char *function, __u64 address, bool is_return)
{
	int err, fd = open_event(function, address, is_return);

	if (fd < 0)
		return fd;
	*link = bpf_program__attach_perf_event(program, fd);
	if (*link)
		return 0;
	err = -errno;
	close(fd);
	return err;
}

int pgmap_live_may_probe(const char *function)
{
	int fd = open_event(function, 0, false);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

void pgmap_live_why_no_probes(const struct pgmap_kernel *kernel, char reason[PGMAP_REASON_LEN])
{
	char why[PGMAP_WHY_LEN] = "probes are not allowed: run as root";

	if (!kernel->has_probes)
		strcpy(why, "this kernel has no kprobes (CONFIG_KPROBE_EVENTS)");
	else
		pgmap_surroundings_guard_probes(why);
	snprintf(reason, PGMAP_REASON_LEN, "%.*s", PGMAP_REASON_LEN - 1, why);
}

__u64 pgmap_live_probe_skipped(const struct bpf_link *link)
{
	struct probe_link_info info = {};
	__u32 size = sizeof(info);

	if (!link || bpf_obj_get_info_by_fd(bpf_link__fd(link), &info, &size))
		return 0;
	return info.type == BPF_LINK_TYPE_PERF_EVENT ? info.missed : 0;
}
