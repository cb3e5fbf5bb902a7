// SPDX-License-Identifier: GPL-2.0-only
/* The handlers set a flag, nothing else; ppoll() closes the gap before waiting. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>

#include "signals.h"

static volatile sig_atomic_t stop_asked;
static sigset_t usual;

static void on_stop(int number)
{
	(void)number;
	stop_asked = 1;
}

static void on_child(int number)
{
	/* nothing to note: that ppoll() returned is the message */
	(void)number;
}

void pgmap_signals_hold(void)
{
	/* reset by the first one: the second one then ends the process */
	struct sigaction stop = { .sa_handler = on_stop, .sa_flags = SA_RESETHAND };
	struct sigaction child = { .sa_handler = on_child, .sa_flags = SA_NOCLDSTOP };
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGCHLD);
	sigprocmask(SIG_BLOCK, &held, &usual);
	sigdelset(&usual, SIGINT);
	sigdelset(&usual, SIGTERM);
	sigdelset(&usual, SIGCHLD);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGCHLD, &child, NULL);
}

void pgmap_signals_release(void)
{
	sigprocmask(SIG_SETMASK, &usual, NULL);
}

bool pgmap_signals_stop_asked(void)
{
	return stop_asked;
}

int pgmap_signals_wait(int fd, __u64 ns)
{
	struct timespec timeout = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	int err = ppoll(&ready, 1, &timeout, &usual) < 0 ? -errno : 0;

	return err == -EINTR ? 0 : err;
}
