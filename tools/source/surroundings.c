// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks at the surroundings first, because what the kernel answers to a BPF
 * call in bad surroundings is -EPERM or -EINVAL whatever the reason.
 */
#include <cap-ng.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "surroundings.h"

#define LOCKDOWN_PATH "/sys/kernel/security/lockdown"

#define PARANOID_PATH "/proc/sys/kernel/perf_event_paranoid"

/* The highest that the kernel itself knows. */
enum { PARANOID_EVERYWHERE = 2 };

struct needed_capability {
	unsigned int number;
	const char *name;
};

/* CAP_SYS_ADMIN stands in for both, and is all there is before Linux 5.8. */
static const struct needed_capability needed[] = {
	{ CAP_BPF, "CAP_BPF" },
	{ CAP_PERFMON, "CAP_PERFMON" },
};

enum { NR_NEEDED = sizeof(needed) / sizeof(needed[0]) };

static int check_capabilities(char why[PGMAP_WHY_LEN])
{
	char missing[64] = "";
	size_t i;

	if (capng_get_caps_process()) {
		snprintf(why, PGMAP_WHY_LEN, "cannot read this process's capabilities: is /proc mounted?");
		return -EIO;
	}
	if (capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN))
		return 0;
	for (i = 0; i < NR_NEEDED; i++) {
		if (capng_have_capability(CAPNG_EFFECTIVE, needed[i].number))
			continue;
		strcat(missing, *missing ? " and " : "");
		strcat(missing, needed[i].name);
	}
	if (!*missing)
		return 0;
	snprintf(why, PGMAP_WHY_LEN,
		 "missing capability %s: run as root, or setcap cap_bpf,cap_perfmon+ep pgmapstat",
		 missing);
	return -EPERM;
}

/* A kernel without lockdown, or with securityfs not mounted, says nothing: go on. */
static int check_lockdown(char why[PGMAP_WHY_LEN])
{
	FILE *file = fopen(LOCKDOWN_PATH, "re");
	char line[128] = "";
	bool locked;

	if (!file)
		return 0;
	locked = fgets(line, sizeof(line), file) && strstr(line, "[confidentiality]");
	fclose(file);
	if (!locked)
		return 0;
	snprintf(why, PGMAP_WHY_LEN,
		 "kernel lockdown is in mode confidentiality, which forbids BPF to read kernel memory: boot with lockdown=integrity or none");
	return -EPERM;
}

static int check_btf(char why[PGMAP_WHY_LEN])
{
	int err = access(PGMAP_BTF_PATH, R_OK) ? -errno : 0;

	if (!err)
		return 0;
	snprintf(why, PGMAP_WHY_LEN,
		 "no kernel type information at " PGMAP_BTF_PATH " (%s): mount /sys, or boot a kernel with CONFIG_DEBUG_INFO_BTF=y",
		 strerror(-err));
	return err;
}

int pgmap_surroundings_check(char why[PGMAP_WHY_LEN])
{
	int err = check_capabilities(why);

	if (!err)
		err = check_lockdown(why);
	if (!err)
		err = check_btf(why);
	return err;
}

bool pgmap_surroundings_guard_probes(char why[PGMAP_WHY_LEN])
{
	FILE *file = fopen(PARANOID_PATH, "re");
	int level = 0;

	if (!file)
		return false;
	if (fscanf(file, "%d", &level) != 1)
		level = 0;
	fclose(file);
	if (level <= PARANOID_EVERYWHERE)
		return false;
	snprintf(why, PGMAP_WHY_LEN,
		 "this kernel lets nobody probe it without CAP_SYS_ADMIN: run as root, or set kernel.perf_event_paranoid to %d",
		 PARANOID_EVERYWHERE);
	return true;
}

struct pgmap_fact pgmap_fact(const char *key, const char *format, ...)
{
	struct pgmap_fact fact = { .key = key };
	va_list args;

	va_start(args, format);
	vsnprintf(fact.value, sizeof(fact.value), format, args);
	va_end(args);
	return fact;
}

struct pgmap_fact pgmap_surroundings_capabilities(void)
{
	bool admin = capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN);
	char names[sizeof(((struct pgmap_fact *)0)->value)] = "";
	size_t i;

	for (i = 0; i < NR_NEEDED; i++) {
		if (!capng_have_capability(CAPNG_EFFECTIVE, needed[i].number))
			continue;
		strcat(names, *names ? " " : "");
		strcat(names, needed[i].name);
	}
	return pgmap_fact("capabilities", "%s%s", admin ? "CAP_SYS_ADMIN " : "", names);
}
