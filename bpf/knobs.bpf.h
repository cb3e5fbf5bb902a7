/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What user space decides before load. Constant from then on, so the verifier
 * removes the filters nobody asked for.
 */
#ifndef PGMAP_KNOBS_BPF_H
#define PGMAP_KNOBS_BPF_H

#include <stdbool.h>
#include <pgmap/event.h>

const volatile __u32 knob_cpus = 1;			/* possible CPUs */
const volatile __u32 knob_page_shift = 12;		/* of an address, to a frame */
const volatile bool knob_pages;				/* keep the state of each page */
const volatile __u32 knob_by;				/* enum pgmap_by; 0: count no groups */
const volatile __u32 knob_type;				/* enum pgmap_type, 0 all */
const volatile __u64 knob_pgmap;			/* address, 0 all */
const volatile __u32 knob_own_frames;			/* see event_add_stack() */
const volatile __u64 knob_vmemmap_at;			/* address of the variable, 0 unknown */
/* Which argument of zone_device_page_init() is what, the page being 0; 0: none. */
const volatile __u32 knob_alloc_pgmap_arg;
const volatile __u32 knob_alloc_order_arg;
const volatile bool knob_get_takes_pgmap;		/* get_dev_pagemap() takes a pagemap, too */
const volatile char knob_driver[PGMAP_NAME_LEN];	/* empty: all */

#endif
