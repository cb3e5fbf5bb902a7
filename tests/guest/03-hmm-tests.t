#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kernel's hmm-tests on all four test_hmm devices: nothing is skipped, nothing
# fails, and our kernel passes each case that the stock kernel passes.
# timeout: 400
set -eu
. "$(dirname "$0")/lib.sh"

hmm_tests=$("$top/guest/selftests")

# run_on KERNEL: its results as "ok NAME" and "not ok NAME" lines in KERNEL.tap
run_on() {
	guest_script --kernel "$1" "${hmm_guest[@]}" --timeout 550 <<END
"$top/guest/hmm-setup"
"$hmm_tests"
END
	cp "$scratch/out" "$scratch/$1.log"
	sed -nE 's/^(ok|not ok) +[0-9]+ +(- )?/\1 /p' "$scratch/$1.log" | LC_ALL=C sort \
		>"$scratch/$1.tap"
}

cases() {
	grep -c '' "$scratch/$1.tap" || true
}

plan 7
for kernel in stock pgmap; do
	run_on "$kernel"
	is "hmm-tests pass on $kernel ($(cases "$kernel") cases)" \
		"$rc $(grep '^not ok' "$scratch/$kernel.tap")" "0 "
	[ "$rc" -eq 0 ] || diag "$err"
	unlike "no case is skipped on $kernel" "$(cat "$scratch/$kernel.tap")" 'SKIP'
done
like "cases run on PRIVATE and on COHERENT devices" \
	"$(grep -c device_private "$scratch/pgmap.tap") $(grep -c device_coherent \
		"$scratch/pgmap.tap")" '^[1-9][0-9]+ [1-9][0-9]+$'
is "each case is run once on both kernels" "$(sed 's/^not //' "$scratch/stock.tap")" \
	"$(sed 's/^not //' "$scratch/pgmap.tap")"
is "what passes on stock passes on pgmap" \
	"$(LC_ALL=C comm -23 <(grep '^ok' "$scratch/stock.tap") \
		<(grep '^ok' "$scratch/pgmap.tap"))" ""
