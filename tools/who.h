/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between a source and whoever takes its events: names the pagemaps that the kernel does not
 * name, and hides those of other drivers, which such a kernel could not.
 */
#ifndef PGMAP_WHO_H
#define PGMAP_WHO_H

#include "naming.h"
#include "source/source.h"

struct pgmap_hidden {
	__u64 pgmap;
	__u32 generation;	/* 0: the source does not count them */
};

/* The names of a pagemap that is to be taken over, while what tells them is there. */
struct pgmap_expected {
	__u64 pgmap;
	char driver[PGMAP_NAME_LEN];
	char device[PGMAP_NAME_LEN];
};

struct pgmap_who {
	struct pgmap_sink sink;	/* for the source */
	struct pgmap_sink next;
	struct pgmap_naming *naming;
	const char *driver;	/* only pagemaps of this one; empty: all */
	struct pgmap_hidden *hidden;	/* the last one at each address, if it is hidden */
	size_t nr;
	size_t room;
	struct pgmap_expected *expected;
	size_t nr_expected;
};

/*
 * Fills @who->sink, which puts what it gets into @next. @driver must stay; @naming NULL:
 * nothing is named here. Returns 0 or
 * -ENOMEM; either way pgmap_who_free() is due.
 */
int pgmap_who_open(struct pgmap_who *who, const struct pgmap_sink *next,
		   const struct pgmap_naming_options *naming, const char *driver);

/* What its SEEN does not say and later may not be found. Returns 0 or -ENOMEM. */
int pgmap_who_expect(struct pgmap_who *who, __u64 pgmap, const struct pgmap_evidence *evidence);

/* Takes one that is all zero. */
void pgmap_who_free(struct pgmap_who *who);

#endif
