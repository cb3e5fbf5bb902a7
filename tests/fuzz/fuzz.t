#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Streams of events, lost-event markers and reordering, made up by libFuzzer, go through
# core and both views without a crash, a leak or undefined behaviour.
# timeout: 400
set -eu
. "$(dirname "$0")/../guest/lib.sh"

# so many inputs in make check, or for so long (FUZZ_SECONDS)
limit=(-runs="${FUZZ_RUNS:-3000}")
[ -z "${FUZZ_SECONDS:-}" ] || limit=(-max_total_time="$FUZZ_SECONDS" -runs=-1)

on_host make -s -C "$top/tools" fuzz
fuzz=$top/.output/fuzz
# what was found in longer runs is begun with the next time; a make clean forgets it
corpus=$scratch/corpus
[ -z "${FUZZ_SECONDS:-}" ] || corpus=$fuzz/corpus
mkdir -p "$scratch/seeds" "$corpus"
"$fuzz/seeds" "$scratch/seeds"

# little memory is kept from being used again: most of the time would go into getting more
asan=detect_leaks=1:quarantine_size_mb=1:thread_local_quarantine_size_kb=64:malloc_context_size=6

# run OPTIONS ...: rc and out
run() {
	rc=0
	out=$(ASAN_OPTIONS=$asan "$fuzz/fuzz" -max_len=1024 -timeout=60 \
		-artifact_prefix="$top/.output/tests/fuzz-" -print_final_stats=1 "$@" 2>&1) || rc=$?
}

# stat NAME: of libFuzzer's statistics
stat() {
	sed -n "s/^stat::$1: *//p" <<<"$out"
}

mkdir -p "$top/.output/tests"
plan 4
run -seed=1 "${limit[@]}" "$corpus" "$scratch/seeds"
is "nothing found" "$rc" 0
if [ "$rc" -eq 0 ]; then
	diag "$(stat number_of_executed_units) inputs, $(stat new_units_added) of them new," \
		"coverage $(grep -o 'cov: [0-9]*' <<<"$out" | tail -n 1)"
else
	diag "$(grep -v '^#' <<<"$out")"
fi
ok "as many inputs as were asked for" \
	[ "$(stat number_of_executed_units)" -ge "${FUZZ_RUNS:-3000}" ]

PGMAP_FUZZ_LEAK=1 run -runs=1 "$scratch/seeds/whole_lives"
isnt "a leak is a failure" "$rc" 0
like "... and is seen as one" "$out" 'LeakSanitizer: detected memory leaks'
