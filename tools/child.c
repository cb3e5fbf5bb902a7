// SPDX-License-Identifier: GPL-2.0-only
/*
 * fork and exec with an answer: a pipe that closes on exec tells whether the
 * command could be started at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "descriptors.h"

static void become(char *const command[], int answer)
{
	sigset_t none;
	int err;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	pgmap_descriptors_restore();
	execvp(command[0], command);
	err = errno;
	/* a short write cannot be told to anybody: then it looks like exit 127 */
	if (write(answer, &err, sizeof(err)) != sizeof(err))
		_exit(127);
	_exit(127);
}

int pgmap_child_start(struct pgmap_child *child, char *const command[])
{
	int answer[2], err = 0;
	ssize_t got;

	if (pipe2(answer, O_CLOEXEC))
		return -errno;
	child->pid = fork();
	if (child->pid < 0) {
		err = -errno;
		close(answer[0]);
		close(answer[1]);
		return err;
	}
	if (!child->pid)
		become(command, answer[1]);
	close(answer[1]);
	do {
		got = read(answer[0], &err, sizeof(err));
	} while (got < 0 && errno == EINTR);
	close(answer[0]);
	child->running = true;
	if (got != sizeof(err))
		return 0;
	waitpid(child->pid, &child->status, 0);
	child->running = false;
	return -err;
}

bool pgmap_child_has_ended(struct pgmap_child *child)
{
	if (child->running && waitpid(child->pid, &child->status, WNOHANG) == child->pid)
		child->running = false;
	return !child->running;
}

void pgmap_child_stop(struct pgmap_child *child)
{
	const struct timespec moment = { .tv_nsec = 10000000 };
	int tries;

	if (pgmap_child_has_ended(child))
		return;
	kill(child->pid, SIGTERM);
	for (tries = 0; tries < 100 && !pgmap_child_has_ended(child); tries++)
		nanosleep(&moment, NULL);
}

bool pgmap_child_failure(const struct pgmap_child *child, char *text, size_t size)
{
	if (!child->pid)
		return false;
	if (child->running)
		snprintf(text, size, "is still running and was left alone");
	else if (WIFSIGNALED(child->status))
		snprintf(text, size, "was ended by signal %d (%s)", WTERMSIG(child->status),
			 strsignal(WTERMSIG(child->status)));
	else if (WEXITSTATUS(child->status))
		snprintf(text, size, "failed with exit code %d", WEXITSTATUS(child->status));
	else
		return false;
	return true;
}
