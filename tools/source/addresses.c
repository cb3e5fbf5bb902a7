// SPDX-License-Identifier: GPL-2.0-only
/* Open addressing, at most half full. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "addresses.h"

enum { FIRST_ROOM = 64 };

/* Where @address is or has to be. */
static __u64 *place_of(const struct pgmap_addresses *addresses, __u64 address)
{
	/* structs are aligned, so the low bits say nothing: spread by Fibonacci hashing */
	size_t at = address * 0x9e3779b97f4a7c15ULL >> 32;

	for (at &= addresses->room - 1; addresses->all[at] && addresses->all[at] != address;)
		at = (at + 1) & (addresses->room - 1);
	return &addresses->all[at];
}

static int grow(struct pgmap_addresses *addresses)
{
	struct pgmap_addresses more = {
		.nr = addresses->nr,
		.room = addresses->room ? 2 * addresses->room : FIRST_ROOM,
	};
	size_t at;

	more.all = calloc(more.room, sizeof(*more.all));
	if (!more.all)
		return -ENOMEM;
	for (at = 0; at < addresses->room; at++)
		if (addresses->all[at])
			*place_of(&more, addresses->all[at]) = addresses->all[at];
	free(addresses->all);
	*addresses = more;
	return 0;
}

int pgmap_addresses_note(struct pgmap_addresses *addresses, __u64 address)
{
	__u64 *place;

	if (addresses->room && *place_of(addresses, address) == address)
		return 0;
	if (2 * (addresses->nr + 1) > addresses->room && grow(addresses))
		return -ENOMEM;
	place = place_of(addresses, address);
	*place = address;
	addresses->nr++;
	return 1;
}

void pgmap_addresses_free(struct pgmap_addresses *addresses)
{
	free(addresses->all);
	memset(addresses, 0, sizeof(*addresses));
}
