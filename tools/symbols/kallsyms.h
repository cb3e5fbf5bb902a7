/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's own table of symbols: address -> name, name -> address. */
#ifndef PGMAP_SYMBOLS_KALLSYMS_H
#define PGMAP_SYMBOLS_KALLSYMS_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

struct pgmap_symbol {
	__u64 address;
	const char *name;
	const char *module;	/* NULL: the kernel itself */
	bool is_data;
};

struct pgmap_kallsyms {
	struct pgmap_symbol *all;	/* in order of address, of equal ones as they came */
	size_t nr;
	size_t room;
	char *text;			/* what the names point into */
};

/*
 * One line of the table, which it cuts into pieces. Returns 0, or -EINVAL: not such a
 * line, or without an address, as everybody but root sees it.
 */
int pgmap_kallsyms_line(char *line, struct pgmap_symbol *symbol);

/* Reads all of @fd, from its beginning. Returns 0 or a negative errno; -EPERM: hidden. */
int pgmap_kallsyms_read(struct pgmap_kallsyms *kallsyms, int fd);

/* The last symbol at or below @address, and where the next one begins, 0: no next. NULL: none. */
const struct pgmap_symbol *pgmap_kallsyms_at(const struct pgmap_kallsyms *kallsyms,
					     __u64 address, __u64 *end);

/* The address of @name in the kernel itself; 0 if there is none or more than one. */
__u64 pgmap_kallsyms_address(const struct pgmap_kallsyms *kallsyms, const char *name);

/* The same, of data only: functions may have the name too. */
__u64 pgmap_kallsyms_data(const struct pgmap_kallsyms *kallsyms, const char *name);

/* Leaves it empty. */
void pgmap_kallsyms_free(struct pgmap_kallsyms *kallsyms);

#endif
