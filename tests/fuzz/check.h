/* SPDX-License-Identifier: GPL-2.0-only */
/* What must hold whatever the events were; if not, the program aborts and libFuzzer tells. */
#ifndef PGMAP_FUZZ_CHECK_H
#define PGMAP_FUZZ_CHECK_H

#include "core/model.h"
#include "core/snapshot.h"

#define must(condition) check_holds(condition, #condition, __FILE__, __LINE__)

void check_holds(bool condition, const char *what, const char *file, int line);

/* @lost: the source has told of an event that is missing. */
void check_model(const struct pgmap_model *model, bool lost);

/* @shot was taken of @model just now, of @all of it. */
void check_snapshot(const struct pgmap_snapshot *shot, const struct pgmap_model *model, bool all);

#endif
