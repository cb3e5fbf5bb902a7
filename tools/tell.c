// SPDX-License-Identifier: GPL-2.0-only
/* A finding on its way out: shown, kept in the file, explained, reacted to. */
#include "run.h"
#include "stall.h"
#include "tell.h"

static void tell_reason(struct pgmap_tell *tell, const struct pgmap_finding *finding)
{
	struct pgmap_explanation explanation;

	if (!tell->options->inspect ||
	    !pgmap_stall_explain(&tell->stall, finding, &explanation))
		return;
	tell->options->view->explanation(tell->view, &explanation);
	if (tell->file.view)
		pgmap_view_json.explanation(tell->file.view, &explanation);
}

static void tell_one(struct pgmap_tell *tell, const struct pgmap_model *model,
		     const struct pgmap_finding *finding)
{
	const struct pgmap_run_options *options = tell->options;
	enum pgmap_severity severity = pgmap_model_severity(model, finding);

	options->view->finding(tell->view, finding, severity);
	if (tell->file.view)
		pgmap_view_json.finding(tell->file.view, finding, severity);
	tell_reason(tell, finding);
	pgmap_react(tell->reactor, finding, severity);
	tell->enough |= options->reactions.stop;
}

void pgmap_tell_findings(struct pgmap_tell *tell, const struct pgmap_model *model)
{
	const struct pgmap_findings *findings = &model->findings;
	__u64 told = tell->told;
	size_t i;

	if (findings->changes == told)
		return;
	tell->told = findings->changes;
	for (i = 0; i < findings->nr; i++)
		if (findings->all[i].change > told)
			tell_one(tell, model, &findings->all[i]);
}
