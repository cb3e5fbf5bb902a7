/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The rules, one row each: what a finding says, how severe it is, what must be
 * watched for it, and the legal sequences next to it that must not trip it.
 * Live and offline judging, `pgmapstat rules` and the docs all read this table.
 */
#ifndef PGMAP_RULES_H
#define PGMAP_RULES_H

#include <pgmap/sight.h>

/*
 * What a rule needs, from what is always there to what has to be asked for:
 * lifecycle records and counters, the clock, the end of a watched command, the
 * state of each page, a probe on get_dev_pagemap().
 */
#define PGMAP_LEVELS(X)	\
	X(ALWAYS, "always")	\
	X(CLOCK, "always, by time")	\
	X(END, "check, at the end of its command")	\
	X(PAGES, "--pages")	\
	X(PROBE, "--probe-get")

#define PGMAP_SEVERITIES(X)	\
	X(REPORT)	\
	X(WARNING)	\
	X(ERROR)

/*
 * Name, level, severity (the usual one: a state may make it lower, time higher),
 * scope (PAGEMAP: every type; PAGE: PRIVATE and COHERENT whose add was seen), what a source
 * must be able to show for it, the meaning for the reader of a finding, what must not trip it.
 */
#define PGMAP_NEED(sight)	PGMAP_SIGHT_##sight
#define PGMAP_RULES(X)	\
	X(ADD_ON_ACTIVE, ALWAYS, ERROR, PAGEMAP,	\
	  PGMAP_NEED(ADD) | PGMAP_NEED(RELEASE),	\
	  "added again before it was released",	\
	  "a re-add after the release, also of the same struct; a release that was lost")	\
	X(ADD_OVERLAP, ALWAYS, ERROR, PAGEMAP,	\
	  PGMAP_NEED(ADD) | PGMAP_NEED(RELEASE),	\
	  "added over a range that another pagemap still holds",	\
	  "neighbours; a range whose pagemap was released when the add began; a failed add")	\
	X(ADD_FAILED, ALWAYS, REPORT, PAGEMAP,	\
	  PGMAP_NEED(ADD),	\
	  "memremap_pages() failed",	\
	  "refused arguments show no kill; it never makes a run violated")	\
	X(DOUBLE_KILL, ALWAYS, ERROR, PAGEMAP,	\
	  PGMAP_NEED(KILL),	\
	  "killed again after it was killed",	\
	  "the unwinding of a failed add kills in the thread that adds")	\
	X(DRAINED_UNEXPECTED, ALWAYS, ERROR, PAGEMAP,	\
	  PGMAP_NEED(KILL) | PGMAP_NEED(DRAINED),	\
	  "drained without a kill before it",	\
	  "the kill is recorded before the reference is killed, so it cannot be on its way")	\
	X(RELEASE_BEFORE_DRAINED, ALWAYS, ERROR, PAGEMAP,	\
	  PGMAP_NEED(DRAINED) | PGMAP_NEED(RELEASE),	\
	  "released before its last reference was gone",	\
	  "kernels whose callers own the reference never report drained: off there")	\
	X(KILL_STALL, CLOCK, ERROR, PAGEMAP,	\
	  PGMAP_NEED(KILL) | PGMAP_NEED(RELEASE),	\
	  "killed, but it does not drain",	\
	  "a page may be pinned for long on purpose: a warning first, then an error")	\
	X(RELEASE_STALL, CLOCK, WARNING, PAGEMAP,	\
	  PGMAP_NEED(DRAINED) | PGMAP_NEED(RELEASE),	\
	  "drained, but it is not released",	\
	  "huge ranges and a busy hotplug lock take time")	\
	X(DRAINED_OUTSTANDING, ALWAYS, ERROR, PAGE,	\
	  PGMAP_NEED(DRAINED) | PGMAP_NEED(ALLOC) | PGMAP_NEED(FREE),	\
	  "drained or released with pages still allocated",	\
	  "a pagemap older than the observer: its pages were not all seen")	\
	X(ALLOC_AFTER_KILL, ALWAYS, ERROR, PAGE,	\
	  PGMAP_NEED(KILL) | PGMAP_NEED(ALLOC),	\
	  "page allocated after the kill",	\
	  "a warning until it is drained; judged in order of time, not of arrival")	\
	X(DOUBLE_FREE, PAGES, ERROR, PAGE,	\
	  PGMAP_NEED(ALLOC) | PGMAP_NEED(FREE) | PGMAP_NEED(PFN),	\
	  "freed a page that was not allocated",	\
	  "a page allocated before the observer came, or whose state found no room")	\
	X(REF_IMBALANCE, ALWAYS, ERROR, PAGE,	\
	  PGMAP_NEED(ALLOC) | PGMAP_NEED(FREE),	\
	  "more pages freed than allocated",	\
	  "allocations before the observer came")	\
	X(FREE_AFTER_RELEASE, ALWAYS, ERROR, PAGE,	\
	  PGMAP_NEED(DRAINED) | PGMAP_NEED(FREE),	\
	  "page freed after the pagemap was drained",	\
	  "a pagemap added again at the same address: generation and range count")	\
	X(FREE_DURING_FAULT, PAGES, ERROR, PAGE,	\
	  PGMAP_NEED(ALLOC) | PGMAP_NEED(FREE) | PGMAP_NEED(ENTER) | PGMAP_NEED(PFN),	\
	  "page freed while a fault on it was handled",	\
	  "the fault path holds its own reference until after migrate_to_ram()")	\
	X(FAULT_DEAD, ALWAYS, ERROR, PAGE,	\
	  PGMAP_NEED(DRAINED) | PGMAP_NEED(FAULT),	\
	  "fault on a pagemap that is drained or gone",	\
	  "while it is KILLED faults are legal: pages come home")	\
	X(FAULT_NO_PROGRESS, PAGES, WARNING, PAGE,	\
	  PGMAP_NEED(ALLOC) | PGMAP_NEED(FREE) | PGMAP_NEED(FAULT) | PGMAP_NEED(PFN),	\
	  "the same fault again and again, and the page stays",	\
	  "a page that is locked for a moment; sharing a device by time; a retry enters twice") \
	X(FAULT_NO_EXIT, PAGES, WARNING, PAGE,	\
	  PGMAP_NEED(ENTER),	\
	  "a fault was entered and does not return",	\
	  "slow copies")	\
	X(ALLOC_PGMAP_MISMATCH, PAGES, ERROR, PAGE,	\
	  PGMAP_NEED(ALLOC) | PGMAP_NEED(PFN),	\
	  "page allocated outside its pagemap's ranges",	\
	  "pages behind the altmap of the first range are inside")	\
	X(GET_AFTER_KILL, PROBE, ERROR, PAGEMAP,	\
	  PGMAP_NEED(KILL),	\
	  "get_dev_pagemap() gave out a dying pagemap",	\
	  "a look-up that returns the pagemap it was given; one that runs beside the kill")	\
	X(LEAK, END, REPORT, PAGE,	\
	  PGMAP_NEED(ALLOC) | PGMAP_NEED(FREE),	\
	  "never killed, and pages are still allocated at the end",	\
	  "some drivers never unmap by design; an observer that is stopped half-way")

