// SPDX-License-Identifier: GPL-2.0
/*
 * Test program: has test_hmm move anonymous pages to a device's memory, and back: PRIVATE
 * pages by touching them, COHERENT ones by asking for it. Checks the data each time.
 * "hold" puts the first COHERENT page into a pipe, which keeps it where it is, closes the
 * device, and lets go of the page when standard input ends.
 *
 * usage: hmm_use /dev/hmm_dmirrorN private|coherent|hold PAGES
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "test_hmm_uapi.h"

static unsigned long *map(size_t size)
{
	void *addr = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	/* so that each page is one alloc, one fault and one free on each kernel */
	if (addr == MAP_FAILED || madvise(addr, size, MADV_NOHUGEPAGE)) {
		perror("hmm_use: mmap");
		exit(1);
	}
	return addr;
}

static void check(const unsigned long *word, size_t words, const char *where)
{
	for (size_t i = 0; i < words; i++)
		if (word[i] != i * 0x9e3779b97f4a7c15ul) {
			fprintf(stderr, "hmm_use: wrong data in %s, word %zu\n", where, i);
			exit(1);
		}
}

/* after a move, test_hmm copies what is in the device to a buffer of ours */
static void move(int fd, unsigned long request, const char *name, void *addr, void *copy,
		 size_t pages)
{
	struct hmm_dmirror_cmd cmd = {
		.addr = (uintptr_t)addr, .ptr = (uintptr_t)copy, .npages = pages
	};

	if (ioctl(fd, request, &cmd)) {
		fprintf(stderr, "hmm_use: %s: ", name);
		perror("");
		exit(1);
	}
	if (cmd.cpages != pages) {
		fprintf(stderr, "hmm_use: %s moved %llu of %zu pages\n", name,
			(unsigned long long)cmd.cpages, pages);
		exit(1);
	}
}

static int hold(int fd, void *addr, size_t size)
{
	struct iovec first = { .iov_base = addr, .iov_len = getpagesize() };
	int ends[2];

	if (pipe(ends) || vmsplice(ends[1], &first, 1, 0) != getpagesize()) {
		perror("hmm_use: vmsplice");
		return 1;
	}
	/* what only the mapping keeps moves back now, by the driver, and is no device's then */
	close(fd);
	munmap(addr, size);
	printf("held\n");
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}

int main(int argc, char **argv)
{
	size_t pages = argc == 4 ? strtoul(argv[3], NULL, 0) : 0;
	size_t size = pages * getpagesize(), words = size / sizeof(unsigned long);
	unsigned long *word, *copy;
	int fd;

	if (!pages) {
		fprintf(stderr, "usage: hmm_use DEVICE private|coherent|hold PAGES\n");
		return 129;
	}
	fd = open(argv[1], O_RDWR);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	word = map(size);
	copy = map(size);
	for (size_t i = 0; i < words; i++)
		word[i] = i * 0x9e3779b97f4a7c15ul;
	move(fd, HMM_DMIRROR_MIGRATE_TO_DEV, "move to the device", word, copy, pages);
	check(copy, words, "the device");
	if (!strcmp(argv[2], "hold"))
		return hold(fd, word, size);
	if (!strcmp(argv[2], "coherent"))
		move(fd, HMM_DMIRROR_MIGRATE_TO_SYS, "move back", word, copy, pages);
	check(word, words, "the process");
	return 0;
}
