// SPDX-License-Identifier: GPL-2.0-only
/* The promises of core's headers, as far as they can be seen from outside. */
#include <stdio.h>
#include <stdlib.h>

#include <pgmap/names.h>

#include "check.h"

void check_holds(bool condition, const char *what, const char *file, int line)
{
	if (condition)
		return;
	fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, what);
	abort();
}

static bool is_judged(const struct pgmap_judge_options *judge, unsigned int rule)
{
	__u32 bit = 1U << rule;

	return !(judge->disabled & bit) && (!judge->only || judge->only & bit);
}

static void check_findings(const struct pgmap_model *model)
{
	const struct pgmap_findings *findings = &model->findings;
	bool incomplete = pgmap_model_is_incomplete(model);
	__u64 kept = 0, times = 0;
	size_t i;

	for (i = 0; i < findings->nr; i++) {
		const struct pgmap_finding *one = &findings->all[i];

		must(one->rule > PGMAP_RULE_NONE && one->rule < PGMAP_NR_RULES);
		must(is_judged(&model->options, one->rule));
		must(pgmap_rule_level(one->rule) != PGMAP_LEVEL_PAGES || model->options.pages);
		must(one->severity > PGMAP_SEVERITY_NONE && one->severity < PGMAP_NR_SEVERITIES);
		must(!incomplete || pgmap_model_severity(model, one) < PGMAP_SEVERITY_ERROR);
		must(one->times > 0);
		must(one->nr_frames <= PGMAP_MAX_FRAMES);
		must(one->history.nr <= PGMAP_MAX_MOMENTS);
		kept += one->times;
	}
	for (i = 0; i < PGMAP_NR_RULES; i++)
		times += findings->times[i];
	must(times == kept + findings->dropped);
}

static void check_held(const struct pgmap_ranges *held)
{
	size_t i;

	for (i = 1; i < held->nr; i++) {
		must(held->held[i - 1].range.start <= held->held[i].range.start);
		must(held->held[i - 1].reach <= held->held[i].reach);
	}
}

void check_model(const struct pgmap_model *model, bool lost)
{
	enum pgmap_verdict verdict = pgmap_model_verdict(model);
	bool incomplete = pgmap_model_is_incomplete(model);

	must((verdict == PGMAP_VERDICT_INCONCLUSIVE) == incomplete);
	must(incomplete || !lost);
	if (!incomplete)
		must((verdict == PGMAP_VERDICT_VIOLATED) == model->findings.errors);
	check_findings(model);
	check_held(&model->held);
	must(model->table.nr_ended <= PGMAP_MAX_ENDED);
}

void check_snapshot(const struct pgmap_snapshot *shot, const struct pgmap_model *model, bool all)
{
	__u64 states = shot->totals.replaced;
	int i;

	for (i = 0; i < PGMAP_NR_STATES; i++)
		states += shot->totals.states[i];
	must(states == model->table.nr);
	must(all ? shot->nr_rows == states : shot->nr_rows <= states);
	must(shot->verdict == pgmap_model_verdict(model));
	must(shot->incomplete == pgmap_model_is_incomplete(model));
}
