// SPDX-License-Identifier: GPL-2.0-only
/* From weak evidence to names: each way is asked only when those before it know nothing. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inspect/iomem.h"
#include "naming.h"

enum { MODULE_LEN = 64, MAX_KNOWN = 32 };

/* Whose function it was when it was last found. */
struct known_callback {
	__u64 callback;
	char driver[PGMAP_NAME_LEN];
};

struct pgmap_naming {
	struct pgmap_naming_options options;
	FILE *file;			/* NULL: could not be opened */
	struct pgmap_iomem iomem;	/* as last read */
	struct known_callback known[MAX_KNOWN];
	size_t nr_known;		/* ever: the oldest make room */
};

int pgmap_naming_open(struct pgmap_naming **opened, const struct pgmap_naming_options *options)
{
	struct pgmap_naming *naming = calloc(1, sizeof(*naming));

	*opened = naming;
	if (!naming)
		return -ENOMEM;
	naming->options = *options;
	naming->file = fopen(options->iomem ? : "/proc/iomem", "re");
	return 0;
}

void pgmap_naming_free(struct pgmap_naming *naming)
{
	if (!naming)
		return;
	pgmap_iomem_free(&naming->iomem);
	if (naming->file)
		fclose(naming->file);
	free(naming);
}

/* What is built in has this name, whatever it is. */
#define BUILT_IN "kernel"

bool pgmap_naming_is_open(const char driver[PGMAP_NAME_LEN])
{
	return !*driver || !strncmp(driver, BUILT_IN, PGMAP_NAME_LEN);
}

/* A name that does not fit would be another one. */
static void put(char to[PGMAP_NAME_LEN], const char *name)
{
	if (strlen(name) < PGMAP_NAME_LEN)
		strcpy(to, name);
}

/* ---- the device ---- */

/*
 * Where sysfs has a device of this name. Of several the innermost: it is the one that took its
 * memory from the others. Returns whether there is one.
 */
static bool find_in_sysfs(const struct pgmap_naming *naming, const char *name,
			  char path[PATH_MAX])
{
	const char *buses = naming->options.buses ? : "/sys/bus";
	char link[PATH_MAX], place[PATH_MAX];
	struct dirent *bus;
	DIR *dir;

	*path = 0;
	if (!*name || *name == '.' || strchr(name, '/'))
		return false;
	dir = opendir(buses);
	while (dir && (bus = readdir(dir))) {
		snprintf(link, sizeof(link), "%s/%s/devices/%s", buses, bus->d_name, name);
		if (bus->d_name[0] != '.' && realpath(link, place) &&
		    strlen(place) > strlen(path))
			strcpy(path, place);
	}
	if (dir)
		closedir(dir);
	return *path;
}

/* From the innermost claim outwards: a driver's own inside its device's, inside a bus. */
static const struct pgmap_resource *find_around(const struct pgmap_naming *naming,
						const struct pgmap_range *range,
						char path[PATH_MAX])
{
	const struct pgmap_resource *one;

	one = pgmap_iomem_innermost(&naming->iomem, range->start, range->end);
	while (one && !find_in_sysfs(naming, one->name, path))
		one = pgmap_iomem_parent(&naming->iomem, one);
	return one;
}

static bool is_inside(const struct pgmap_resource *one, const struct pgmap_range *range)
{
	return one->start >= range->start && one->end <= range->end &&
	       (one->start != range->start || one->end != range->end);
}

/* The largest of the claims inside: what is kept in front of the data has one of its own. */
static const struct pgmap_resource *find_within(const struct pgmap_naming *naming,
						const struct pgmap_range *range,
						char path[PATH_MAX])
{
	const struct pgmap_resource *one = naming->iomem.all, *found = NULL;
	const struct pgmap_resource *end = one + naming->iomem.nr;
	char here[PATH_MAX];

	for (; one < end; one++) {
		if (!is_inside(one, range) ||
		    (found && one->end - one->start <= found->end - found->start) ||
		    !find_in_sysfs(naming, one->name, here))
			continue;
		found = one;
		strcpy(path, here);
	}
	return found;
}

