// SPDX-License-Identifier: GPL-2.0-only
/* The options that all verbs share, parsed into struct pgmap_run_options. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <pgmap/names.h>

#include "common.h"
#include "judging.h"

enum {
	KEY_JSON = 256,
	KEY_CHECK,
	KEY_BUFFER,
	KEY_BACKEND,
	KEY_KEEP_RIGHTS,
};

static const struct argp_option shown_options[] = {
	{ NULL, 't', "TYPE", 0,
	  "Only pagemaps of TYPE: PRIVATE, COHERENT, FS_DAX, GENERIC, PCI_P2PDMA", 1 },
	{ NULL, 'D', "DRIVER", 0, "Only pagemaps of this driver", 1 },
	{ NULL, 'p', "PGMAP", 0, "Only the pagemap at this address (hexadecimal)", 1 },
	{ "json", KEY_JSON, NULL, 0, "One JSON object a line instead of the table", 2 },
	{ "quiet", 'q', NULL, 0, "Show findings and the verdict only", 2 },
	{ "verbose", 'v', NULL, 0, "Show on stderr what the libraries say", 2 },
	{ 0 }
};

static const struct argp_option options[] = {
	{ "timestamp", 'T', NULL, 0, "Show the time of day", 2 },
	{ "check", KEY_CHECK, NULL, 0,
	  "Load, attach, show backend and capabilities, and exit", 3 },
	{ "buffer", KEY_BUFFER, "SIZE", 0,
	  "Ring buffer, a power of two (1M); tracefs: of each CPU (64M by their number, 1M to 8M)",
	  3 },
	{ "backend", KEY_BACKEND, "NAME", 0,
	  "What shows the events: auto (the first that works here), tp_btf, fentry, kprobe, tracefs",
	  3 },
	{ "keep-rights", KEY_KEEP_RIGHTS, NULL, 0,
	  "Drop no capabilities: for --on-finding exec, and to tell who maps a page that is held",
	  3 },
	{ 0 }
};

int pgmap_parse_time(const char *text, __u64 *ns)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = {
		{ "", 1e9 }, { "s", 1e9 }, { "ms", 1e6 }, { "us", 1e3 }, { "ns", 1 },
		{ "m", 60e9 }, { "h", 3600e9 },
	};
	char *rest;
	double value = strtod(text, &rest);
	size_t i;

	if (rest == text || !isdigit(*text))
		return -EINVAL;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(rest, units[i].unit))
			continue;
		value *= units[i].ns;
		/* 1 ns to a century: what is meant is in between */
		if (!(value >= 1 && value < 3.2e18))
			return -EINVAL;
		*ns = value;
		return 0;
	}
	return -EINVAL;
}

int pgmap_parse_count(const char *text, __u64 *count)
{
	char *rest;

	errno = 0;
	*count = strtoull(text, &rest, 10);
	return isdigit(*text) && !*rest && *count && !errno ? 0 : -EINVAL;
}

int pgmap_parse_buffer(const char *text, __u32 *bytes)
{
	char *rest;
	unsigned long long value = strtoull(text, &rest, 10);

	if (!isdigit(*text) || value > 1 << 30)
		return -EINVAL;
	if (!strcasecmp(rest, "k"))
		value <<= 10;
	else if (!strcasecmp(rest, "m"))
		value <<= 20;
	else if (*rest)
		return -EINVAL;
	if (value < 4096 || value > 1 << 30 || value & (value - 1))
		return -EINVAL;
	*bytes = value;
	return 0;
}

int pgmap_parse_address(const char *text, __u64 *address)
{
	char *rest;

	errno = 0;
	*address = strtoull(text, &rest, 16);
	return isxdigit(*text) && !*rest && *address && !errno ? 0 : -EINVAL;
}

int pgmap_parse_type(const char *text, enum pgmap_type *type)
{
	int id;

	for (id = PGMAP_TYPE_NONE + 1; id < PGMAP_NR_TYPES; id++) {
		if (strcasecmp(text, pgmap_type_name(id)))
			continue;
		*type = id;
		return 0;
	}
	return -EINVAL;
}

static int parse_driver(const char *text, char driver[PGMAP_NAME_LEN])
{
	if (!*text || strlen(text) >= PGMAP_NAME_LEN)
		return -EINVAL;
	strcpy(driver, text);
	return 0;
}

void pgmap_log_to_stderr(const char *format, va_list args)
{
	vfprintf(stderr, format, args);
}

enum pgmap_exit pgmap_complain(const char *what)
{
	fprintf(stderr, "pgmapstat: %s\n", what);
	return PGMAP_EXIT_ERROR;
}

error_t pgmap_parse_filter(int key, const char *arg, struct argp_state *state,
			   struct pgmap_source_options *from)
{
	switch (key) {
	case 't':
		if (pgmap_parse_type(arg, &from->type))
			argp_error(state, "-t %s: no such type", arg);
		return 0;
	case 'D':
		if (parse_driver(arg, from->driver))
			argp_error(state, "-D %s: not a driver's name", arg);
		return 0;
	case 'p':
		if (pgmap_parse_address(arg, &from->pgmap))
			argp_error(state, "-p %s: not an address", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

error_t pgmap_parse_recording(int key, char *arg, struct argp_state *state)
{
	struct pgmap_run_options *to = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (to->from.file)
			argp_error(state, "%s: one file too many", arg);
		to->from.file = arg;
		return 0;
	case ARGP_KEY_END:
		if (!to->from.file)
			argp_error(state, "which file?");
		if (to->reactions.trace_file)
			argp_error(state, "--on-finding trace: the kernel that runs here has another trace");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_shown(int key, char *arg, struct argp_state *state)
{
	struct pgmap_run_options *to = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = to;
		return 0;
	case KEY_JSON:
		to->view = &pgmap_view_json;
		return 0;
	case 'q':
		to->show.quiet = true;
		return 0;
	case 'v':
		to->verbose = true;
		to->from.log = pgmap_log_to_stderr;
		return 0;
	default:
		return pgmap_parse_filter(key, arg, state, &to->from);
	}
}

static const struct argp_child shown_children[] = {
	{ &pgmap_judging_argp, 0, "Judging:", 4 }, { 0 }
};

const struct argp pgmap_shown_argp = {
	.options = shown_options, .parser = parse_shown, .children = shown_children
};

static error_t parse_common(int key, char *arg, struct argp_state *state)
{
	struct pgmap_run_options *to = state->input;
	struct pgmap_source_options *from = &to->from;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = to;
		return 0;
	case KEY_CHECK:
		to->check_only = true;
		return 0;
	case KEY_KEEP_RIGHTS:
		to->keep_rights = true;
		return 0;
	case 'T':
		to->show.timestamps = true;
		return 0;
	case KEY_BUFFER:
		if (pgmap_parse_buffer(arg, &from->buffer_bytes))
			argp_error(state, "--buffer %s: not a power of two of at least 4096", arg);
		return 0;
	case KEY_BACKEND:
		if (pgmap_backend_parse(arg, &from->backend))
			argp_error(state, "--backend %s: no such backend", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &pgmap_shown_argp, 0, NULL, 0 }, { 0 }
};

const struct argp pgmap_common_argp = {
	.options = options, .parser = parse_common, .children = children
};

void pgmap_common_defaults(struct pgmap_run_options *to)
{
	memset(to, 0, sizeof(*to));
	to->view = &pgmap_view_table;
	to->show.out = stdout;
	to->judge = pgmap_judge_defaults();
}
