/* SPDX-License-Identifier: GPL-2.0-only */
/* Explains a pagemap that does not drain, at the moment a run finds that out. */
#ifndef PGMAP_STALL_H
#define PGMAP_STALL_H

#include <stdarg.h>
#include <stdbool.h>

#include "core/explanation.h"
#include "core/finding.h"
#include "symbols/symbols.h"

struct pgmap_inspector;

/* All zero but for @symbols and @log; nothing is loaded before the first stall, or prepare(). */
struct pgmap_stall {
	struct pgmap_symbols *symbols;
	void (*log)(const char *format, va_list args);
	struct pgmap_inspector *inspector;
	bool failed;		/* no use to try again */
	char why[256];		/* it failed, in one line */
};

/* Loads what a later explanation needs, for those who are about to give up the right to. */
void pgmap_stall_prepare(struct pgmap_stall *stall);

/* Returns whether there is something to tell: it is a stall, and it still lasts. */
bool pgmap_stall_explain(struct pgmap_stall *stall, const struct pgmap_finding *finding,
			 struct pgmap_explanation *explanation);

void pgmap_stall_free(struct pgmap_stall *stall);

#endif
