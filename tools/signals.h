/* SPDX-License-Identifier: GPL-2.0-only */
/* SIGINT, SIGTERM and SIGCHLD become flags; they arrive only while waiting. */
#ifndef PGMAP_SIGNALS_H
#define PGMAP_SIGNALS_H

#include <linux/types.h>
#include <stdbool.h>

/*
 * From here on the signals are held back except in pgmap_signals_wait(). The
 * first SIGINT or SIGTERM asks to stop; a second one ends the process at once.
 */
void pgmap_signals_hold(void);

/* Lets them through again, also in the rest of the run. */
void pgmap_signals_release(void);

bool pgmap_signals_stop_asked(void);

/*
 * Waits until @fd is readable, a signal came, or @ns have passed. Returns 0 or
 * a negative errno; a signal is no error.
 */
int pgmap_signals_wait(int fd, __u64 ns);

#endif
