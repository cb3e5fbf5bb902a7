/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names from a trace as text of another language: a thread may call itself anything. What is
 * no UTF-8, and control characters, become U+FFFD.
 */
#ifndef PGMAP_VIEW_ESCAPE_H
#define PGMAP_VIEW_ESCAPE_H

#include <stddef.h>
#include <stdio.h>

/* The text at @text up to its end or @limit, fit for HTML's text and for attributes in quotes. */
void pgmap_put_html(FILE *out, const char *text, size_t limit);

/* The same as a JSON string, with its quotes. */
void pgmap_put_json_string(FILE *out, const char *text, size_t limit);

#endif
