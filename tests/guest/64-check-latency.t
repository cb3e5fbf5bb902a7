#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# make check-latency gives no alarm for the kernel as it is, and one for a kernel whose fault
# path is 5 % longer, each time (REPEATS, 2 of each).
# timeout: 900
set -eu
. "$(dirname "$0")/lib.sh"
repeats=${REPEATS:-2}

# measure NAME CODE [OPTION ...]: what check-latency says, and that it ends with CODE
measure() {
	local name=$1 want=$2 code=0

	shift 2
	"$top/tests/bench/latency" "$@" >"$scratch/out" 2>"$scratch/err" || code=$?
	is "$name" "$code" "$want"
	[ "$code" -eq "$want" ] || diag "$(cat "$scratch/err" "$scratch/out")"
}

plan $((2 * repeats + 3))
like "the baseline is one of this tool" "$(cat "$top/tests/bench/baseline.json")" '"kind": "latency"'
for i in $(seq "$repeats"); do
	measure "as it is: no alarm ($i)" 0
done
like "it has compared" "$(cat "$scratch/out")" 'fault +mean .* same$'
for i in $(seq "$repeats"); do
	measure "5 % longer: an alarm ($i)" 2 --patch "$top/tests/bench/slower-fault.patch"
done
like "by so much" "$(cat "$scratch/out")" 'fault +mean .* 1\.0[456][0-9] .* slower$'
