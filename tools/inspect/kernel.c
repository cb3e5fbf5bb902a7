// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads bpf/inspect.bpf.c and runs its programs; attaches nothing. Where that is not allowed,
 * memory is read from /proc/kcore, and tasks are not looked at.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kcore.h"
#include "kernel.h"
#include "layout.h"

#include "inspect.skel.h"

struct pgmap_kernel_view {
	struct inspect_bpf *skeleton;	/* NULL: there is ... */
	struct pgmap_kcore *kcore;	/* ... this, and what BTF says */
	struct pgmap_layout layout;
};

/* Runs a program with two arguments. Returns what it returned, or a negative errno. */
static int run(const struct bpf_program *program, __u64 a, __u64 b)
{
	__u64 arguments[] = { a, b };
	struct bpf_test_run_opts options = {
		.sz = sizeof(options), .ctx_in = arguments, .ctx_size_in = sizeof(arguments)
	};
	int err = bpf_prog_test_run_opts(bpf_program__fd(program), &options);

	return err ? err : (int)options.retval;
}

static int read_kernel(void *context, __u64 address, void *to, size_t size)
{
	struct pgmap_kernel_view *view = context;
	size_t here;
	int err = 0;

	for (; size && !err; size -= here, address += here, to = (char *)to + here) {
		here = size < PGMAP_WINDOW ? size : PGMAP_WINDOW;
		err = run(view->skeleton->progs.look, address, here);
		if (!err)
			memcpy(to, view->skeleton->bss->window, here);
	}
	return err;
}

static void (*library_log)(const char *format, va_list args);

static int log_library(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	if (library_log)
		library_log(format, args);
	return 0;
}

static int load(struct pgmap_kernel_view *view, struct pgmap_memory *memory)
{
	int err;

	view->skeleton = inspect_bpf__open_and_load();
	if (!view->skeleton)
		return -errno;
	err = run(view->skeleton->progs.lay_out, 0, 0);
	if (err) {
		inspect_bpf__destroy(view->skeleton);
		view->skeleton = NULL;
		return err;
	}
	memory->read = read_kernel;
	memory->context = view;
	memory->layout = &view->skeleton->bss->layout;
	return 0;
}

static int open_kcore(struct pgmap_kernel_view *view, struct pgmap_memory *memory)
{
	int err = pgmap_layout_read(&view->layout);

	if (!err)
		err = pgmap_kcore_open(&view->kcore, "/proc/kcore");
	memory->read = pgmap_kcore_read;
	memory->context = view->kcore;
	memory->layout = &view->layout;
	return err;
}

static void refuse(int bpf, int kcore, char *why, size_t why_len)
{
	static const char *const hints[] = {
		"see -v for the kernel's own words",
		"run as root and check ulimit -l, or with CAP_BPF and CAP_PERFMON, or CAP_SYS_RAWIO and CAP_DAC_OVERRIDE",
	};

	snprintf(why, why_len,
		 "the kernel's memory can be read neither with BPF (%s) nor from /proc/kcore (%s): %s",
		 strerror(-bpf), strerror(-kcore), hints[bpf == -EPERM]);
}

int pgmap_kernel_view_open(struct pgmap_kernel_view **view, struct pgmap_memory *memory,
			   void (*log)(const char *format, va_list args), char *why,
			   size_t why_len)
{
	int bpf, kcore;

	library_log = log;
	libbpf_set_print(log_library);
	*view = calloc(1, sizeof(**view));
	bpf = *view ? load(*view, memory) : -ENOMEM;
	kcore = *view && bpf ? open_kcore(*view, memory) : bpf;
	if (!kcore)
		return 0;
	refuse(bpf, kcore, why, why_len);
	pgmap_kernel_view_free(*view);
	*view = NULL;
	return bpf;
}

/* All of @fd into an array that grows. Returns the number of whole ones, or a negative errno. */
static int read_sleepers(int fd, struct pgmap_sleeper **all)
{
	size_t room = 0, used = 0;
	ssize_t got = 1;
	char *more;

	while (got > 0) {
		if (used == room) {
			room = room ? 2 * room : 64 * sizeof(**all);
			more = realloc(*all, room);
			if (!more)
				return -ENOMEM;
			*all = (struct pgmap_sleeper *)more;
		}
		got = read(fd, (char *)*all + used, room - used);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			got = 1;
		else
			used += got > 0 ? got : 0;
	}
	return got < 0 ? -errno : (int)(used / sizeof(**all));
}

int pgmap_kernel_view_sleepers(struct pgmap_kernel_view *view, struct pgmap_sleeper **sleepers)
{
	struct bpf_link *link;
	int fd, nr;

	*sleepers = NULL;
	if (!view->skeleton)
		return -EOPNOTSUPP;
	link = bpf_program__attach_iter(view->skeleton->progs.sleepers, NULL);
	if (!link)
		return -errno;
	fd = bpf_iter_create(bpf_link__fd(link));
	nr = fd < 0 ? fd : read_sleepers(fd, sleepers);
	if (fd >= 0)
		close(fd);
	bpf_link__destroy(link);
	if (nr < 0) {
		free(*sleepers);
		*sleepers = NULL;
	}
	return nr;
}

void pgmap_kernel_view_free(struct pgmap_kernel_view *view)
{
	if (!view)
		return;
	inspect_bpf__destroy(view->skeleton);
	pgmap_kcore_free(view->kcore);
	free(view);
}
