// SPDX-License-Identifier: GPL-2.0-only
/* What the live source says about itself and its kernel, for --check. */
#include <string.h>

#include <pgmap/names.h>

#include "live.h"

/* The names of what is in @all and not in @sight, or "nothing". */
static void list_unseen(char text[PGMAP_FACT_LEN], __u32 sight)
{
	int i, used = 0;

	strcpy(text, "nothing");
	for (i = 0; i < PGMAP_NR_SIGHTS && used < PGMAP_FACT_LEN; i++)
		if (!(sight & 1U << i))
			used += snprintf(text + used, PGMAP_FACT_LEN - used, "%s%s",
					 used ? " " : "", pgmap_sight_name(i));
}

static void list_rules_off(char text[PGMAP_FACT_LEN], __u32 sight)
{
	int rule, used = 0;

	strcpy(text, "none");
	for (rule = PGMAP_RULE_NONE + 1; rule < PGMAP_NR_RULES && used < PGMAP_FACT_LEN; rule++)
		if (pgmap_rule_needs(rule) & ~sight)
			used += snprintf(text + used, PGMAP_FACT_LEN - used, "%s%s",
					 used ? " " : "", pgmap_rule_name(rule));
}

/* "taken", "possible", or why not; and what it cannot show. */
static struct pgmap_fact of_backend(const struct pgmap_source *source,
				    const struct pgmap_live_backend *backend)
{
	const char *reason = source->reasons[backend->id];
	const char *name = pgmap_backend_name(backend->id);
	char unseen[PGMAP_FACT_LEN];

	/* the symbols that the others take are not read where the first one does */
	if (backend != source->backend && !source->kernel.has_symbols)
		return pgmap_fact(name, "not looked into: the first one does");
	if (*reason)
		return pgmap_fact(name, "not possible: %s", reason);
	list_unseen(unseen, backend->sight(&source->kernel));
	return pgmap_fact(name, "%s, does not show: %.200s",
			  backend == source->backend ? "taken" : "possible", unseen);
}

static int count_tracepoints(const struct pgmap_source *source)
{
	struct bpf_program *program;
	int nr = 0;

	bpf_object__for_each_program(program, source->skeleton->obj)
		nr += pgmap_live_is_tracepoint(program) && bpf_program__autoload(program);
	return nr;
}

static struct pgmap_fact attached_to(const struct pgmap_source *source)
{
	struct pgmap_fact fact = { .key = "functions" };
	int hook, used = 0;

	if (source->backend->id == PGMAP_BACKEND_TP_BTF)
		return pgmap_fact("tracepoints", "%d of system memremap, all attached",
				  count_tracepoints(source));
	for (hook = 0; hook < PGMAP_HOOK_GET && used < PGMAP_FACT_LEN; hook++)
		if (source->kernel.hooks[hook].function)
			used += snprintf(fact.value + used, PGMAP_FACT_LEN - used, "%s%s",
					 used ? " " : "", source->kernel.hooks[hook].function);
	return fact;
}

static struct pgmap_fact of_fault_handlers(const struct pgmap_source *source)
{
	char reason[PGMAP_REASON_LEN];

	if (source->backend->id == PGMAP_BACKEND_TP_BTF)
		return pgmap_fact("fault_handlers", "not probed: there is a tracepoint");
	if (source->kernel.may_probe)
		return pgmap_fact("fault_handlers", "probed as pagemaps come");
	pgmap_live_why_no_probes(&source->kernel, reason);
	return pgmap_fact("fault_handlers", "not probed, faults are seen once they are over: %s",
			  reason);
}

static size_t add_surroundings(const struct pgmap_source *source, struct pgmap_fact *facts)
{
	const struct pgmap_fact all[] = {
		pgmap_fact("driver_name", source->kernel.has_driver ? "yes" :
			   "no: this kernel does not record it"),
		pgmap_fact("capabilities", "%s", pgmap_surroundings_capabilities().value),
		pgmap_fact("cpus", "%u possible", source->cpus),
		pgmap_fact("pagemaps_at_once", "%u", source->slots.nr - 1),
		pgmap_fact("ring_buffer", "%u bytes", source->buffer_bytes),
		pgmap_fact("page_states", source->pages ? "%u at most" : "none (--pages)",
			   source->pages),
		pgmap_fact("get_dev_pagemap", source->probe_get ? "probed" :
			   "not probed (--probe-get)"),
	};

	memcpy(facts, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

size_t pgmap_live_facts(const struct pgmap_source *source,
			struct pgmap_fact facts[PGMAP_MAX_FACTS])
{
	const struct pgmap_live_backend *const *one;
	char text[PGMAP_FACT_LEN];
	size_t nr = 0;

	facts[nr++] = pgmap_fact("backend", "%s (%s)", pgmap_backend_name(source->backend->id),
				 source->backend->what);
	for (one = pgmap_live_backends; *one; one++)
		facts[nr++] = of_backend(source, *one);
	facts[nr++] = attached_to(source);
	facts[nr++] = of_fault_handlers(source);
	list_rules_off(text, source->sight);
	facts[nr++] = pgmap_fact("rules_off", "%.255s", text);
	return nr + add_surroundings(source, &facts[nr]);
}