static bool is_most_of(const struct pgmap_resource *one, const struct pgmap_range *range)
{
	return one->end - one->start > (range->end - range->start) / 2;
}

/*
 * One inside that takes most of it goes before one around it, which only passes memory on: a CXL
 * region around what device DAX has of it.
 */
static bool find_device(const struct pgmap_naming *naming, const struct pgmap_range *range,
			char device[PGMAP_NAME_LEN], char path[PATH_MAX])
{
	const struct pgmap_resource *around, *within;
	char inside[PATH_MAX];

	within = find_within(naming, range, inside);
	around = within && is_most_of(within, range) ? NULL : find_around(naming, range, path);
	if (around)
		within = NULL;
	else if (within)
		strcpy(path, inside);
	else
		return false;
	put(device, around ? around->name : within->name);
	return true;
}

/* Words of the firmware's map have blanks, or are this one. */
static bool is_own_claim(const struct pgmap_resource *one, const struct pgmap_range *range)
{
	return one->start == range->start && one->end == range->end && !strchr(one->name, ' ') &&
	       strcmp(one->name, "Reserved");
}

/* A driver whose memory is no device's may still have claimed exactly this range. */
static void find_claim(const struct pgmap_naming *naming, const struct pgmap_range *range,
		       const char *driver, char device[PGMAP_NAME_LEN])
{
	const struct pgmap_resource *one;

	one = pgmap_iomem_innermost(&naming->iomem, range->start, range->end);
	/* named as the driver it says nothing new */
	if (one && is_own_claim(one, range) && strcmp(one->name, driver))
		put(device, one->name);
}

/* ---- the driver ---- */

/* What kallsyms shows as modules but are generated code. */
static bool is_module(const char *name)
{
	return *name && strcmp(name, "bpf") && strncmp(name, "__builtin__", 11);
}

static struct known_callback *find_known(struct pgmap_naming *naming, __u64 callback)
{
	size_t i;

	for (i = 0; i < MAX_KNOWN; i++)
		if (naming->known[i].callback == callback)
			return &naming->known[i];
	return NULL;
}

static void remember(struct pgmap_naming *naming, __u64 callback, const char *driver)
{
	struct known_callback *known = find_known(naming, callback);

	if (!known)
		known = &naming->known[naming->nr_known++ % MAX_KNOWN];
	known->callback = callback;
	memcpy(known->driver, driver, sizeof(known->driver));
}

/*
 * The module that the callback lies in: in the kernel itself it may serve many drivers. Events
 * are older than this look, and the module may be gone: then what was found before holds.
 * Returns whether there is none that would lie in a module.
 */
static bool find_by_callback(struct pgmap_naming *naming, __u64 callback,
			     char driver[PGMAP_NAME_LEN])
{
	const struct known_callback *known;
	char module[MODULE_LEN];

	if (!callback)
		return true;
	if (!pgmap_symbols_callback(naming->options.symbols, callback, module, sizeof(module))) {
		if (is_module(module))
			put(driver, module);
		if (*driver)
			remember(naming, callback, driver);
		/* what has taken the place of a module that is gone is not the kernel itself */
		return !*module;
	}
	known = find_known(naming, callback);
	if (known)
		memcpy(driver, known->driver, sizeof(known->driver));
	return false;
}

void pgmap_naming_learn(struct pgmap_naming *naming, __u64 callback)
{
	char driver[PGMAP_NAME_LEN] = "";

	if (naming)
		find_by_callback(naming, callback, driver);
}

/*
 * The innermost module that called: what maps memory on behalf of drivers is in the kernel
 * itself. Returns whether all of the stack is known and no module is on it.
 */
static bool find_by_stack(const struct pgmap_naming *naming,
			  const struct pgmap_evidence *evidence, char driver[PGMAP_NAME_LEN])
{
	char module[MODULE_LEN];
	bool known = evidence->nr_frames && evidence->nr_frames < PGMAP_MAX_FRAMES;
	__u32 i;

	for (i = 0; i < evidence->nr_frames; i++) {
		if (pgmap_symbols_module(naming->options.symbols, evidence->stack[i] - 1, module,
					 sizeof(module))) {
			known = false;
		} else if (is_module(module)) {
			put(driver, module);
			return false;
		}
	}
	return known;
}

