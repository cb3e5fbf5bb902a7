// SPDX-License-Identifier: GPL-2.0
/*
 * Test program: fills anonymous pages, has the driver pgmap_hmm move them to a device, and
 * checks that each byte is right when it touches them. "keep" leaves them there until
 * standard input ends, then checks.
 *
 * usage: hmm_touch DEVICE PAGES ROUNDS [keep]
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void fill(unsigned long *word, size_t words, unsigned long seed)
{
	for (size_t i = 0; i < words; i++)
		word[i] = seed + i * 0x9e3779b97f4a7c15ul;
}

static int check(const unsigned long *word, size_t words, unsigned long seed)
{
	for (size_t i = 0; i < words; i++)
		if (word[i] != seed + i * 0x9e3779b97f4a7c15ul) {
			fprintf(stderr, "hmm_touch: wrong data at word %zu\n", i);
			return 1;
		}
	return 0;
}

static int move_out(const char *device, void *addr, size_t size)
{
	int fd = open("/dev/pgmap_hmm", O_WRONLY);
	char text[96];
	int len = snprintf(text, sizeof(text), "out %s %p %zu", device, addr, size);

	if (fd < 0 || write(fd, text, len) != len) {
		perror("hmm_touch: /dev/pgmap_hmm (is the module pgmap_hmm loaded?)");
		return 1;
	}
	return close(fd);
}

int main(int argc, char **argv)
{
	size_t size = argc > 3 ? strtoul(argv[2], NULL, 0) * getpagesize() : 0;
	unsigned long rounds = argc > 3 ? strtoul(argv[3], NULL, 0) : 0;
	unsigned long *word;

	if (!size || !rounds) {
		fprintf(stderr, "usage: hmm_touch DEVICE PAGES ROUNDS [keep]\n");
		return 129;
	}
	word = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (word == MAP_FAILED) {
		perror("hmm_touch: mmap");
		return 1;
	}
	for (unsigned long i = 1; i <= rounds; i++) {
		fill(word, size / sizeof(*word), i);
		if (move_out(argv[1], word, size))
			return 1;
		if (argc > 4) {
			printf("moved\n");
			fflush(stdout);
			while (getchar() != EOF)
				;
		}
		if (check(word, size / sizeof(*word), i))
			return 1;
	}
	return 0;
}
