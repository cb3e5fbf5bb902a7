// SPDX-License-Identifier: GPL-2.0-only
/*
 * pgmapstat rules: the rules as the table has them, for people, programs and the docs; with
 * --here also which of them this kernel allows.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include <pgmap/names.h>

#include "common.h"
#include "verb.h"

struct rules_options {
	void (*show)(unsigned int rule, const struct rules_options *options);
	struct pgmap_source_options from;
	bool here;
	__u32 sight;		/* PGMAP_SIGHT_* of this kernel, with @here */
};

/* What @rule needs and is not shown here, by name: "pgmap_page_alloc pfn". */
static void list_missing(char *text, size_t room, unsigned int rule,
			 const struct rules_options *options)
{
	__u32 missing = pgmap_rule_needs(rule) & ~options->sight;
	size_t used = 0;
	int i;

	*text = 0;
	for (i = 0; i < PGMAP_NR_SIGHTS && used < room; i++)
		if (missing & 1U << i)
			used += snprintf(text + used, room - used, "%s%s", used ? " " : "",
					 pgmap_sight_name(i));
}

static const char *scope_of(unsigned int rule)
{
	return pgmap_rule_is_page_rule(rule) ? "PRIVATE, COHERENT" : "all types";
}

/* Prints @text from column @indent on, broken between words before column 100. */
static void print_wrapped(const char *text, int indent)
{
	enum { WIDTH = 100 };
	int at = indent, length;

	printf("%*s", indent, "");
	while (*text) {
		length = strcspn(text, " ");
		if (at > indent && at + 1 + length > WIDTH) {
			printf("\n%*s", indent, "");
			at = indent;
		} else if (at > indent) {
			putchar(' ');
			at++;
		}
		printf("%.*s", length, text);
		at += length;
		text += length + strspn(text + length, " ");
	}
	putchar('\n');
}

static void show_text(unsigned int rule, const struct rules_options *options)
{
	char missing[128];

	printf("%-23s %-8s %s\n", pgmap_rule_name(rule),
	       pgmap_severity_name(pgmap_rule_severity(rule)), pgmap_rule_text(rule));
	printf("    judged: %s; %s\n", pgmap_level_text(pgmap_rule_level(rule)), scope_of(rule));
	list_missing(missing, sizeof(missing), rule, options);
	if (options->here)
		printf("    here: %s%s\n", *missing ? "off, not shown: " : "on", missing);
	printf("    not tripped by:\n");
	print_wrapped(pgmap_rule_hazards(rule), 8);
}

static void put(json_object *to, const char *key, const char *value)
{
	json_object_object_add(to, key, json_object_new_string(value));
}

static void show_json(unsigned int rule, const struct rules_options *options)
{
	char missing[128];
	json_object *line = json_object_new_object();

	put(line, "schema", PGMAP_JSON_SCHEMA);
	put(line, "kind", "rule");
	put(line, "rule", pgmap_rule_name(rule));
	put(line, "severity", pgmap_severity_name(pgmap_rule_severity(rule)));
	put(line, "text", pgmap_rule_text(rule));
	put(line, "judged", pgmap_level_text(pgmap_rule_level(rule)));
	put(line, "scope", scope_of(rule));
	put(line, "hazards", pgmap_rule_hazards(rule));
	list_missing(missing, sizeof(missing), rule, options);
	if (options->here) {
		json_object_object_add(line, "here", json_object_new_boolean(!*missing));
		put(line, "unseen", missing);
	}
	puts(json_object_to_json_string_ext(line, JSON_C_TO_STRING_PLAIN |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(line);
}

static void show_markdown(unsigned int rule, const struct rules_options *options)
{
	(void)options;

	printf("| %s | %s | %s | %s | %s | %s |\n", pgmap_rule_name(rule),
	       pgmap_severity_name(pgmap_rule_severity(rule)),
	       pgmap_level_text(pgmap_rule_level(rule)), scope_of(rule), pgmap_rule_text(rule),
	       pgmap_rule_hazards(rule));
}

enum { KEY_JSON = 256, KEY_MARKDOWN, KEY_HERE, KEY_BACKEND };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct rules_options *to = state->input;

	switch (key) {
	case KEY_JSON:
		to->show = show_json;
		return 0;
	case KEY_MARKDOWN:
		to->show = show_markdown;
		return 0;
	case KEY_HERE:
		to->here = true;
		return 0;
	case KEY_BACKEND:
		if (pgmap_backend_parse(arg, &to->from.backend))
			argp_error(state, "--backend %s: no such backend", arg);
		to->here = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "%s: rules takes no arguments", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Opens the source as a run would, for nothing but what it can show. */
static enum pgmap_exit look_here(struct rules_options *options,
				 const struct pgmap_source_ops *ops)
{
	struct pgmap_source *source;
	char why[PGMAP_WHY_LEN];

	if (ops->open(&source, &options->from, why)) {
		fprintf(stderr, "pgmapstat: %s\n", why);
		return PGMAP_EXIT_ERROR;
	}
	options->sight = ops->sight(source);
	ops->free(source);
	return PGMAP_EXIT_GOOD;
}

static enum pgmap_exit run_rules(int argc, char **argv, const struct pgmap_source_ops *source)
{
	static const struct argp_option options[] = {
		{ "json", KEY_JSON, NULL, 0, "One JSON object a line", 0 },
		{ "markdown", KEY_MARKDOWN, NULL, 0, "As a table for docs/rules.md", 0 },
		{ "here", KEY_HERE, NULL, 0,
		  "Also which of them can be judged by on this kernel; needs the rights of a run",
		  0 },
		{ "backend", KEY_BACKEND, "NAME", 0, "As --here, with this backend", 0 },
		{ 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.doc = "List every rule: what it means, how severe it is, when it is judged, and which legal sequences must not trip it.\v"
		       "Choose with --only RULE and --disable RULE of the other verbs. Needs no rights without --here.",
	};
	struct rules_options to = { .show = show_text, .sight = PGMAP_SIGHT_ALL };
	unsigned int rule;

	to.from.buffer_bytes = 1 << 20;
	argp_parse(&argp, argc, argv, 0, NULL, &to);
	if (to.here && look_here(&to, source) != PGMAP_EXIT_GOOD)
		return PGMAP_EXIT_ERROR;
	if (to.show == show_markdown)
		printf("| rule | severity | judged | pagemaps | meaning | not tripped by |\n|---|---|---|---|---|---|\n");
	for (rule = PGMAP_RULE_NONE + 1; rule < PGMAP_NR_RULES; rule++)
		to.show(rule, &to);
	return PGMAP_EXIT_GOOD;
}

const struct pgmap_verb pgmap_verb_rules = {
	.name = "rules", .summary = "the rules it judges by", .run_with = run_rules
};
