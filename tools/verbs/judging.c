// SPDX-License-Identifier: GPL-2.0-only
/* Options about judging, parsed into struct pgmap_run_options. */
#include <errno.h>
#include <string.h>

#include <pgmap/names.h>

#include "common.h"
#include "judging.h"

enum {
	KEY_PAGES = 512,
	KEY_PROBE_GET,
	KEY_DISABLE,
	KEY_ONLY,
	KEY_STALL_WARN,
	KEY_STALL_ERROR,
	KEY_ON_FINDING,
	KEY_FINDINGS,
	KEY_DEBUGINFO,
};

/* Pages tracked by default: 1 GiB of them, for which the kernel takes 52 MiB at most. */
enum { DEFAULT_PAGES = 262144, MAX_PAGES = 1 << 26 };

static const struct argp_option options[] = {
	{ "pages", KEY_PAGES, "MAX", OPTION_ARG_OPTIONAL,
	  "Keep the state of each page in use, of MAX at most (262144), for the page rules "
	  "and for who holds it", 1 },
	{ "probe-get", KEY_PROBE_GET, NULL, 0,
	  "Probe get_dev_pagemap() too, for GET_AFTER_KILL", 1 },
	{ "disable", KEY_DISABLE, "RULE,...", 0, "Do not judge by these rules", 1 },
	{ "only", KEY_ONLY, "RULE,...", 0, "Judge by these rules only (pgmapstat rules)", 1 },
	{ "stall-warn", KEY_STALL_WARN, "TIME", 0,
	  "Warn of a stall, or a fault that does not return, after TIME (10s)", 1 },
	{ "stall-error", KEY_STALL_ERROR, "TIME", 0,
	  "A kill that does not drain is an error after TIME (120s)", 1 },
	{ "on-finding", KEY_ON_FINDING, "ACTION,...", 0,
	  "At a finding: trace[=FILE] saves the kernel's trace (pgmapstat-trace.txt), "
	  "stop ends the run, exec=CMD runs CMD in a shell and takes the rest of the option", 1 },
	{ "findings", KEY_FINDINGS, "FILE", 0, "Append findings and verdict to FILE, as JSON", 1 },
	{ "debuginfo", KEY_DEBUGINFO, "PATH", 0,
	  "vmlinux with debug info, or a directory of it and modules: file and line in stacks", 1 },
	{ 0 }
};

static int find_rule(const char *name, size_t length)
{
	int rule;

	for (rule = PGMAP_RULE_NONE + 1; rule < PGMAP_NR_RULES; rule++)
		if (strlen(pgmap_rule_name(rule)) == length &&
		    !strncasecmp(name, pgmap_rule_name(rule), length))
			return rule;
	return -EINVAL;
}

int pgmap_parse_rules(const char *text, __u32 *rules)
{
	size_t length;
	int rule;

	for (;; text += length + 1) {
		length = strcspn(text, ",");
		rule = find_rule(text, length);
		if (rule < 0)
			return rule;
		*rules |= 1U << rule;
		if (!text[length])
			return 0;
	}
}

static int parse_action(char *action, struct pgmap_reactions *reactions)
{
	static const char usual_trace_file[] = "pgmapstat-trace.txt";

	if (!strcmp(action, "stop"))
		reactions->stop = true;
	else if (!strcmp(action, "trace"))
		reactions->trace_file = usual_trace_file;
	else if (!strncmp(action, "trace=", 6) && action[6])
		reactions->trace_file = action + 6;
	else
		return -EINVAL;
	return 0;
}

int pgmap_parse_reactions(char *text, struct pgmap_reactions *reactions)
{
	char *action;
	int err;

	while (text) {
		if (!strncmp(text, "exec=", 5)) {
			reactions->command = text + 5;
			return text[5] ? 0 : -EINVAL;
		}
		action = strsep(&text, ",");
		err = parse_action(action, reactions);
		if (err)
			return err;
	}
	return 0;
}

static int parse_pages(const char *text, __u32 *pages)
{
	__u64 count = DEFAULT_PAGES;

	if (text && (pgmap_parse_count(text, &count) || count > MAX_PAGES))
		return -EINVAL;
	*pages = count;
	return 0;
}

static error_t parse_rule_set(int key, const char *arg, struct argp_state *state)
{
	struct pgmap_run_options *to = state->input;
	__u32 *set = key == KEY_ONLY ? &to->judge.only : &to->judge.disabled;

	if (pgmap_parse_rules(arg, set))
		argp_error(state, "%s: not a list of rules, see pgmapstat rules", arg);
	return 0;
}

static error_t parse_stall(int key, const char *arg, struct argp_state *state)
{
	struct pgmap_run_options *to = state->input;
	__u64 *ns = key == KEY_STALL_WARN ? &to->judge.stall_warn_ns : &to->judge.stall_error_ns;

	if (pgmap_parse_time(arg, ns))
		argp_error(state, "%s: not a time", arg);
	return 0;
}

static error_t parse_judging(int key, char *arg, struct argp_state *state)
{
	struct pgmap_run_options *to = state->input;

	switch (key) {
	case KEY_PAGES:
		if (parse_pages(arg, &to->from.pages))
			argp_error(state, "--pages=%s: not a number up to %d", arg, MAX_PAGES);
		to->judge.pages = true;
		to->judge.max_pages = to->from.pages;
		return 0;
	case KEY_PROBE_GET:
		to->from.probe_get = true;
		return 0;
	case KEY_DISABLE:
	case KEY_ONLY:
		return parse_rule_set(key, arg, state);
	case KEY_STALL_WARN:
	case KEY_STALL_ERROR:
		return parse_stall(key, arg, state);
	case KEY_ON_FINDING:
		if (pgmap_parse_reactions(arg, &to->reactions))
			argp_error(state, "--on-finding: an action is trace[=FILE], stop or exec=CMD");
		return 0;
	case KEY_FINDINGS:
		to->findings_path = arg;
		return 0;
	case KEY_DEBUGINFO:
		to->symbols.debuginfo = arg;
		return 0;
	case ARGP_KEY_END:
		to->from.stall_ns = to->judge.stall_warn_ns;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp pgmap_judging_argp = { .options = options, .parser = parse_judging };
