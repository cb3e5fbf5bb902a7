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

/* All zero but for @symbols and @log; nothing is loaded before it is needed. */
struct pgmap_stall {
	struct pgmap_symbols *symbols;
	void (*log)(const char *format, va_list args);
	struct pgmap_inspector *inspector;
	bool failed;		/* no use to try again ... */
	bool told;		/* ... and the user knows */
	char why[256];
};

/*
 * The inspector, opened when it is first asked for; @stall's. NULL: it cannot be, with one line
 * for the user in @why.
 */
struct pgmap_inspector *pgmap_stall_inspector(struct pgmap_stall *stall, char *why, size_t size);

/* Returns whether there is something to tell: it is a stall, and it still lasts. */
bool pgmap_stall_explain(struct pgmap_stall *stall, const struct pgmap_finding *finding,
			 struct pgmap_explanation *explanation);

void pgmap_stall_free(struct pgmap_stall *stall);

#endif
