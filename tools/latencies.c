// SPDX-License-Identifier: GPL-2.0-only
/* The latencies of a run: gathered while it lasts, saved at its end. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "latencies.h"

int pgmap_latencies_open(struct pgmap_latencies *latencies,
			 const struct pgmap_latency_options *options, struct pgmap_model *model,
			 const struct pgmap_view_options *show, char why[PGMAP_WHY_LEN])
{
	int err;

	if (!options->by)
		return 0;
	latencies->summary.by = options->by;
	model->summary = &latencies->summary;
	if (!options->save_path)
		return 0;
	err = pgmap_kept_open(&latencies->file, options->save_path, true, show);
	if (err)
		snprintf(why, PGMAP_WHY_LEN, "cannot write %s: %s", options->save_path,
			 strerror(-err));
	return err;
}

static void copy(char to[PGMAP_ORIGIN_LEN], const char *from)
{
	snprintf(to, PGMAP_ORIGIN_LEN, "%s", from ? from : "");
}

/* What a source says about where its events come from goes before what is so here. */
static void put_fact(struct pgmap_origin *origin, const struct pgmap_fact *fact)
{
	if (!strcmp(fact->key, "kernel"))
		copy(origin->kernel, fact->value);
	else if (!strcmp(fact->key, "machine"))
		copy(origin->arch, fact->value);
	else if (!strcmp(fact->key, "cpus"))
		origin->cpus = strtoul(fact->value, NULL, 10);
}

struct pgmap_origin pgmap_latencies_origin(const char *tool, const struct pgmap_source_ops *ops,
					   const struct pgmap_source *source)
{
	struct pgmap_fact facts[PGMAP_MAX_FACTS];
	size_t i, nr = ops->facts(source, facts);
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct pgmap_origin origin = { .cpus = cpus > 0 ? cpus : 0 };
	struct utsname system;

	copy(origin.tool, tool);
	copy(origin.backend, ops->name);
	if (!uname(&system)) {
		copy(origin.kernel, system.release);
		copy(origin.arch, system.machine);
	}
	for (i = 0; i < nr; i++) {
		if (!strcmp(facts[i].key, "backend"))
			/* its name, without what it says about itself */
			snprintf(origin.backend, sizeof(origin.backend), "%.*s",
				 (int)strcspn(facts[i].value, " "), facts[i].value);
		else if (ops->now)
			put_fact(&origin, &facts[i]);
	}
	return origin;
}

void pgmap_latencies_save(struct pgmap_latencies *latencies)
{
	if (!latencies->file.view)
		return;
	pgmap_kept_clear(&latencies->file);
	pgmap_view_json.latencies(latencies->file.view, &latencies->summary);
}
