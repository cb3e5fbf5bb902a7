// SPDX-License-Identifier: GPL-2.0
/*
 * Looks for leaked kernel memory with kmemleak and puts what it finds into the
 * kernel log, where the host looks for reports.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "init.h"

#define KMEMLEAK "/sys/kernel/debug/kmemleak"
/* kmemleak leaves out what is younger than five seconds */
#define MIN_AGE_S 6

static void leaks_scan(void)
{
	int fd = open(KMEMLEAK, O_WRONLY | O_CLOEXEC);

	/* twice: what changed since the scan before is taken for referenced */
	if (fd < 0 || write(fd, "scan", 4) != 4 || write(fd, "scan", 4) != 4)
		guest_die(KMEMLEAK);
	close(fd);
}

static void leaks_log(FILE *file)
{
	char line[512];

	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		guest_log(line);
	}
}

void leaks_report(void)
{
	FILE *file;

	sleep(MIN_AGE_S);
	leaks_scan();
	file = fopen(KMEMLEAK, "re");
	if (file) {
		leaks_log(file);
		fclose(file);
	} else {
		guest_die(KMEMLEAK);
	}
}
