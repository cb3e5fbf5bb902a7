/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many files may be open. The tool has some for each CPU and each program, which the usual
 * limit of 1024 is too low for on a large machine.
 */
#ifndef PGMAP_DESCRIPTORS_H
#define PGMAP_DESCRIPTORS_H

/* As many as it may be without a right to more. That it cannot be raised is no error. */
void pgmap_descriptors_raise(void);

/*
 * In a child that becomes another program: what it was, for there are those that count on
 * low numbers (select()) or close every number there may be.
 */
void pgmap_descriptors_restore(void);

#endif
