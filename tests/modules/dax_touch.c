// SPDX-License-Identifier: GPL-2.0
/*
 * Test program: writes to the first 2 MiB of a file on a DAX file system, or of a device
 * that can only be mapped, through a shared mapping, and reads them back through another.
 *
 * usage: dax_touch FILE
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define SIZE	(2UL << 20)
#define WORDS	(SIZE / sizeof(unsigned long))

static unsigned long *map(const char *file, int protection)
{
	int fd = open(file, O_RDWR);
	void *addr = mmap(NULL, SIZE, protection, MAP_SHARED, fd, 0);

	if (fd < 0 || addr == MAP_FAILED) {
		perror(file);
		return NULL;
	}
	close(fd);
	return addr;
}

int main(int argc, char **argv)
{
	unsigned long *word, seed = time(NULL), i;

	if (argc != 2) {
		fprintf(stderr, "usage: dax_touch FILE\n");
		return 129;
	}
	word = map(argv[1], PROT_READ | PROT_WRITE);
	if (!word)
		return 1;
	for (i = 0; i < WORDS; i++)
		word[i] = seed + i;
	munmap(word, SIZE);
	word = map(argv[1], PROT_READ);
	if (!word)
		return 1;
	for (i = 0; i < WORDS; i++)
		if (word[i] != seed + i) {
			fprintf(stderr, "dax_touch: wrong data at word %lu\n", i);
			return 1;
		}
	return 0;
}
