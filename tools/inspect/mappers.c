// SPDX-License-Identifier: GPL-2.0-only
/*
 * Goes through /proc/PID/maps and /proc/PID/pagemap of every process. A page on
 * a device that the CPU cannot read is there too: as an entry of swap of one of
 * the kinds that the kernel keeps for itself, whose offset is the frame.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <pgmap/page_size.h>

#include "mappers.h"

/* /proc/PID/pagemap: bits of a word */
#define PRESENT		(1ULL << 63)
#define SWAPPED		(1ULL << 62)
#define FRAME		((1ULL << 55) - 1)
#define SWAP_TYPE_BITS	5

/* The kernel leaves so many kinds of swap entry to swap files at least; the rest are its own. */
enum { FIRST_SPECIAL = 23 };

enum { WORDS = 8192, RUNS = 64 };

/* Linux 6.7 and later: what there is in an area, whose size may be terabytes of nothing. */
struct page_run {
	__u64 start;
	__u64 end;
	__u64 categories;
};

struct scan_request {
	__u64 size;
	__u64 flags;
	__u64 start;
	__u64 end;
	__u64 walk_end;
	__u64 vec;
	__u64 vec_len;
	__u64 max_pages;
	__u64 category_inverted;
	__u64 category_mask;
	__u64 category_anyof_mask;
	__u64 return_mask;
};

#define SCAN		_IOWR('f', 16, struct scan_request)
#define SCAN_PRESENT	(1 << 3)
#define SCAN_SWAPPED	(1 << 4)

int pgmap_maps_line(const char *line, __u64 *start, __u64 *end)
{
	char *rest;

	if (!isxdigit(*line))
		return -EINVAL;
	*start = strtoull(line, &rest, 16);
	if (*rest != '-' || !isxdigit(rest[1]))
		return -EINVAL;
	*end = strtoull(rest + 1, &rest, 16);
	return *rest == ' ' && *start < *end ? 0 : -EINVAL;
}

__u64 pgmap_pagemap_pfn(__u64 word)
{
	__u64 frame = word & FRAME;

	if (word & PRESENT)
		return frame;
	if (!(word & SWAPPED) || (frame & ((1 << SWAP_TYPE_BITS) - 1)) < FIRST_SPECIAL)
		return 0;
	return frame >> SWAP_TYPE_BITS;
}

struct process {
	struct pgmap_mappers_query *query;
	__u32 pid;
	char comm[17];
	int pagemap;
	bool cannot_scan;
	__u64 words[WORDS];
	__u64 low, high;	/* of all frames asked for */
};

static void compare_word(struct process *process, __u64 word, __u64 address)
{
	struct pgmap_mapping mapping = {
		.pid = process->pid, .comm = process->comm, .address = address
	};
	__u64 pfn = pgmap_pagemap_pfn(word);

	if (pfn < process->low || pfn > process->high)
		return;
	for (mapping.index = 0; mapping.index < process->query->nr; mapping.index++)
		if (process->query->pfns[mapping.index] == pfn)
			process->query->found(process->query->context, &mapping);
}

static void look_at_run(struct process *process, __u64 start, __u64 end)
{
	struct pgmap_mappers_query *query = process->query;
	unsigned int shift = pgmap_page_shift();
	ssize_t bytes, i;

	while (start < end && !query->over) {
		bytes = (end - start) >> shift;
		bytes = (bytes < WORDS ? bytes : WORDS) * sizeof(process->words[0]);
		bytes = pread(process->pagemap, process->words, bytes,
			      (start >> shift) * sizeof(process->words[0]));
		if (bytes < (ssize_t)sizeof(process->words[0]))
			return;
		for (i = 0; i < bytes / (ssize_t)sizeof(process->words[0]); i++)
			compare_word(process, process->words[i], start + (i << shift));
		start += (__u64)i << shift;
		query->over = query->is_over(query->context);
	}
}