enum pgmap_level {
	PGMAP_LEVEL_NONE,
#define X(id, ...) PGMAP_LEVEL_##id,
	PGMAP_LEVELS(X)
#undef X
	PGMAP_NR_LEVELS
};

enum pgmap_severity {
	PGMAP_SEVERITY_NONE,
#define X(id) PGMAP_SEVERITY_##id,
	PGMAP_SEVERITIES(X)
#undef X
	PGMAP_NR_SEVERITIES
};

enum pgmap_rule {
	PGMAP_RULE_NONE,
#define X(id, ...) PGMAP_RULE_##id,
	PGMAP_RULES(X)
#undef X
	PGMAP_NR_RULES
};

/* Limits that live and offline judging share. */
#define PGMAP_REPEAT_COUNT	100		/* FAULT_NO_PROGRESS: so many faults ... */
#define PGMAP_REPEAT_NS		1000000000ULL	/* ... in this time, and no end */
/* GET_AFTER_KILL: a look-up this soon after the kill may have run beside it. */
#define PGMAP_GET_GRACE_NS	100000000ULL

enum pgmap_scope { PGMAP_SCOPE_PAGEMAP, PGMAP_SCOPE_PAGE };

_Static_assert(PGMAP_NR_RULES <= 32, "a set of rules fits 32 bits");

#endif
