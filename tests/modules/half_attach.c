// SPDX-License-Identifier: GPL-2.0
/*
 * Test program: runs a program that attaches BPF programs to tracepoints, stops it when it
 * has attached N of them, runs a shell command meanwhile, and lets it go on.
 *
 * usage: half_attach N COMMAND PROGRAM [ARGUMENT...]
 */
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* Is it at the end of a system call that attached a program? */
static int has_attached(pid_t pid)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs) || regs.orig_rax != SYS_bpf)
		return 0;
	/* at its beginning the result is -ENOSYS */
	return (regs.rdi == BPF_RAW_TRACEPOINT_OPEN || regs.rdi == BPF_LINK_CREATE) &&
	       (long)regs.rax >= 0;
}

static int run_until(pid_t pid, int attached)
{
	int status;

	while (attached) {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) || waitpid(pid, &status, 0) != pid ||
		    !WIFSTOPPED(status))
			return -1;
		attached -= has_attached(pid);
	}
	return 0;
}

int main(int argc, char **argv)
{
	int status;
	pid_t pid;

	if (argc < 4) {
		fprintf(stderr, "usage: half_attach N COMMAND PROGRAM [ARGUMENT...]\n");
		return 129;
	}
	pid = fork();
	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execvp(argv[3], &argv[3]);
		perror(argv[3]);
		_exit(127);
	}
	/* it stops when the program begins */
	if (pid < 0 || waitpid(pid, &status, 0) != pid || run_until(pid, atoi(argv[1]))) {
		fprintf(stderr, "half_attach: %s did not attach so many\n", argv[3]);
		return 1;
	}
	if (system(argv[2]))
		fprintf(stderr, "half_attach: %s failed\n", argv[2]);
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
