#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The debug kernel's checkers are alive: what they find fails a run.
# timeout: 480
set -eu
. "$(dirname "$0")/lib.sh"

plan 7
guest --kernel debug --kmemleak -- cat /proc/lockdep_stats
is "a boot and a clean end report nothing" "$rc" 0
[ "$rc" -eq 0 ] || diag "$err"
like "lockdep is still on after the boot" "$out" 'debug_locks: *1'
guest_script --kernel debug <<'END'
modprobe lkdtm
for crime in READ_AFTER_FREE ARRAY_BOUNDS; do
	echo $crime >/sys/kernel/debug/provoke-crash/DIRECT || true
done
END
is "reports of the checkers fail the run" "$rc" 122
like "KASAN's is printed" "$err" 'BUG: KASAN: .*use-after-free'
like "UBSAN's is printed" "$err" 'UBSAN: array-index-out-of-bounds'
guest --kernel debug --kmemleak -- modprobe kmemleak-test
is "a leak fails the run" "$rc" 122
like "the leaked object is printed" "$err" 'unreferenced object 0x'
