// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tracefs instance is a set of trace buffers with events of their own: nobody else's
 * tracing is touched, and nothing is left of it when its directory is removed.
 */
#include <errno.h>
#include <event-parse.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tracefs.h>
#include <unistd.h>

#include <pgmap/names.h>

#include "tracefs.h"

#define SYSTEM "memremap"
#define PREFIX "pgmapstat-tracefs-"

enum { PATH_LEN = 256, FILTER_LEN = 192, MOST_NAMES = 100 };

/* Usual memory for buffers, for all CPUs, and the least and most for one. */
#define ALL_BUFFERS (64U << 20)
#define LEAST_BUFFER (1U << 20)
#define MOST_BUFFER (8U << 20)

/* ---- may we? ---- */

static int explain(char why[PGMAP_WHY_LEN], const char *what, int err)
{
	const char *hint = "see the kernel's log";

	if (err == -EACCES)
		hint = "missing capability CAP_DAC_OVERRIDE, or run as root";
	else if (err == -EPERM)
		hint = "is the kernel in lockdown mode confidentiality?";
	else if (err == -ENOMEM)
		hint = "free some memory, or ask for less with --buffer";
	else if (err == -ENOENT)
		hint = "this kernel's tracing lacks it";
	else if (err == -EEXIST)
		hint = "another run has taken its name, try again";
	snprintf(why, PGMAP_WHY_LEN, "cannot %.150s (%s): %s", what, strerror(-err), hint);
	return err;
}

int pgmap_trace_instance_check(char why[PGMAP_WHY_LEN])
{
	char path[PATH_LEN];
	const char *root;
	int fd, err;

	/* looked up only: to mount it is not for us to decide */
	if (tracefs_tracing_dir_is_mounted(false, &root) != 1) {
		snprintf(why, PGMAP_WHY_LEN,
			 "tracefs is not mounted: mount -t tracefs nodev /sys/kernel/tracing");
		return -ENOENT;
	}
	snprintf(path, sizeof(path), "%s/instances", root);
	if (faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS)) {
		snprintf(path, sizeof(path), "make a tracefs instance in %s/instances", root);
		return explain(why, path, -errno);
	}
	/* opened, since lockdown lets everybody look at names */
	snprintf(path, sizeof(path), "%s/events/" SYSTEM "/enable", root);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0)
		return close(fd);
	err = -errno;
	if (err == -ENOENT)
		snprintf(why, PGMAP_WHY_LEN,
			 "this kernel has no tracepoints of system " SYSTEM ": boot the kernel that this project builds (make run, guest/run)");
	else
		explain(why, "open the tracepoints of system " SYSTEM, err);
	return err;
}

int pgmap_trace_instance_formats(struct pgmap_trace_formats *formats, size_t *page_size,
				 char why[PGMAP_WHY_LEN])
{
	static const char *const systems[] = { "memremap", NULL };
	struct tep_handle *tep = tracefs_local_events_system(NULL, systems);
	int err;

	if (!tep)
		return explain(why, "read the formats of trace records", errno ? -errno : -EIO);
	err = pgmap_trace_formats_read(formats, tep, why);
	*page_size = tep_get_sub_buffer_size(tep);
	tep_free(tep);
	return err;
}

/* ---- making ---- */

__u32 pgmap_trace_buffer_bytes(const struct pgmap_source_options *options)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	__u32 each = ALL_BUFFERS / (cpus > 0 ? cpus : 1);

	if (options->buffer_bytes)
		return options->buffer_bytes;
	return each < LEAST_BUFFER ? LEAST_BUFFER : each > MOST_BUFFER ? MOST_BUFFER : each;
}

static void path_of(const char *name, char path[PATH_LEN])
{
	snprintf(path, PATH_LEN, "%s/instances/%s", tracefs_tracing_dir(), name);
}

/*
 * Of runs that were killed together with their guards. One in use cannot be removed, which is
 * what tells those of another PID namespace, where numbers are other processes'.
 */
static void remove_stale(void)
{
	char **names = tracefs_instances("^" PREFIX "[0-9]"), **name;
	char path[PATH_LEN];
	pid_t pid;

	for (name = names; name && *name; name++) {
		pid = strtol(*name + strlen(PREFIX), NULL, 10);
		if (pid != getpid() && (!kill(pid, 0) || errno != ESRCH))
			continue;
		path_of(*name, path);
		rmdir(path);
	}
	tracefs_list_free(names);
}

static int write_in(const struct pgmap_trace_instance *instance, const char *file,
		    const char *text, char why[PGMAP_WHY_LEN])
{
	char what[96];

	if (tracefs_instance_file_write(instance->tracefs, file, text) >= 0)
		return 0;
	snprintf(what, sizeof(what), "write %s to %s of tracefs instance %s", text, file,
		 instance->name);
	return explain(why, what, errno ? -errno : -EIO);
}

static int set_up(struct pgmap_trace_instance *instance, char why[PGMAP_WHY_LEN])
{
	char kilobytes[16];
	int err;

	snprintf(kilobytes, sizeof(kilobytes), "%u", (instance->buffer_bytes + 1023) / 1024);
	err = write_in(instance, "tracing_on", "0", why);
	if (!err)
		err = write_in(instance, "trace_clock", "mono", why);
	/* what came first is kept: from there on nothing is missing up to a known moment */
	if (!err)
		err = write_in(instance, "options/overwrite", "0", why);
	if (!err)
		err = write_in(instance, "buffer_size_kb", kilobytes, why);
	/* wake us at the first record, not when a buffer is half full */
	if (!err)
		err = write_in(instance, "buffer_percent", "0", why);
	if (err)
		return err;
	instance->switch_fd = tracefs_instance_file_open(instance->tracefs, "tracing_on",
							 O_WRONLY | O_CLOEXEC);
	if (instance->switch_fd < 0)
		return explain(why, "open the instance's tracing_on", -errno);
	instance->names = tracefs_instance_file_open(NULL, "saved_cmdlines", O_RDONLY | O_CLOEXEC);
	return 0;
}

