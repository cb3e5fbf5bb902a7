#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# P3: each allocation of a bind fails once. The bind then fails as a whole, leaves nothing
# in /proc/iomem, and the next bind succeeds. With FAILURES_KERNEL=debug also under KASAN and
# lockdep, and no memory is left either (tests/slow/failures-debug.t). x86's add_pages() warns
# when struct pages cannot be allocated; that is all that may be seen.
# timeout: 500
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
. "$(dirname "$0")/../soak/failures.sh"
kernel=${FAILURES_KERNEL:-pgmap}
build_modules "$kernel"
leaks=()
[ "$kernel" != debug ] || leaks=(--kmemleak)
in_guest --kernel "$kernel" --hmm "${leaks[@]}" --timeout 1000 \
	--allow 'at arch/x86/mm/init_64.c:.* add_pages'

every() {
	failures_of "$1"
	is "P3: after each failed $2 nothing is left and a plain one succeeds" "$bad" ""
	ok "P3: $2: $failures failed out of $tried" [ "$failures" -ge 2 ]
	diag "$2: $failures failed, $((tried - 1)) allocations"
}

dmesg -n 1
iomem=$(cat /proc/iomem)
failures_begin
plan 10
every bind "bind of a driver on hmm_devmem_add"
every GENERIC "add of a GENERIC pagemap"
every COHERENT "add of a COHERENT pagemap"
every FS_DAX "add of an FS_DAX pagemap"
ok "the modules can be removed" failures_end
is "/proc/iomem is as in the beginning" "$(cat /proc/iomem)" "$iomem"
