// SPDX-License-Identifier: GPL-2.0-only
/*
 * A libFuzzer target: a recording, damaged in any way, goes through the file source. It is
 * read to its end or refused with a reason; libFuzzer and the sanitizers see the rest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/record.h"
#include "source/source.h"

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);

static void must(bool condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "this does not hold: %s\n", what);
	abort();
}

static int on_event(void *context, const struct pgmap_event *ev)
{
	__u64 *last = context;

	*last = ev->time_ns;
	/* what core refuses ends a run with an error, which is fine; texts have to end */
	pgmap_record_is_valid(ev);
	must(memchr(ev->comm, 0, sizeof(ev->comm)), "names of threads end");
	return 0;
}

static void on_lost(void *context, enum pgmap_loss cause, __u64 count)
{
	(void)context;
	(void)cause;
	(void)count;
}

static void on_sent(void *context, enum pgmap_event_id event, __u64 count)
{
	(void)context;
	(void)event;
	(void)count;
}

static int file_with(const __u8 *data, size_t size)
{
	int fd = memfd_create("recording", 0);

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size, "there is memory for a file");
	return fd;
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	const struct pgmap_source_ops *ops = &pgmap_source_file;
	struct pgmap_source_options options = { 0 };
	char path[64], why[PGMAP_WHY_LEN] = "";
	struct pgmap_source *source;
	__u64 last = 0;
	struct pgmap_sink sink = {
		.event = on_event, .lost = on_lost, .sent = on_sent, .context = &last,
	};
	int fd = file_with(data, size), err;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	options.file = path;
	err = ops->open(&source, &options, why);
	must(!err || *why, "a file that is refused is so for a reason");
	while (!err && ops->is_holding(source))
		err = ops->read(source, ~0ULL, &sink);
	if (source) {
		must(!err || ops->failure(source), "reading that fails says why");
		ops->read_counts(source, &sink);
		ops->free(source);
	}
	close(fd);
	return 0;
}
