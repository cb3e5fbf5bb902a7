// SPDX-License-Identifier: GPL-2.0-only
/* Words around the numbers of the table view. */
#include <string.h>

#include <pgmap/names.h>

#include "prose.h"

/* ---- events ---- */

static void tell_add(char detail[PGMAP_PROSE_LEN], const struct pgmap_event *ev)
{
	const struct pgmap_event_add *add = &ev->u.add;
	char range[64] = "no range";
	int used;

	if (add->nr_here)
		snprintf(range, sizeof(range), "0x%llx-0x%llx%s", add->ranges[0].start,
			 add->ranges[0].end, add->nr_range > 1 ? " and more" : "");
	used = snprintf(detail, PGMAP_PROSE_LEN, "%s%s%s%s%s, %llu pages at %s",
			pgmap_type_name(ev->type), *add->driver ? ", driver " : "", add->driver,
			*add->device ? ", device " : "", add->device, add->pages, range);
	if (add->error)
		snprintf(detail + used, PGMAP_PROSE_LEN - used, ", failed: %s (%d)",
			 strerror(-add->error), add->error);
	else if (ev->event == PGMAP_EVENT_SEEN)
		snprintf(detail + used, PGMAP_PROSE_LEN - used, ", older than this run");
	else
		snprintf(detail + used, PGMAP_PROSE_LEN - used, ", node %d, setup %s", add->node,
			 pgmap_unit_time(add->setup_ns).text);
}

static void tell_counts(char detail[PGMAP_PROSE_LEN], const struct pgmap_event *ev,
			const struct pgmap_row *row)
{
	__s64 pages = (__s64)(ev->u.counts.alloc_pages - ev->u.counts.free_pages);
	char outstanding[24] = "?";

	if (row && !row->outstanding_unknown)
		snprintf(outstanding, sizeof(outstanding), "%lld", pages);
	*detail = 0;
	if (ev->flags & PGMAP_FLAG_ADDING)
		snprintf(detail, PGMAP_PROSE_LEN, "unwinding an add that failed");
	else if (ev->event == PGMAP_EVENT_RELEASE && row && row->teardown_ns)
		snprintf(detail, PGMAP_PROSE_LEN, "%s outstanding, teardown %s", outstanding,
			 pgmap_unit_time(row->teardown_ns).text);
	else if (ev->flags & PGMAP_FLAG_COUNTS)
		snprintf(detail, PGMAP_PROSE_LEN, "%s outstanding", outstanding);
}

void pgmap_prose_event(char detail[PGMAP_PROSE_LEN], const struct pgmap_event *ev,
		       const struct pgmap_row *row)
{
	const struct pgmap_event_page *page = &ev->u.page;

	switch (ev->event) {
	case PGMAP_EVENT_ADD:
	case PGMAP_EVENT_SEEN:
		tell_add(detail, ev);
		return;
	case PGMAP_EVENT_PAGE_ALLOC:
	case PGMAP_EVENT_PAGE_FREE:
		snprintf(detail, PGMAP_PROSE_LEN, "pfn 0x%llx, %llu pages", page->pfn, page->pages);
		return;
	case PGMAP_EVENT_FAULT_ENTER:
		snprintf(detail, PGMAP_PROSE_LEN, "pfn 0x%llx, address 0x%llx", page->pfn,
			 page->address);
		return;
	case PGMAP_EVENT_FAULT_EXIT:
		snprintf(detail, PGMAP_PROSE_LEN, "pfn 0x%llx, address 0x%llx, result 0x%x",
			 page->pfn, page->address, page->result);
		return;
	default:
		tell_counts(detail, ev, row);
	}
}

struct pgmap_text pgmap_prose_time(const struct pgmap_view_options *options, __u64 time_ns)
{
	/* an event just before the run began is a moment below zero */
	__s64 since = (__s64)(time_ns - options->start_ns);
	struct pgmap_text text;

	if (options->timestamps)
		return pgmap_unit_clock(time_ns + options->real_offset_ns);
	snprintf(text.text, sizeof(text.text), "%.6f", since / 1e9);
	return text;
}

/* ---- totals ---- */

static void print_states(FILE *out, const struct pgmap_snapshot *snapshot)
{
	const struct pgmap_totals *totals = &snapshot->totals;
	__u64 all = totals->forgotten + totals->replaced;
	int state;

	for (state = 0; state < PGMAP_NR_STATES; state++)
		all += totals->states[state];
	fprintf(out, "total: %llu pagemap%s", all, all == 1 ? "" : "s");
	for (state = 0; state < PGMAP_NR_STATES; state++)
		if (totals->states[state])
			fprintf(out, ", %llu %s", totals->states[state], pgmap_state_name(state));
	if (totals->replaced)
		fprintf(out, ", %llu REPLACED", totals->replaced);
	if (totals->forgotten)
		fprintf(out, ", %llu released long ago and not listed", totals->forgotten);
	if (snapshot->unseen & PGMAP_SIGHT_OUTSTANDING)
		fprintf(out, "; ? outstanding");
	else
		fprintf(out, "; %lld outstanding", totals->outstanding);
}

