#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# hmm-tests on our core under KASAN, lockdep, DEBUG_VM, DEBUG_OBJECTS and kmemleak:
# no report, no leak, also after test_hmm is gone.
# timeout: 2500
set -eu
. "$(dirname "$0")/../guest/lib.sh"

hmm_tests=$("$top/guest/selftests")

plan 3
# each case has 30 seconds, which the checkers on a busy machine can use up
export PATIENCE=10
guest_script --kernel debug "${hmm_guest[@]}" --kmemleak "${hmm_leaks[@]}" --timeout 2400 <<END
"$top/guest/hmm-setup"
"$hmm_tests" || true
modprobe -r test_hmm
grep -c hmm_dmirror /proc/iomem || true
END
is "the debug kernel reports nothing" "$rc" 0
[ "$rc" -eq 0 ] || diag "$err"
like "all cases pass" "$out" '^# PASSED: ([0-9]+) / \1 tests passed'
is "removing test_hmm leaves no entry in /proc/iomem" "$(tail -n 1 <<<"$out")" 0