/* One that is there already is another's, and so is what it has recorded. */
static int find_name(struct pgmap_trace_instance *instance, char path[PATH_LEN])
{
	struct stat status;
	int number;

	for (number = 0; number < MOST_NAMES; number++) {
		snprintf(instance->name, sizeof(instance->name), PREFIX "%d", getpid());
		if (number)
			snprintf(instance->name, sizeof(instance->name), PREFIX "%d-%d", getpid(),
				 number);
		path_of(instance->name, path);
		if (stat(path, &status) && errno == ENOENT)
			return 0;
	}
	return -EEXIST;
}

static int create(struct pgmap_trace_instance *instance)
{
	instance->tracefs = tracefs_instance_create(instance->name);
	if (!instance->tracefs)
		return errno ? -errno : -ENOMEM;
	return tracefs_instance_is_new(instance->tracefs) ? 0 : -EEXIST;
}

int pgmap_trace_instance_make(struct pgmap_trace_instance *instance, __u32 buffer_bytes,
			      char why[PGMAP_WHY_LEN])
{
	char path[PATH_LEN];
	int err;

	instance->names = -1;
	instance->switch_fd = -1;
	instance->buffer_bytes = buffer_bytes;
	remove_stale();
	err = find_name(instance, path);
	if (err)
		return explain(why, "find a free name for a tracefs instance", err);
	err = pgmap_trace_guard_start(&instance->guard, path);
	if (err)
		return explain(why, "start a guard for the tracefs instance", err);
	err = create(instance);
	return err ? explain(why, "make a tracefs instance", err) : set_up(instance, why);
}

/* ---- filters ---- */

static int append(char filter[FILTER_LEN], const char *format, const char *value)
{
	size_t used = strlen(filter);

	if (used)
		used += snprintf(filter + used, FILTER_LEN - used, " && ");
	snprintf(filter + used, FILTER_LEN - used, format, value);
	return 0;
}

/* In the words of the kernel's filters. Empty: everything is wanted. */
static int put_filter(const struct pgmap_trace_format *format,
		      const struct pgmap_source_options *options, char filter[FILTER_LEN],
		      char why[PGMAP_WHY_LEN])
{
	char number[24];

	*filter = 0;
	if (options->type && format->types[options->type] == PGMAP_TRACE_NO_TYPE) {
		snprintf(why, PGMAP_WHY_LEN, "this kernel knows no pagemaps of type %s: leave out -t",
			 pgmap_type_name(options->type));
		return -EINVAL;
	}
	if (strchr(options->driver, '"')) {
		snprintf(why, PGMAP_WHY_LEN, "a driver's name with a quote cannot be a filter of tracefs: leave out -D");
		return -EINVAL;
	}
	snprintf(number, sizeof(number), "%d", format->types[options->type]);
	if (options->type)
		append(filter, "type == %s", number);
	snprintf(number, sizeof(number), "0x%llx", options->pgmap);
	if (options->pgmap)
		append(filter, "pgmap == %s", number);
	if (*options->driver)
		append(filter, "driver == \"%s\"", options->driver);
	return 0;
}

int pgmap_trace_instance_filter(const struct pgmap_trace_instance *instance,
				const struct pgmap_trace_formats *formats,
				const struct pgmap_source_options *options,
				char why[PGMAP_WHY_LEN])
{
	char filter[FILTER_LEN], file[64];
	int id, err = 0;

	for (id = PGMAP_EVENT_ADD; !err && id < PGMAP_TRACE_NR_FORMATS; id++) {
		err = put_filter(&formats->all[id], options, filter, why);
		if (err || !*filter)
			return err;
		snprintf(file, sizeof(file), "events/" SYSTEM "/%s/filter", pgmap_event_name(id));
		err = write_in(instance, file, filter, why);
	}
	return err;
}

/* ---- on and off ---- */

int pgmap_trace_instance_start(struct pgmap_trace_instance *instance, char why[PGMAP_WHY_LEN])
{
	char file[64];
	int id, err = 0;

	for (id = PGMAP_EVENT_ADD; !err && id < PGMAP_TRACE_NR_FORMATS; id++) {
		snprintf(file, sizeof(file), "events/" SYSTEM "/%s/enable", pgmap_event_name(id));
		err = write_in(instance, file, "1", why);
	}
	return err ? err : write_in(instance, "tracing_on", "1", why);
}

void pgmap_trace_instance_stop(const struct pgmap_trace_instance *instance)
{
	/* if it goes wrong, the instance is about to go away anyway */
	if (instance->switch_fd >= 0 && write(instance->switch_fd, "0", 1) != 1)
		return;
}

void pgmap_trace_instance_remove(struct pgmap_trace_instance *instance)
{
	int err;

	if (instance->names >= 0 && instance->tracefs)
		close(instance->names);
	if (instance->switch_fd >= 0 && instance->tracefs)
		close(instance->switch_fd);
	tracefs_instance_free(instance->tracefs);
	instance->tracefs = NULL;
	err = pgmap_trace_guard_end(&instance->guard);
	if (err)
		fprintf(stderr, "pgmapstat: cannot remove tracefs instance %s (%s): rmdir it in %s/instances\n",
			instance->name, strerror(-err), tracefs_tracing_dir());
}
