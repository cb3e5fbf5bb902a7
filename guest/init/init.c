// SPDX-License-Identifier: GPL-2.0
/*
 * Process 1 of the guest: builds the file tree, runs one command with its
 * streams on virtio ports or a console, reports its exit code on a port of its
 * own, and powers off. Parameters come as environment from the kernel's command
 * line: PGMAP_RUN, PGMAP_MODULES, PGMAP_SHARE, PGMAP_TTY, PGMAP_KMEMLEAK.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"

void guest_log(const char *text)
{
	char line[640];
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	int length = snprintf(line, sizeof(line), "<3>pgmap-init: %s\n", text);

	if (fd < 0)
		return;
	/* not dprintf(): it seeks first, which this device refuses */
	if (write(fd, line, length) != length)
		perror("/dev/kmsg");
	close(fd);
}

void guest_power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

void guest_die(const char *what)
{
	char text[512];

	snprintf(text, sizeof(text), "%s: %s", what, strerror(errno));
	guest_log(text);
	guest_power_off();
}

static void network_up(void)
{
	struct ifreq req = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &req))
		guest_die("lo");
	close(fd);
}

/* makes the console the controlling terminal, @size is "rows,columns" */
static void terminal_open(const char *size, int fds[3])
{
	struct winsize ws = { 0 };
	int fd;

	fd = open("/dev/hvc0", O_RDWR);
	if (fd < 0 || ioctl(fd, TIOCSCTTY, 0))
		guest_die("/dev/hvc0");
	if (sscanf(size, "%hu,%hu", &ws.ws_row, &ws.ws_col) == 2)
		ioctl(fd, TIOCSWINSZ, &ws);
	fds[0] = fd;
	fds[1] = fd;
	fds[2] = fd;
}

static void command_exec(const struct command *cmd, const char *tty, int fds[3])
{
	int i, error;

	setsid();
	if (tty)
		terminal_open(tty, fds);
	for (i = 0; i < 3; i++)
		dup2(fds[i], i);
	signal(SIGPIPE, SIG_DFL);
	if (chdir(cmd->cwd)) {
		fprintf(stderr, "guest: %s: %s\n", cmd->cwd, strerror(errno));
		_exit(126);
	}
	environ = cmd->envp;
	execvp(cmd->argv[0], cmd->argv);
	error = errno;
	fprintf(stderr, "guest: %s: %s\n", cmd->argv[0], strerror(error));
	_exit(error == ENOENT ? 127 : 126);
}

/* reaps orphans on the way; a command killed by a signal gives 128 + signal */
static int command_wait(pid_t child)
{
	int status;
	pid_t pid;

	do {
		pid = wait(&status);
	} while (pid != child);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int command_run(const struct command *cmd, const char *tty)
{
	struct stdio_relay *relay = NULL;
	int fds[3], i, code;
	pid_t child;

	if (!tty)
		relay = relay_start(fds);
	child = fork();
	if (child < 0)
		guest_die("fork");
	if (!child)
		command_exec(cmd, tty, fds);
	for (i = 0; relay && i < 3; i++)
		close(fds[i]);
	code = command_wait(child);
	/* what it left behind holds the pipes open and must not hold up the guest */
	kill(-1, SIGKILL);
	if (relay)
		relay_finish(relay);
	return code;
}

int main(void)
{
	const char *run = getenv("PGMAP_RUN"), *modules = getenv("PGMAP_MODULES");
	struct command cmd;
	int exit_port, code;

	signal(SIGPIPE, SIG_IGN);
	root_enter();
	if (modules)
		root_add_modules(modules);
	if (getenv("PGMAP_SHARE"))
		root_add_share();
	network_up();
	sethostname("guest", 5);
	if (!run)
		guest_die("PGMAP_RUN is not set");
	command_read(&cmd, run);
	exit_port = port_open("exit", O_WRONLY);
	/* from here on the host does not boot this guest once more */
	dprintf(exit_port, "started\n");
	code = command_run(&cmd, getenv("PGMAP_TTY"));
	if (getenv("PGMAP_KMEMLEAK"))
		leaks_report();
	dprintf(exit_port, "%d\n", code);
	guest_power_off();
}
