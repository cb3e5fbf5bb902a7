#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The debug kernel's checkers are alive: what they find fails a run.
# timeout: 600
set -eu
. "$(dirname "$0")/lib.sh"

provoke=(bash -c 'modprobe lkdtm; echo "$0" >/sys/kernel/debug/provoke-crash/DIRECT || true')

plan 5
guest --kernel debug --kmemleak -- true
is "a boot and a clean end report nothing" "$rc" 0
[ "$rc" -eq 0 ] || diag "$err"
guest --kernel debug -- "${provoke[@]}" READ_AFTER_FREE
is "a KASAN report fails the run" "$rc" 122
like "the KASAN report is printed" "$err" 'BUG: KASAN: .*use-after-free'
guest --kernel debug -- "${provoke[@]}" ARRAY_BOUNDS
is "a UBSAN report fails the run" "$rc" 122
guest --kernel debug -- cat /proc/lockdep_stats
like "lockdep is still on after the boot" "$out" 'debug_locks: *1'