/* Runs of pages from @start on and where to go on after them; all as one where none are told. */
static int find_runs(struct process *process, __u64 start, __u64 end, struct page_run *runs,
		     __u64 *next)
{
	struct scan_request request = {
		.size = sizeof(request), .start = start, .end = end,
		.vec = (unsigned long)runs, .vec_len = RUNS,
		.category_anyof_mask = SCAN_PRESENT | SCAN_SWAPPED,
		.return_mask = SCAN_PRESENT | SCAN_SWAPPED,
	};
	int nr = process->cannot_scan ? -1 : ioctl(process->pagemap, SCAN, &request);

	*next = end;
	if (nr < 0) {
		process->cannot_scan = true;
		runs[0] = (struct page_run){ .start = start, .end = end };
		return 1;
	}
	if (nr == RUNS && request.walk_end > start)
		*next = request.walk_end;
	return nr;
}

static void look_at_area(struct process *process, __u64 start, __u64 end)
{
	struct page_run runs[RUNS];
	int i, nr;

	while (start < end && !process->query->over) {
		nr = find_runs(process, start, end, runs, &start);
		for (i = 0; i < nr; i++)
			look_at_run(process, runs[i].start, runs[i].end);
	}
}

static FILE *open_proc(__u32 pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%u/%s", pid, name);
	return fopen(path, "re");
}

static void read_comm(struct process *process)
{
	FILE *file = open_proc(process->pid, "comm");

	if (!file || !fgets(process->comm, sizeof(process->comm), file))
		strcpy(process->comm, "?");
	process->comm[strcspn(process->comm, "\n")] = 0;
	if (file)
		fclose(file);
}

/* Kernel threads have no areas; a process may end at any moment, which is no error. */
static void look_at_process(struct process *process)
{
	FILE *maps = open_proc(process->pid, "maps");
	FILE *pagemap = maps ? open_proc(process->pid, "pagemap") : NULL;
	char line[512];
	__u64 start, end;

	if (!pagemap && (errno == EPERM || errno == EACCES))
		process->query->skipped = true;
	if (pagemap) {
		read_comm(process);
		process->pagemap = fileno(pagemap);
		process->cannot_scan = false;
		while (!process->query->over && fgets(line, sizeof(line), maps))
			/* the last area, if any, is the kernel's */
			if (!pgmap_maps_line(line, &start, &end) && !(start >> 63))
				look_at_area(process, start, end);
		process->query->processes++;
		fclose(pagemap);
	}
	if (maps)
		fclose(maps);
}

/* Without the right to see frames every one is shown as 0; our own stack is surely there. */
static bool frames_are_shown(void)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	__u64 word = 0, address = (__u64)(unsigned long)&word;
	ssize_t got = -1;

	if (fd >= 0) {
		got = pread(fd, &word, sizeof(word),
			    (address >> pgmap_page_shift()) * sizeof(word));
		close(fd);
	}
	return got == sizeof(word) && word & FRAME;
}

static void prepare(struct process *process, struct pgmap_mappers_query *query)
{
	size_t i;

	process->query = query;
	process->low = query->pfns[0];
	process->high = query->pfns[0];
	for (i = 1; i < query->nr; i++) {
		if (query->pfns[i] < process->low)
			process->low = query->pfns[i];
		if (query->pfns[i] > process->high)
			process->high = query->pfns[i];
	}
}

int pgmap_mappers_find(struct pgmap_mappers_query *query)
{
	struct process *process;
	struct dirent *entry;
	DIR *proc;

	query->processes = 0;
	query->over = false;
	query->skipped = false;
	if (!query->nr)
		return 0;
	if (!frames_are_shown())
		return -EPERM;
	process = malloc(sizeof(*process));
	proc = process ? opendir("/proc") : NULL;
	if (proc)
		prepare(process, query);
	while (proc && !query->over && (entry = readdir(proc))) {
		process->pid = strtoul(entry->d_name, NULL, 10);
		if (process->pid)
			look_at_process(process);
	}
	if (proc)
		closedir(proc);
	query->skipped |= !proc;
	free(process);
	return 0;
}
