/* SPDX-License-Identifier: GPL-2.0-only */
/* One happening goes to core and to the predicates; what both say is compared. */
#ifndef PGMAP_ENUMERATE_COMPARE_H
#define PGMAP_ENUMERATE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/model.h"
#include "predicates.h"

enum { MAX_WANTED = MAX_LENGTH * MAX_BROKEN };

/* A finding as core should hold it: a rule on one life, as event @at broke it. */
struct wanted {
	struct broken broken;
	int at;
};

struct wanted_list {
	struct wanted all[MAX_WANTED];
	int nr;
};

/* What the happenings look like to core. Before anything else. */
void compare_prepare(void);

/* Event @at of @history to @model. Returns what core returns. */
int compare_feed(struct pgmap_model *model, const struct happening *history, int at);

/* What was wanted before event @at of @history, and what it breaks; with @clock also the time. */
void compare_want(struct wanted_list *to, const struct wanted_list *before,
		  const struct happening *history, int at, enum pgmap_rule leave_out, bool clock);

/* What was wanted after @nr events of @history, and what is left behind. */
void compare_want_end(struct wanted_list *to, const struct wanted_list *before,
		      const struct happening *history, int nr, enum pgmap_rule leave_out);

/* Core holds exactly the findings that are wanted, and gives the verdict that follows. */
bool compare_agree(const struct pgmap_model *model, const struct wanted_list *wanted,
		   const struct happening *history);

/* The history, the findings wanted and those that core has, as TAP comments. */
void compare_tell(char *text, size_t size, const struct pgmap_model *model,
		  const struct wanted_list *wanted, const struct happening *history, int nr);

#endif