void pgmap_prose_losses(FILE *out, const __u64 losses[PGMAP_NR_LOSSES], __u32 unseen)
{
	const char *before = "lost:  ";
	int cause;

	for (cause = PGMAP_LOSS_NONE + 1; cause < PGMAP_NR_LOSSES; cause++) {
		if (!losses[cause])
			continue;
		fprintf(out, "%s%llu %s", before, losses[cause], pgmap_loss_name(cause));
		before = ", ";
	}
	fprintf(out, "%s%s\n", before[0] == ',' ? "" : "lost:  nothing",
		unseen & PGMAP_SIGHT_SKIP ? " (of what this kernel counts)" : "");
}

static struct pgmap_text seen(const struct pgmap_snapshot *snapshot, __u32 sight,
			      struct pgmap_text text)
{
	return pgmap_unit_or_unknown(text, snapshot->unseen & sight);
}

static struct pgmap_text sum_of(const struct pgmap_snapshot *snapshot, __u32 sight, __u64 sum)
{
	struct pgmap_text text;

	snprintf(text.text, sizeof(text.text), "%llu", sum);
	return seen(snapshot, sight, text);
}

void pgmap_prose_totals(FILE *out, const struct pgmap_snapshot *snapshot)
{
	const struct pgmap_totals *totals = &snapshot->totals;
	__u64 ns = snapshot->interval_ns;

	print_states(out, snapshot);
	fprintf(out, ", %s allocs/s",
		seen(snapshot, PGMAP_SIGHT_ALLOC, pgmap_unit_rate(totals->delta.allocs, ns)).text);
	fprintf(out, ", %s frees/s",
		seen(snapshot, PGMAP_SIGHT_FREE, pgmap_unit_rate(totals->delta.frees, ns)).text);
	fprintf(out, ", %s faults/s\n",
		seen(snapshot, PGMAP_SIGHT_FAULT, pgmap_unit_rate(totals->delta.faults, ns)).text);
	pgmap_prose_losses(out, snapshot->losses, snapshot->unseen);
}

void pgmap_prose_sums(FILE *out, const struct pgmap_snapshot *snapshot)
{
	const struct pgmap_totals *totals = &snapshot->totals;

	print_states(out, snapshot);
	fprintf(out, "\nsums:  %s allocs, %s frees, %s fault enters, %s fault exits\n",
		sum_of(snapshot, PGMAP_SIGHT_ALLOC, totals->sums.allocs).text,
		sum_of(snapshot, PGMAP_SIGHT_FREE, totals->sums.frees).text,
		sum_of(snapshot, PGMAP_SIGHT_FAULT, totals->sums.fault_enters).text,
		sum_of(snapshot, PGMAP_SIGHT_FAULT, totals->sums.faults).text);
	pgmap_prose_losses(out, snapshot->losses, snapshot->unseen);
	if (snapshot->older_unknown)
		fprintf(out, "older: unknown, pagemaps from before this run may be missing: %s\n",
			snapshot->older_unknown);
}

void pgmap_prose_rules_off(FILE *out, const struct pgmap_snapshot *snapshot)
{
	__u32 rules = snapshot->rules_off, needs = 0;
	int i;

	if (!rules)
		return;
	fprintf(out, "off:  ");
	for (i = PGMAP_RULE_NONE + 1; i < PGMAP_NR_RULES; i++) {
		if (!(rules & 1U << i))
			continue;
		needs |= pgmap_rule_needs(i);
		fprintf(out, " %s", pgmap_rule_name(i));
	}
	fprintf(out, ": not shown on this kernel:");
	for (i = 0; i < PGMAP_NR_SIGHTS; i++)
		if (needs & snapshot->unseen & 1U << i)
			fprintf(out, " %s", pgmap_sight_name(i));
	fputc('\n', out);
}

static __u64 count_findings(const struct pgmap_snapshot *snapshot, enum pgmap_severity severity)
{
	const struct pgmap_findings *findings = snapshot->findings;
	__u64 nr = 0;
	size_t i;

	for (i = 0; i < findings->nr; i++)
		nr += pgmap_snapshot_severity(snapshot, &findings->all[i]) == severity;
	return nr;
}

void pgmap_prose_verdict(FILE *out, const struct pgmap_snapshot *snapshot)
{
	__u64 errors = count_findings(snapshot, PGMAP_SEVERITY_ERROR);
	__u64 warnings = count_findings(snapshot, PGMAP_SEVERITY_WARNING);
	__u64 reports = count_findings(snapshot, PGMAP_SEVERITY_REPORT);

	if (snapshot->findings->dropped)
		fprintf(out, "%llu more findings were counted but not kept\n",
			snapshot->findings->dropped);
	fprintf(out, "verdict: %s (%llu error%s, %llu warning%s, %llu report%s)%s\n",
		pgmap_verdict_name(snapshot->verdict), errors, errors == 1 ? "" : "s", warnings,
		warnings == 1 ? "" : "s", reports, reports == 1 ? "" : "s",
		snapshot->incomplete ? ": events were lost, so errors count as warnings" : "");
}
