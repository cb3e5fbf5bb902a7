/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel addresses as people read them: function and offset from kallsyms, file
 * and line from debug info where that is at hand. Nothing is read before the
 * first question, whatever is missing leaves its part of the answer out, and an
 * answer stays the same also when its module has been unloaded since.
 */
#ifndef PGMAP_SYMBOLS_H
#define PGMAP_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

enum { PGMAP_FRAME_LEN = 256 };

struct pgmap_symbols_options {
	/* vmlinux with debug info, or a directory of it and modules; NULL: the usual places */
	const char *debuginfo;
	/* instead of /proc/kallsyms and /proc/modules, for tests; NULL otherwise */
	const char *kallsyms;
	const char *modules;
};

struct pgmap_symbols;

/* Strings live as long as the symbols. */
struct pgmap_frame {
	__u64 address;
	const char *function;	/* NULL: not known, as the rest */
	const char *module;	/* NULL: the kernel itself */
	__u64 offset;
	__u64 size;		/* of the function; 0: not known */
	const char *file;	/* NULL: no debug info */
	__u32 line;
};

/* Returns 0 or -ENOMEM; @options may be NULL, strings in it must stay. */
int pgmap_symbols_open(struct pgmap_symbols **symbols,
		       const struct pgmap_symbols_options *options);

/*
 * Of a return address, as all frames of a stack are: the line is that of the
 * call. @symbols NULL: the address alone.
 */
void pgmap_symbols_frame(struct pgmap_symbols *symbols, __u64 address, struct pgmap_frame *frame);

/* "function+0x1f/0x80 [module] file:line", of which parts may be missing, or the address. */
void pgmap_symbols_text(const struct pgmap_frame *frame, char text[PGMAP_FRAME_LEN]);

/* Address of what has this name in the kernel itself, code or data; 0: not known or not unique. */
__u64 pgmap_symbols_address(struct pgmap_symbols *symbols, const char *name);

/* The same, of data only: functions may have the name too. */
__u64 pgmap_symbols_data(struct pgmap_symbols *symbols, const char *name);

/*
 * The module that has @address in it, empty for the kernel itself. Returns 0, or -ENOENT: not
 * known, or @size is too small.
 */
int pgmap_symbols_module(struct pgmap_symbols *symbols, __u64 address, char *module, size_t size);

/*
 * The same of a function's address, such as a callback's, by what is loaded now: that takes no
 * time, so that the answer is there before the module is gone.
 */
int pgmap_symbols_callback(struct pgmap_symbols *symbols, __u64 address, char *module,
			   size_t size);

/* Why functions or lines are missing, NULL if nothing is. One line, for people. */
const char *pgmap_symbols_missing(struct pgmap_symbols *symbols);

/*
 * Gives back the memory of all names, which are read anew at the next question. Answers that
 * have been given stay. Takes NULL.
 */
void pgmap_symbols_rest(struct pgmap_symbols *symbols);

/* Takes NULL. */
void pgmap_symbols_free(struct pgmap_symbols *symbols);

#endif
