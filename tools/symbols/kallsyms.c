// SPDX-License-Identifier: GPL-2.0-only
/* Reads /proc/kallsyms once, sorts it by address and looks things up in it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kallsyms.h"

int pgmap_kallsyms_line(char *line, struct pgmap_symbol *symbol)
{
	char *rest, *end;

	errno = 0;
	symbol->address = strtoull(line, &rest, 16);
	/* address, blank, type, blank, name */
	if (errno || !symbol->address || rest[0] != ' ' || !rest[1] || rest[2] != ' ' || !rest[3])
		return -EINVAL;
	symbol->is_data = strchr("bBdDrR", rest[1]);
	symbol->name = rest + 3;
	symbol->module = NULL;
	rest = strchr(symbol->name, '\t');
	if (!rest)
		return 0;
	*rest++ = 0;
	end = strchr(rest, ']');
	if (*rest != '[' || !end)
		return -EINVAL;
	*end = 0;
	symbol->module = rest + 1;
	return 0;
}

/* All of @fd as one string; the size of such files is not known beforehand. */
static char *read_all(int fd)
{
	size_t room = 1 << 22, used = 0;
	char *text = lseek(fd, 0, SEEK_SET) ? NULL : malloc(room + 1), *more;
	ssize_t got = 1;

	while (text && got > 0) {
		if (used == room) {
			more = realloc(text, 2 * room + 1);
			if (!more)
				break;
			text = more;
			room *= 2;
		}
		got = read(fd, text + used, room - used);
		used += got > 0 ? got : 0;
	}
	if (text && got) {	/* not to its end */
		free(text);
		text = NULL;
	}
	if (text)
		text[used] = 0;
	return text;
}

static int append(struct pgmap_kallsyms *kallsyms, const struct pgmap_symbol *symbol)
{
	size_t room = kallsyms->room ? 2 * kallsyms->room : 1 << 16;
	struct pgmap_symbol *all;

	if (kallsyms->nr == kallsyms->room) {
		all = realloc(kallsyms->all, room * sizeof(*all));
		if (!all)
			return -ENOMEM;
		kallsyms->all = all;
		kallsyms->room = room;
	}
	kallsyms->all[kallsyms->nr++] = *symbol;
	return 0;
}

/* Names point into one text in the order they came, which settles equal addresses. */
static int compare(const void *a, const void *b)
{
	const struct pgmap_symbol *one = a, *other = b;

	if (one->address != other->address)
		return one->address < other->address ? -1 : 1;
	return one->name < other->name ? -1 : one->name > other->name;
}

int pgmap_kallsyms_read(struct pgmap_kallsyms *kallsyms, int fd)
{
	struct pgmap_symbol symbol;
	char *line, *next;
	int err = 0;

	memset(kallsyms, 0, sizeof(*kallsyms));
	kallsyms->text = read_all(fd);
	if (!kallsyms->text)
		return errno ? -errno : -EIO;
	for (line = kallsyms->text; !err && *line; line = next) {
		next = strchrnul(line, '\n');
		if (*next)
			*next++ = 0;
		if (!pgmap_kallsyms_line(line, &symbol))
			err = append(kallsyms, &symbol);
	}
	if (!err && !kallsyms->nr)
		err = -EPERM;
	if (err)
		pgmap_kallsyms_free(kallsyms);
	else
		qsort(kallsyms->all, kallsyms->nr, sizeof(*kallsyms->all), compare);
	return err;
}

const struct pgmap_symbol *pgmap_kallsyms_at(const struct pgmap_kallsyms *kallsyms,
					     __u64 address, __u64 *end)
{
	size_t low = 0, high = kallsyms->nr, middle;

	/* afterwards @low is the first one above @address */
	while (low < high) {
		middle = low + (high - low) / 2;
		if (kallsyms->all[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	*end = low < kallsyms->nr ? kallsyms->all[low].address : 0;
	/* of several names the first, as the kernel does it */
	for (low--; low && kallsyms->all[low - 1].address == kallsyms->all[low].address; low--)
		;
	return &kallsyms->all[low];
}

static __u64 find_only(const struct pgmap_kallsyms *kallsyms, const char *name, bool only_data)
{
	const struct pgmap_symbol *symbol = kallsyms->all;
	__u64 address = 0;
	size_t i;

	for (i = 0; i < kallsyms->nr; i++, symbol++) {
		if (symbol->module || (only_data && !symbol->is_data) ||
		    strcmp(symbol->name, name))
			continue;
		if (address)
			return 0;
		address = symbol->address;
	}
	return address;
}

__u64 pgmap_kallsyms_address(const struct pgmap_kallsyms *kallsyms, const char *name)
{
	return find_only(kallsyms, name, false);
}

__u64 pgmap_kallsyms_data(const struct pgmap_kallsyms *kallsyms, const char *name)
{
	return find_only(kallsyms, name, true);
}

void pgmap_kallsyms_free(struct pgmap_kallsyms *kallsyms)
{
	free(kallsyms->all);
	free(kallsyms->text);
	memset(kallsyms, 0, sizeof(*kallsyms));
}