/* The last part of where a link leads to, which is a driver's name. */
static bool read_link(const char *path, char name[PGMAP_NAME_LEN])
{
	char target[PATH_MAX], *last;
	ssize_t length = readlink(path, target, sizeof(target) - 1);

	if (length < 0)
		return false;
	target[length] = 0;
	last = strrchr(target, '/');
	put(name, last ? last + 1 : target);
	return true;
}

/*
 * The driver that is bound to the device now. One of an NVDIMM's namespaces with page structs is
 * bound to another device beside it, which the namespace names as its holder.
 */
static void find_bound(const char *path, char driver[PGMAP_NAME_LEN])
{
	char name[PATH_MAX + 128], holder[PGMAP_NAME_LEN + 1] = "";
	FILE *file;

	snprintf(name, sizeof(name), "%s/driver", path);
	if (read_link(name, driver))
		return;
	snprintf(name, sizeof(name), "%s/holder", path);
	file = fopen(name, "re");
	if (!file)
		return;
	if (fgets(holder, sizeof(holder), file))
		holder[strcspn(holder, "\n")] = 0;
	fclose(file);
	snprintf(name, sizeof(name), "%s/../%s/driver", path, holder);
	if (*holder)
		read_link(name, driver);
}

/* Who is bound to the device goes before what is built in, which tells no driver from another. */
static void find_driver(struct pgmap_naming *naming, const struct pgmap_evidence *evidence,
			const char *bound, char driver[PGMAP_NAME_LEN])
{
	bool is_built_in, was_built_in = *driver;

	*driver = 0;
	is_built_in = find_by_callback(naming, evidence->callback, driver);
	if (!*driver)
		is_built_in &= find_by_stack(naming, evidence, driver);
	if (!*driver)
		put(driver, bound);
	if (!*driver && (is_built_in || was_built_in))
		put(driver, BUILT_IN);
}

/* The device first: it may be gone by the time that all symbols have been read. */
void pgmap_naming_find(struct pgmap_naming *naming, const struct pgmap_evidence *evidence,
		       char driver[PGMAP_NAME_LEN], char device[PGMAP_NAME_LEN])
{
	char path[PATH_MAX], name[PGMAP_NAME_LEN] = "", bound[PGMAP_NAME_LEN] = "";
	bool in_sysfs = false, shown;

	if (!naming || (!pgmap_naming_is_open(driver) && *device))
		return;
	shown = evidence->range && naming->file &&
		!pgmap_iomem_read(&naming->iomem, naming->file);
	if (shown)
		in_sysfs = find_device(naming, evidence->range, name, path);
	if (in_sysfs)
		find_bound(path, bound);
	if (pgmap_naming_is_open(driver))
		find_driver(naming, evidence, bound, driver);
	if (shown && !in_sysfs)
		find_claim(naming, evidence->range, driver, name);
	if (!*device)
		put(device, name);
}

void pgmap_naming_event(struct pgmap_naming *naming, struct pgmap_event *ev)
{
	struct pgmap_event_add *add = &ev->u.add;
	struct pgmap_evidence evidence = {
		.callback = add->callback,
		.stack = ev->stack,
		.nr_frames = ev->nr_frames < PGMAP_MAX_FRAMES ? ev->nr_frames : PGMAP_MAX_FRAMES,
		.range = add->nr_here ? &add->ranges[0] : NULL,
	};
	char none[PGMAP_NAME_LEN] = "";

	if (ev->event == PGMAP_EVENT_SEEN || (ev->event == PGMAP_EVENT_ADD && !*add->driver))
		pgmap_naming_find(naming, &evidence, add->driver, add->device);
	else if (ev->event == PGMAP_EVENT_ADD && pgmap_naming_is_open(add->driver))
		/* with a device it would have another name */
		pgmap_naming_find(naming, &evidence, add->driver, none);
}
