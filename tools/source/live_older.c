// SPDX-License-Identifier: GPL-2.0-only
/* Has the programs take over a pagemap whose add they have not seen. */
#include <errno.h>

#include "live.h"

int pgmap_live_adopt(struct pgmap_source *source, const struct pgmap_source_older *older)
{
	__u64 pgmap = older->pgmap;
	struct bpf_test_run_opts options = {
		.sz = sizeof(options), .ctx_in = &pgmap, .ctx_size_in = sizeof(pgmap)
	};
	int fd = bpf_program__fd(source->skeleton->progs.adopt);
	int err = bpf_prog_test_run_opts(fd, &options);

	return err ? err : (int)options.retval;
}
