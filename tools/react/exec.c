// SPDX-License-Identifier: GPL-2.0-only
/*
 * --on-finding exec=COMMAND: runs it in a shell, beside the run, which goes on reading events.
 * The finding is in its environment.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <pgmap/names.h>

#include "../descriptors.h"
#include "action.h"

/* More than that at once are not begun but told. */
enum { MAX_RUNNING = 16, PATIENCE_MS = 2000, MOMENT_MS = 20 };

struct exec_state {
	const char *command;
	pid_t running[MAX_RUNNING];
	int nr;
};

static const char *exec_wanted(const struct pgmap_reactions *reactions)
{
	return reactions->command;
}

static int exec_open(void **state, const char *value, char *why, size_t size)
{
	struct exec_state *made = calloc(1, sizeof(*made));

	*state = made;
	if (!made) {
		snprintf(why, size, "cannot prepare --on-finding exec (%s): free some memory",
			 strerror(ENOMEM));
		return -ENOMEM;
	}
	made->command = value;
	return 0;
}

static void tell_end(const struct exec_state *state, int status)
{
	if (WIFSIGNALED(status))
		fprintf(stderr, "pgmapstat: --on-finding exec=%s was ended by signal %d\n",
			state->command, WTERMSIG(status));
	else if (WEXITSTATUS(status))
		fprintf(stderr, "pgmapstat: --on-finding exec=%s failed with exit code %d\n",
			state->command, WEXITSTATUS(status));
}

static void reap(struct exec_state *state)
{
	int i, status;

	for (i = 0; i < state->nr;) {
		if (waitpid(state->running[i], &status, WNOHANG) != state->running[i]) {
			i++;
			continue;
		}
		tell_end(state, status);
		state->running[i] = state->running[--state->nr];
	}
}

static void put_number(const char *name, const char *format, unsigned long long value)
{
	char text[32];

	snprintf(text, sizeof(text), format, value);
	setenv(name, text, 1);
}

/* Names as in JSON, in capitals behind PGMAP_. */
static void put_environment(const struct pgmap_finding *finding, enum pgmap_severity severity)
{
	char comm[PGMAP_COMM_LEN + 1] = "";

	memcpy(comm, finding->comm, PGMAP_COMM_LEN);
	setenv("PGMAP_RULE", pgmap_rule_name(finding->rule), 1);
	setenv("PGMAP_SEVERITY", pgmap_severity_name(severity), 1);
	setenv("PGMAP_TEXT", pgmap_rule_text(finding->rule), 1);
	setenv("PGMAP_DRIVER", finding->driver, 1);
	setenv("PGMAP_DEVICE", finding->device, 1);
	setenv("PGMAP_COMM", comm, 1);
	put_number("PGMAP_PGMAP", "0x%llx", finding->pgmap);
	put_number("PGMAP_GENERATION", "%llu", finding->generation);
	put_number("PGMAP_PID", "%llu", finding->pid);
}

static void become_shell(const char *command)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	pgmap_descriptors_restore();
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static void exec_react(void *opaque, const struct pgmap_finding *finding,
		       enum pgmap_severity severity)
{
	struct exec_state *state = opaque;
	pid_t pid;

	reap(state);
	if (state->nr == MAX_RUNNING) {
		fprintf(stderr, "pgmapstat: --on-finding exec not run for %s: %d still run\n",
			pgmap_rule_name(finding->rule), MAX_RUNNING);
		return;
	}
	pid = fork();
	if (!pid) {
		put_environment(finding, severity);
		become_shell(state->command);
	}
	if (pid < 0)
		fprintf(stderr, "pgmapstat: cannot run --on-finding exec: %s\n", strerror(errno));
	else
		state->running[state->nr++] = pid;
}

static void exec_free(void *opaque)
{
	const struct timespec moment = { .tv_nsec = MOMENT_MS * 1000000L };
	struct exec_state *state = opaque;
	int waited;

	for (waited = 0; waited < PATIENCE_MS; waited += MOMENT_MS) {
		reap(state);
		if (!state->nr)
			break;
		nanosleep(&moment, NULL);
	}
	if (state->nr)
		fprintf(stderr, "pgmapstat: --on-finding exec=%s still runs and was left alone\n",
			state->command);
	free(state);
}

const struct pgmap_action_ops pgmap_action_exec = {
	.wanted = exec_wanted, .open = exec_open, .react = exec_react, .free = exec_free,
};
