/* SPDX-License-Identifier: GPL-2.0-only */
/* Options that every verb has, and how numbers are read. */
#ifndef PGMAP_VERBS_COMMON_H
#define PGMAP_VERBS_COMMON_H

#include <argp.h>

#include "../run.h"

/*
 * For the children of a verb's parser; their input is a struct pgmap_run_options. What a verb
 * shows and how it judges, and with that how it watches the running kernel.
 */
extern const struct argp pgmap_shown_argp;
extern const struct argp pgmap_common_argp;

/* Defaults: the table on stdout, no filter. Which source is main's to say. */
void pgmap_common_defaults(struct pgmap_run_options *options);

/* Seconds with a fraction, or a number with ns, us, ms, s, m, h. Returns 0 or -EINVAL. */
int pgmap_parse_time(const char *text, __u64 *ns);

/* 1 and up, decimal. Returns 0 or -EINVAL. */
int pgmap_parse_count(const char *text, __u64 *count);

/* Bytes, or a number with k or M; a power of two of at least 4096. Returns 0 or -EINVAL. */
int pgmap_parse_buffer(const char *text, __u32 *bytes);

/* Hexadecimal with or without 0x, not 0. Returns 0 or -EINVAL. */
int pgmap_parse_address(const char *text, __u64 *address);

/* A name of enum pgmap_type in any case. Returns 0 or -EINVAL. */
int pgmap_parse_type(const char *text, enum pgmap_type *type);

/* -t, -D and -p, in any verb's parser. As a parser returns; a bad value is a usage error. */
error_t pgmap_parse_filter(int key, const char *arg, struct argp_state *state,
			   struct pgmap_source_options *from);

/*
 * The argument FILE of verbs that read a recording, and what goes with none; its input is a
 * struct pgmap_run_options. As above.
 */
error_t pgmap_parse_recording(int key, char *arg, struct argp_state *state);

/* What libraries say, for -v. */
void pgmap_log_to_stderr(const char *format, va_list args);

/* One line to the user. Returns the exit code that goes with it. */
enum pgmap_exit pgmap_complain(const char *what);

#endif
