/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest's process 1: what its files offer each other.
 */
#ifndef PGMAP_INIT_H
#define PGMAP_INIT_H

#include <stddef.h>
#include <stdnoreturn.h>
#include <sys/types.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/**
 * guest_die() - say on the kernel log why the guest cannot go on, and power off
 * @what: the step that failed; errno is appended
 *
 * The host then finds no exit code and reports the log's tail. Does not return.
 */
noreturn void guest_die(const char *what);

/** guest_log() - put one line into the kernel's log */
void guest_log(const char *text);

/** guest_power_off() - end the virtual machine. Does not return. */
noreturn void guest_power_off(void);

/**
 * modules_load() - load the modules of the initial file system, in the order of their names
 *
 * There are none when the kernel has all built in that it needs to reach its root. Dies
 * when one cannot be loaded.
 */
void modules_load(void);

/**
 * root_enter() - make the host's root, read-only below a tmpfs, the guest's root
 *
 * Dies when a mount the guest cannot do without fails.
 */
void root_enter(void);

/**
 * root_add_modules() - bind the kernel's modules to /lib/modules/RELEASE
 * @dir: directory on the host holding them
 */
void root_add_modules(const char *dir);

/** root_add_share() - mount the writable directory of the host at /mnt/share */
void root_add_share(void);

/**
 * port_open() - open the virtio port of this name, waiting for it to appear
 * @name: as given to QEMU
 * @flags: as for open()
 *
 * Return: the descriptor; dies when there is no such port after thirty seconds.
 */
int port_open(const char *name, int flags);

/** struct stdio_relay - pipes of the command, carried to and from virtio ports */
struct stdio_relay;

/**
 * relay_start() - connect fresh pipes with the ports in, out and err
 * @fds: receives the command's descriptors 0, 1 and 2
 *
 * Return: the relay; it lives until the guest powers off.
 */
struct stdio_relay *relay_start(int fds[3]);

/** relay_finish() - wait until all output has reached the host */
void relay_finish(struct stdio_relay *relay);

/**
 * struct command - what to run, as the host wrote it into the run directory
 * @argv: arguments, NULL at the end
 * @envp: environment, NULL at the end
 * @cwd: working directory
 */
struct command {
	char **argv;
	char **envp;
	char *cwd;
};

/** command_read() - read the files argv, env and cwd below @dir; dies on failure */
void command_read(struct command *cmd, const char *dir);

/** leaks_report() - look for leaked kernel memory; what is found goes into the log */
void leaks_report(void);

#endif
