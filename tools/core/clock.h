/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules that time alone breaks: pagemaps that do not go on dying, faults
 * that do not return. Time is that of the events; between two deadlines it
 * costs a comparison.
 */
#ifndef PGMAP_CORE_CLOCK_H
#define PGMAP_CORE_CLOCK_H

#include "model.h"

/* It is @time_ns now: KILL_STALL, RELEASE_STALL, and FAULT_NO_EXIT of the model's own faults. */
void pgmap_clock_advance(struct pgmap_model *model, __u64 time_ns);

/* @instance may have come into another state just now. */
void pgmap_clock_watch_instance(struct pgmap_model *model, const struct pgmap_instance *instance);

/* A fault was entered just now. */
void pgmap_clock_watch_fault(struct pgmap_model *model, const struct pgmap_open_fault *fault);

#endif
