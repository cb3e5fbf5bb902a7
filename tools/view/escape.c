// SPDX-License-Identifier: GPL-2.0-only
/* Escaping, one character of UTF-8 after the other. */
#include <stdbool.h>
#include <string.h>

#include "escape.h"

#define REPLACEMENT "\xef\xbf\xbd"	/* U+FFFD */

/* Length in bytes of the character at @text, 0 if there is none that is allowed. */
static size_t length_of(const unsigned char *text, size_t limit)
{
	static const struct {
		unsigned char mask, lead;
		unsigned int smallest;
	} kinds[] = { { 0x80, 0, 0 }, { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 },
		      { 0xf8, 0xf0, 0x10000 } };
	unsigned int code;
	size_t kind, i;

	for (kind = 0; kind < 4 && (*text & kinds[kind].mask) != kinds[kind].lead; kind++)
		;
	if (kind == 4 || kind >= limit)
		return 0;
	code = *text & ~kinds[kind].mask;
	for (i = 1; i <= kind; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	/* too long a form, half of a pair, past the end of Unicode */
	if (code < kinds[kind].smallest || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
		return 0;
	return kind + 1;
}

static bool is_control(const unsigned char *text, size_t length)
{
	if (length == 1)
		return *text < 0x20 || *text == 0x7f;
	/* those after DEL, and what ends a line or turns the direction of writing */
	if (length == 2)
		return *text == 0xc2 && text[1] < 0xa0;
	return length == 3 && *text == 0xe2 &&
	       ((text[1] == 0x80 && text[2] >= 0xa8 && text[2] <= 0xae) ||
		(text[1] == 0x81 && text[2] >= 0xa6 && text[2] <= 0xa9));
}

static const char *html_of(char character)
{
	switch (character) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static const char *json_of(char character)
{
	if (character == '"')
		return "\\\"";
	return character == '\\' ? "\\\\" : NULL;
}

static void put(FILE *out, const char *text, size_t limit,
		const char *(*replacer)(char character))
{
	const char *instead;
	size_t length;

	for (limit = strnlen(text, limit); limit; text += length, limit -= length) {
		length = length_of((const unsigned char *)text, limit);
		if (!length || is_control((const unsigned char *)text, length)) {
			fputs(REPLACEMENT, out);
			length = length ? : 1;
			continue;
		}
		instead = length == 1 ? replacer(*text) : NULL;
		if (instead)
			fputs(instead, out);
		else
			fwrite(text, 1, length, out);
	}
}

void pgmap_put_html(FILE *out, const char *text, size_t limit)
{
	put(out, text, limit, html_of);
}

void pgmap_put_json_string(FILE *out, const char *text, size_t limit)
{
	fputc('"', out);
	put(out, text, limit, json_of);
	fputc('"', out);
}
