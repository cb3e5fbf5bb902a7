/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The page rules as pure decisions on one page's state, so that BPF and the
 * core say the same. Who keeps the states, and where, is theirs.
 *
 *	alloc	put a zeroed state with what is known; pgmap_range_has_pages()
 *	enter	pgmap_page_fault_begins()
 *	exit	pgmap_page_fault_ends()
 *	free	pgmap_page_judge_free(), then drop the state
 *
 * A state that is not pgmap_page_is_of() the event's pagemap is as good as none.
 * Nothing here is asked for a pagemap that is RELEASED: by then the automaton
 * has a rule for each page event.
 */
#ifndef PGMAP_PAGES_H
#define PGMAP_PAGES_H

#include <pgmap/event.h>
#include <pgmap/rules.h>

enum {
	/* of an address, to a page frame number: pages have 4, 16 or 64 KiB */
	PGMAP_PFN_SHIFT		= 12,
	PGMAP_PFN_SHIFT_MAX	= 16,
	/* of vm_fault_t: OOM, SIGBUS, HWPOISON, HWPOISON_LARGE, SIGSEGV, FALLBACK */
	PGMAP_FAULT_ERRORS	= 0x001 | 0x002 | 0x010 | 0x020 | 0x040 | 0x800,
	PGMAP_FAULT_RETRY	= 0x400,	/* the same fault will enter again */
};

/* Does this state (NULL: none) belong to that generation of that pagemap? */
static inline int pgmap_page_is_of(const struct pgmap_page_state *page, __u64 pgmap,
				   __u32 generation)
{
	return page && page->pgmap == pgmap && page->generation == generation;
}

/*
 * ALLOC_PGMAP_MISMATCH holds when this is so for none of the pagemap's ranges. @shift is that
 * of the machine where the pages are.
 */
static inline int pgmap_range_has_pages(const struct pgmap_range *range, __u64 pfn, __u64 pages,
					unsigned int shift)
{
	__u64 first = range->start >> shift, last = range->end >> shift;

	/* so said that no sum can run over */
	return pfn >= first && pfn <= last && pages <= last - pfn + 1;
}

/*
 * The rule that a free of this page breaks, or none. @page is NULL if there is
 * no state; that proves something only when @all_kept: each page allocated from
 * this pagemap found room for its state.
 */
static inline enum pgmap_rule pgmap_page_judge_free(const struct pgmap_page_state *page,
						    int all_kept)
{
	if (!page)
		return all_kept ? PGMAP_RULE_DOUBLE_FREE : PGMAP_RULE_NONE;
	return page->faults ? PGMAP_RULE_FREE_DURING_FAULT : PGMAP_RULE_NONE;
}

/* Two threads may be in a fault on one page: hence atomic, here and below. */
static inline void pgmap_page_fault_begins(struct pgmap_page_state *page)
{
	__sync_fetch_and_add(&page->faults, 1);
}

/* Did the fault leave the page where it was and call that success? The free tells. */
static inline int pgmap_fault_result_is_good(__u32 result)
{
	return !(result & (PGMAP_FAULT_ERRORS | PGMAP_FAULT_RETRY));
}

/*
 * A fault of process @pid at @address left with @result. Returns 0, or, once in
 * PGMAP_REPEAT_NS, the number of such faults in that time: FAULT_NO_PROGRESS.
 */
static inline __u32 pgmap_page_fault_ends(struct pgmap_page_state *page, __u32 pid,
					  __u64 address, __u32 result, __u64 time_ns)
{
	__u64 gone_ns = time_ns - page->since_ns;
	__u32 told = 0;

	/* none is there if the page was freed and allocated again inside the fault */
	if (page->faults)
		__sync_fetch_and_add(&page->faults, -1);
	if (!pgmap_fault_result_is_good(result))
		return 0;
	if (page->repeats && page->repeat_pid == pid && page->address == address) {
		if (gone_ns <= PGMAP_REPEAT_NS) {
			__sync_fetch_and_add(&page->repeats, 1);
			return 0;
		}
		/*
		 * Only now, when it still goes on: an eviction that holds the page's lock
		 * makes for hundreds in a few milliseconds, and then frees it.
		 */
		if (page->repeats >= PGMAP_REPEAT_COUNT && gone_ns <= 2 * PGMAP_REPEAT_NS)
			told = page->repeats;
	}
	page->repeat_pid = pid;
	page->address = address;
	page->since_ns = time_ns;
	page->repeats = 1;
	return told;
}

#endif
