// SPDX-License-Identifier: GPL-2.0
/*
 * Test program: takes peer-to-peer memory of a PCI device by mapping its p2pmem/allocate,
 * writes all of it and reads it back. The memory is given back when the program ends.
 *
 * usage: p2p_use FILE PAGES
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	size_t size = argc == 3 ? strtoul(argv[2], NULL, 0) * getpagesize() : 0;
	size_t words = size / sizeof(unsigned long);
	unsigned long *word;
	int fd;

	if (!size) {
		fprintf(stderr, "usage: p2p_use FILE PAGES\n");
		return 129;
	}
	fd = open(argv[1], O_RDWR);
	word = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd < 0 || word == MAP_FAILED) {
		perror(argv[1]);
		return 1;
	}
	for (size_t i = 0; i < words; i++)
		word[i] = i * 0x9e3779b97f4a7c15ul;
	/* so that all is written, and read again */
	asm volatile("" : : "r" (word) : "memory");
	for (size_t i = 0; i < words; i++)
		if (word[i] != i * 0x9e3779b97f4a7c15ul) {
			fprintf(stderr, "p2p_use: wrong data at word %zu\n", i);
			return 1;
		}
	return 0;
}
