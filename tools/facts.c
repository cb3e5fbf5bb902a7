// SPDX-License-Identifier: GPL-2.0-only
/* Sources and views know nothing of each other, not even that both have facts. */
#include "facts.h"
#include "rights.h"

enum { OWN_FACTS = 3 };

int pgmap_facts_show(const struct pgmap_run_options *options, struct pgmap_source *source,
		     struct pgmap_stall *stall, const char *older, struct pgmap_view *view)
{
	char lacking[PGMAP_RIGHTS_LEN], kept[PGMAP_RIGHTS_LEN];
	struct pgmap_view_fact shown[PGMAP_MAX_FACTS + OWN_FACTS];
	struct pgmap_fact facts[PGMAP_MAX_FACTS];
	size_t i, nr = options->source->facts(source, facts);
	int err;

	for (i = 0; i < nr; i++)
		shown[i] = (struct pgmap_view_fact){ facts[i].key, facts[i].value };
	pgmap_rights_lacking(lacking);
	err = pgmap_rights_drop(options, source, stall, kept);
	if (err)
		return err;
	shown[nr++] = (struct pgmap_view_fact){ "older_pagemaps", older };
	shown[nr++] = (struct pgmap_view_fact){ "lacking", lacking };
	shown[nr++] = (struct pgmap_view_fact){ "rights_kept", kept };
	options->view->facts(view, shown, nr);
	return 0;
}
