/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looks into the running kernel: which pagemaps there are, and why one does not
 * drain. It needs no tracepoints and nothing that ran before, so it can be asked
 * when a hang is already under way.
 */
#ifndef PGMAP_INSPECT_INSPECT_H
#define PGMAP_INSPECT_INSPECT_H

#include <stdarg.h>
#include <stddef.h>

#include "../core/explanation.h"
#include "../core/listing.h"
#include "../symbols/symbols.h"

struct pgmap_inspect_options {
	struct pgmap_symbols *symbols;	/* must stay */
	__u64 limit_ns;			/* an explanation takes so long at most, roughly */
	/* what libraries say, for whoever asked for it; may be NULL */
	void (*log)(const char *format, va_list args);
};

struct pgmap_inspector;

/* Returns 0, or a negative errno with one line for the user in @why. */
int pgmap_inspector_open(struct pgmap_inspector **inspector,
			 const struct pgmap_inspect_options *options, char *why, size_t why_len);

/* Pagemaps that a task waits for in vain, the first @max. Returns their number or -errno. */
int pgmap_inspector_stuck(struct pgmap_inspector *inspector, __u64 *pgmaps, int max);

/* Fills @explanation. Returns 0, or a negative errno with one line for the user in @why. */
int pgmap_inspector_explain(struct pgmap_inspector *inspector, __u64 pgmap,
			    struct pgmap_explanation *explanation, char *why, size_t why_len);

/*
 * All pagemaps that are mapped now. Returns 0, or a negative errno with one line for the user
 * in @why: what keeps them from being found. Either way pgmap_listing_free() is due.
 */
int pgmap_inspector_list(struct pgmap_inspector *inspector, struct pgmap_listing *listing,
			 char *why, size_t why_len);

/* Leaves it empty. */
void pgmap_listing_free(struct pgmap_listing *listing);

/* Takes NULL. */
void pgmap_inspector_free(struct pgmap_inspector *inspector);

#endif
