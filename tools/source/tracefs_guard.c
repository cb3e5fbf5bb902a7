// SPDX-License-Identifier: GPL-2.0-only
/* fork() and a pipe: whatever ends the parent closes its end. */
#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tracefs_guard.h"

enum { PATIENCE = 250, MOMENT_NS = 20000000 };	/* of a parent that is dying: 5 s */

static int remove_instance(const char *path)
{
	const struct timespec moment = { .tv_nsec = MOMENT_NS };
	int tries;

	for (tries = 0; tries < PATIENCE; tries++) {
		if (!rmdir(path) || errno == ENOENT)
			return 0;
		/* a file of it is still open */
		if (errno != EBUSY)
			break;
		nanosleep(&moment, NULL);
	}
	return errno;
}

static void stand_guard(const char *path, int alive)
{
	char nothing;
	int only;

	/* what ends the parent by way of the terminal is not for us */
	setsid();
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_NAME, "pgmapstat-guard");
	/* root owns the directory; who does not, needs this and no other to remove it */
	capng_clear(CAPNG_SELECT_CAPS);
	if (geteuid())
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_DAC_OVERRIDE);
	capng_apply(CAPNG_SELECT_CAPS);
	/* what the parent has open is to be closed when the parent closes it */
	only = dup2(alive, STDERR_FILENO + 1);
	if (only >= 0)
		close_range(only + 1, ~0U, 0);
	else
		only = alive;
	while (read(only, &nothing, 1) < 0 && errno == EINTR)
		;
	_exit(remove_instance(path));
}

int pgmap_trace_guard_start(struct pgmap_trace_guard *guard, const char *path)
{
	int ends[2], err;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	guard->pid = fork();
	if (!guard->pid) {
		close(ends[1]);
		stand_guard(path, ends[0]);
	}
	err = guard->pid < 0 ? -errno : 0;
	close(ends[0]);
	if (!err) {
		guard->alive = ends[1];
		return 0;
	}
	guard->pid = 0;
	close(ends[1]);
	return err;
}

int pgmap_trace_guard_end(struct pgmap_trace_guard *guard)
{
	int status = 0;
	pid_t ended;

	if (!guard->pid)
		return 0;
	close(guard->alive);
	do {
		ended = waitpid(guard->pid, &status, 0);
	} while (ended < 0 && errno == EINTR);
	guard->pid = 0;
	/* killed, it has left the work to the next run */
	return ended > 0 && WIFEXITED(status) ? -WEXITSTATUS(status) : -ECHILD;
}
