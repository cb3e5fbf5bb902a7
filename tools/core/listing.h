/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pagemaps that are mapped at one moment, by what their memory says of them. Values only;
 * an inspection fills it, views show it.
 */
#ifndef PGMAP_CORE_LISTING_H
#define PGMAP_CORE_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include <pgmap/event.h>

struct pgmap_listed {
	__u64 pgmap;
	__u16 type;
	__u16 state;		/* UNKNOWN: its references are counted by its driver, and dying */
	char driver[PGMAP_NAME_LEN];	/* empty: not known */
	char device[PGMAP_NAME_LEN];	/* as above */
	__u64 pages;		/* base pages of all ranges */
	bool refs_known;	/* not while they are counted on each CPU */
	__u64 refs;
	__u32 nr_range;
	__u32 nr_known;
	struct pgmap_range ranges[PGMAP_MAX_RANGES];
	__u64 callback;		/* kernel address of a function of the driver; 0 none */
};

struct pgmap_listing {
	__u64 time_ns;		/* CLOCK_MONOTONIC */
	struct pgmap_listed *all;	/* in order of address */
	size_t nr;
};

#endif
