/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who is who on kernels that do not say it: the driver of a pagemap and the device whose memory
 * it is, by where a callback of the driver lies, who called when it was added, who claims its
 * range in /proc/iomem, and sysfs. What none of them tells stays empty.
 */
#ifndef PGMAP_NAMING_H
#define PGMAP_NAMING_H

#include <stdbool.h>

#include <pgmap/event.h>

#include "symbols/symbols.h"

struct pgmap_naming;

struct pgmap_naming_options {
	struct pgmap_symbols *symbols;	/* must stay; NULL: no names by addresses */
	const char *iomem;		/* instead of /proc/iomem, for tests; else NULL */
	const char *buses;		/* instead of /sys/bus, as above */
};

/* A pagemap to be named: what there is of each. */
struct pgmap_evidence {
	__u64 callback;			/* kernel address of a function of the driver; 0 none */
	const __u64 *stack;		/* of who added it, innermost first; return addresses */
	__u32 nr_frames;
	const struct pgmap_range *range; /* its first one; NULL: not known */
};

/*
 * Opens /proc/iomem, which later shows what the opener may see, whatever rights are dropped
 * meanwhile. Returns 0 or -ENOMEM.
 */
int pgmap_naming_open(struct pgmap_naming **naming, const struct pgmap_naming_options *options);

/*
 * Whether @driver leaves something to find: it is empty, or what our kernel calls everybody whose
 * call did not come from a module, which is also so when a tracer's trampoline was in between.
 */
bool pgmap_naming_is_open(const char driver[PGMAP_NAME_LEN]);

/* Whose @callback is, for when its module is gone; at once, since that may be soon. */
void pgmap_naming_learn(struct pgmap_naming *naming, __u64 callback);

/* Fills in what is open of @driver and empty of @device. @naming NULL: nothing. */
void pgmap_naming_find(struct pgmap_naming *naming, const struct pgmap_evidence *evidence,
		       char driver[PGMAP_NAME_LEN], char device[PGMAP_NAME_LEN]);

/*
 * The same for an ADD or SEEN, others stay as they are. On a kernel that names the driver an ADD
 * without a device has none, and gets none.
 */
void pgmap_naming_event(struct pgmap_naming *naming, struct pgmap_event *ev);

/* Takes NULL. */
void pgmap_naming_free(struct pgmap_naming *naming);

#endif
