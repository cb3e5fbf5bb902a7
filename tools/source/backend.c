// SPDX-License-Identifier: GPL-2.0-only
/* Names of the backends, as --backend takes them and --check shows them. */
#include <errno.h>
#include <string.h>

#include "source.h"

static const char *const names[PGMAP_NR_BACKENDS] = {
#define X(id, name)	\
	[PGMAP_BACKEND_##id] = name,
	PGMAP_BACKENDS(X)
#undef X
};

const char *pgmap_backend_name(enum pgmap_backend backend)
{
	return (unsigned int)backend < PGMAP_NR_BACKENDS ? names[backend] : "?";
}

int pgmap_backend_parse(const char *text, enum pgmap_backend *backend)
{
	int id;

	for (id = 0; id < PGMAP_NR_BACKENDS; id++) {
		if (strcmp(text, names[id]))
			continue;
		*backend = id;
		return 0;
	}
	return -EINVAL;
}
