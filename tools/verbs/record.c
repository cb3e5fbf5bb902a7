// SPDX-License-Identifier: GPL-2.0-only
/* pgmapstat record -o FILE [-- command]: keep what happens, for replay. */
#include <errno.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../record.h"
#include "common.h"
#include "verb.h"

enum { KEY_SIZE = 512, KEY_BUFFER };

/* Less than that has no room for a page of each CPU. */
#define LEAST_SIZE	65536ULL

static int parse_size(const char *text, __u64 *bytes)
{
	static const char units[] = "kMG";
	char *rest;
	const char *unit;

	errno = 0;
	*bytes = strtoull(text, &rest, 10);
	unit = *rest ? strchr(units, *rest) : NULL;
	if (!isdigit(*text) || errno || *bytes > 1ULL << 40 || (*rest && (!unit || rest[1])))
		return -EINVAL;
	if (unit)
		*bytes <<= 10 * (unit - units + 1);
	return *bytes >= LEAST_SIZE ? 0 : -EINVAL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct pgmap_record_options *to = state->input;

	switch (key) {
	case 'o':
		to->capture.path = arg;
		return 0;
	case 'd':
		if (pgmap_parse_time(arg, &to->duration_ns))
			argp_error(state, "-d %s: not a time", arg);
		return 0;
	case KEY_SIZE:
		if (parse_size(arg, &to->capture.most_bytes))
			argp_error(state, "--size %s: not a size of at least 64k", arg);
		return 0;
	case KEY_BUFFER:
		if (pgmap_parse_buffer(arg, &to->capture.from.buffer_bytes))
			argp_error(state, "--buffer %s: not a power of two of at least 4096", arg);
		return 0;
	case 'q':
		to->quiet = true;
		return 0;
	case 'v':
		to->capture.from.log = pgmap_log_to_stderr;
		return 0;
	case ARGP_KEY_ARG:
		/* all the rest is the command's, its options too */
		to->command = &state->argv[state->next - 1];
		state->next = state->argc;
		return 0;
	case ARGP_KEY_END:
		if (!to->capture.path)
			argp_error(state, "into which file? -o FILE");
		return 0;
	default:
		return pgmap_parse_filter(key, arg, state, &to->capture.from);
	}
}

static enum pgmap_exit run_record(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "output", 'o', "FILE", 0, "Write there; FILE is replaced in the end", 0 },
		{ "duration", 'd', "TIME", 0, "Stop after TIME: 10, 1.5s, 500ms, 2m, 1h", 0 },
		{ "size", KEY_SIZE, "BYTES", 0,
		  "Keep so many bytes of records at most, what comes later is counted (no bound; 64k and up, with k, M, G)",
		  0 },
		{ NULL, 't', "TYPE", 0, "Only pagemaps of TYPE", 1 },
		{ NULL, 'D', "DRIVER", 0, "Only pagemaps of this driver", 1 },
		{ NULL, 'p', "PGMAP", 0, "Only the pagemap at this address (hexadecimal)", 1 },
		{ "buffer", KEY_BUFFER, "SIZE", 0,
		  "Buffer of each CPU, a power of two (64M by their number, 1M to 8M)", 2 },
		{ "quiet", 'q', NULL, 0, "Say only what went wrong", 2 },
		{ "verbose", 'v', NULL, 0, "Show on stderr what the libraries say", 2 },
		{ 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "[-- COMMAND [ARGUMENT...]]",
		.doc = "Record all pagemaps into FILE while COMMAND runs, or for TIME, or until Ctrl-C: a trace.dat for pgmapstat replay and for trace-cmd report. The pagemaps that were there before are in it, too.\v"
		       "It needs our tracepoints and root, or CAP_DAC_OVERRIDE; to find older pagemaps as pgmapstat list does.\n"
		       "Exit code: 3 records are missing, else 1 an error or COMMAND failed, else 0; 129 usage.",
	};
	struct pgmap_record_options to = { .capture.version = argp_program_version };

	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &to);
	return pgmap_record(&to);
}

const struct pgmap_verb pgmap_verb_record = {
	.name = "record", .summary = "keep what happens, for replay", .run = run_record
};
