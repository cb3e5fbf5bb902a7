// SPDX-License-Identifier: GPL-2.0-only
/* A finding in words: what was broken and by whom, the events and the stack behind it. */
#include <string.h>

#include <pgmap/names.h>

#include "prose.h"

/* What a rule has to say beyond its meaning. */

static void tell_error(char detail[PGMAP_PROSE_LEN], const struct pgmap_finding *finding)
{
	snprintf(detail, PGMAP_PROSE_LEN, ": %s (%d)", strerror(-finding->error), finding->error);
}

static void tell_overlap(char detail[PGMAP_PROSE_LEN], const struct pgmap_finding *finding)
{
	snprintf(detail, PGMAP_PROSE_LEN, ": 0x%llx-0x%llx is held by 0x%llx generation %u",
		 finding->range.start, finding->range.end, finding->other,
		 finding->other_generation);
}

static void tell_other(char detail[PGMAP_PROSE_LEN], const struct pgmap_finding *finding)
{
	snprintf(detail, PGMAP_PROSE_LEN, ": generation %u was still %s",
		 finding->other_generation, pgmap_state_name(finding->state));
}

static void tell_outstanding(char detail[PGMAP_PROSE_LEN], const struct pgmap_finding *finding)
{
	snprintf(detail, PGMAP_PROSE_LEN, ": %lld page%s", finding->outstanding,
		 finding->outstanding == 1 ? "" : "s");
}

static void tell_stall(char detail[PGMAP_PROSE_LEN], const struct pgmap_finding *finding)
{
	struct pgmap_text pages = pgmap_unit_or_unknown(pgmap_unit_count(finding->outstanding),
							finding->outstanding_unknown);

	snprintf(detail, PGMAP_PROSE_LEN, ": for %s, %s page%s outstanding",
		 pgmap_unit_time(finding->for_ns).text, pages.text,
		 strcmp(pages.text, "1") ? "s" : "");
}

static void tell_page(char detail[PGMAP_PROSE_LEN], const struct pgmap_finding *finding)
{
	snprintf(detail, PGMAP_PROSE_LEN, ": pfn 0x%llx, state %s", finding->pfn,
		 pgmap_state_name(finding->state));
}

static void tell_repeats(char detail[PGMAP_PROSE_LEN], const struct pgmap_finding *finding)
{
	snprintf(detail, PGMAP_PROSE_LEN, ": %u faults at 0x%llx on pfn 0x%llx",
		 finding->nr_faults, finding->address, finding->pfn);
}

static void tell_open_fault(char detail[PGMAP_PROSE_LEN], const struct pgmap_finding *finding)
{
	snprintf(detail, PGMAP_PROSE_LEN, ": for %s, at 0x%llx on pfn 0x%llx",
		 pgmap_unit_time(finding->for_ns).text, finding->address, finding->pfn);
}

static void tell_state(char detail[PGMAP_PROSE_LEN], const struct pgmap_finding *finding)
{
	snprintf(detail, PGMAP_PROSE_LEN, ": state was %s", pgmap_state_name(finding->state));
}

typedef void pgmap_teller(char detail[PGMAP_PROSE_LEN], const struct pgmap_finding *finding);

static pgmap_teller *const tellers[PGMAP_NR_RULES] = {
	[PGMAP_RULE_ADD_ON_ACTIVE] = tell_other,
	[PGMAP_RULE_ADD_OVERLAP] = tell_overlap,
	[PGMAP_RULE_ADD_FAILED] = tell_error,
	[PGMAP_RULE_KILL_STALL] = tell_stall,
	[PGMAP_RULE_RELEASE_STALL] = tell_stall,
	[PGMAP_RULE_DRAINED_OUTSTANDING] = tell_outstanding,
	[PGMAP_RULE_ALLOC_AFTER_KILL] = tell_page,
	[PGMAP_RULE_DOUBLE_FREE] = tell_page,
	[PGMAP_RULE_REF_IMBALANCE] = tell_outstanding,
	[PGMAP_RULE_FREE_AFTER_RELEASE] = tell_page,
	[PGMAP_RULE_FREE_DURING_FAULT] = tell_page,
	[PGMAP_RULE_FAULT_DEAD] = tell_page,
	[PGMAP_RULE_FAULT_NO_PROGRESS] = tell_repeats,
	[PGMAP_RULE_FAULT_NO_EXIT] = tell_open_fault,
	[PGMAP_RULE_ALLOC_PGMAP_MISMATCH] = tell_page,
	[PGMAP_RULE_GET_AFTER_KILL] = tell_page,
	[PGMAP_RULE_LEAK] = tell_outstanding,
};

static void print_subject(FILE *out, const struct pgmap_finding *finding)
{
	fprintf(out, "    pgmap 0x%llx generation %u, %s%s%s%s%s", finding->pgmap,
		finding->generation, pgmap_type_name(finding->type),
		*finding->driver ? ", driver " : "", finding->driver,
		*finding->device ? ", device " : "", finding->device);
	if (finding->where.end)
		fprintf(out, ", 0x%llx-0x%llx%s", finding->where.start, finding->where.end,
			finding->nr_range > 1 ? " and more" : "");
	fputc('\n', out);
}

void pgmap_prose_finding(FILE *out, const struct pgmap_finding *finding,
			 enum pgmap_severity severity)
{
	pgmap_teller *tell = tellers[finding->rule] ? tellers[finding->rule] : tell_state;
	char detail[PGMAP_PROSE_LEN];

	tell(detail, finding);
	fprintf(out, "%s %s: %s%s\n", pgmap_severity_name(severity),
		pgmap_rule_name(finding->rule), pgmap_rule_text(finding->rule), detail);
	print_subject(out, finding);
	if (finding->pid || *finding->comm)
		fprintf(out, "    by %.16s/%u", finding->comm, finding->pid);
	else
		fprintf(out, "    by nobody that is known");
	if (finding->tid && finding->tid != finding->pid)
		fprintf(out, " thread %u", finding->tid);
	if (finding->times > 1)
		fprintf(out, ", %llu times", finding->times);
	fputc('\n', out);
}

void pgmap_prose_history(const struct pgmap_view_options *options,
			 const struct pgmap_finding *finding)
{
	const struct pgmap_moment *moment = finding->history.moments;
	__u32 i;

	for (i = 0; i < finding->history.nr; i++, moment++)
		fprintf(options->out, "    %15s  %-17s generation %u%s%s, by %.16s/%u\n",
			pgmap_prose_time(options, moment->time_ns).text,
			pgmap_event_name(moment->event), moment->generation,
			moment->flags & PGMAP_FLAG_ADDING ? ", unwinding an add" : "",
			moment->error ? ", failed" : "", moment->comm, moment->pid);
}

void pgmap_prose_stack(const struct pgmap_view_options *options, const __u64 *stack, __u32 nr)
{
	char text[PGMAP_FRAME_LEN];
	struct pgmap_frame frame;
	__u32 i;

	for (i = 0; i < nr; i++) {
		pgmap_symbols_frame(options->symbols, stack[i], &frame);
		pgmap_symbols_text(&frame, text);
		fprintf(options->out, "        %s\n", text);
	}
}
