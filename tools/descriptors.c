// SPDX-License-Identifier: GPL-2.0-only
/* The soft limit of open files, raised to the hard one for this process alone. */
#include <stdbool.h>
#include <sys/resource.h>

#include "descriptors.h"

static struct rlimit before;
static bool is_raised;

void pgmap_descriptors_raise(void)
{
	struct rlimit most;

	if (getrlimit(RLIMIT_NOFILE, &before) || before.rlim_cur >= before.rlim_max)
		return;
	most = before;
	most.rlim_cur = most.rlim_max;
	is_raised = !setrlimit(RLIMIT_NOFILE, &most);
}

void pgmap_descriptors_restore(void)
{
	/* lower is always allowed */
	if (is_raised)
		setrlimit(RLIMIT_NOFILE, &before);
}
