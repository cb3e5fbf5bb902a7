// SPDX-License-Identifier: GPL-2.0
/*
 * Test program: pins and unpins the pages of a mapping over and over through the kernel's
 * gup_test (CONFIG_GUP_TEST), until a signal ends it. The mapping is of FILE, or anonymous
 * memory that the driver pgmap_hmm moves to DEVICE before each round, if it is there.
 *
 * usage: gup_loop file FILE | gup_loop device DEVICE
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gup_test.h"

#define SIZE	0x100000UL

/* SIGTERM is blocked and looked for once a round. */
static int ending(void)
{
	sigset_t set;

	sigpending(&set);
	return sigismember(&set, SIGTERM);
}

/* Fails while the device is away, which is what the test is about. */
static void move_out(const char *device, void *addr)
{
	int fd = open("/dev/pgmap_hmm", O_WRONLY);
	char text[96];
	int len = snprintf(text, sizeof(text), "out %s %p %lu", device, addr, SIZE);

	if (write(fd, text, len) != len)
		usleep(1000);
	close(fd);
}

static void *map(const char *file)
{
	int fd = file ? open(file, O_RDWR) : -1;
	int flags = file ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
	void *addr = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (addr != MAP_FAILED)
		memset(addr, 0x5a, SIZE);
	return addr;
}

int main(int argc, char **argv)
{
	int device = argc == 3 && !strcmp(argv[1], "device"), fd, err = 0;
	unsigned long rounds = 0;
	sigset_t block;
	void *addr;

	if (argc != 3 || (!device && strcmp(argv[1], "file"))) {
		fprintf(stderr, "usage: gup_loop file FILE | gup_loop device DEVICE\n");
		return 129;
	}
	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	sigprocmask(SIG_BLOCK, &block, NULL);
	addr = map(device ? NULL : argv[2]);
	fd = open("/sys/kernel/debug/gup_test", O_RDWR);
	if (addr == MAP_FAILED || fd < 0) {
		perror("gup_loop: needs the file, or debugfs with CONFIG_GUP_TEST");
		return 1;
	}
	while (!ending() && !err) {
		struct gup_test gup = {
			.addr = (unsigned long)addr, .size = SIZE, .gup_flags = 1 /* write */,
			.nr_pages_per_call = SIZE / getpagesize(),
		};

		if (device)
			move_out(argv[2], addr);
		err = ioctl(fd, rounds++ & 1 ? GUP_FAST_BENCHMARK : PIN_FAST_BENCHMARK, &gup);
		usleep(1000);	/* leaves the CPUs to those that bind and unbind */
	}
	if (err)
		perror("gup_loop: gup_test");
	printf("%lu rounds\n", rounds);
	return err != 0;
}
