#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Core and the predicates agree on all short sequences of events, and the comparison
# sees it when one rule is missing on either side.
set -eu
. "$(dirname "$0")/../guest/lib.sh"

on_host make -s -C "$top/tools" enumerate

# enumerate OPTIONS ...: rc and out
enumerate() {
	rc=0
	out=$("$top/.output/enumerate" "$@" 2>&1) || rc=$?
}

# agrees NAME OPTIONS ...: no sequence is judged in two ways; says how many there were
agrees() {
	local name=$1

	shift
	enumerate "$@"
	is "$name" "$rc $(tail -n 1 <<<"$out")" "0 1..1"
	diag "$out"
}

# differs NAME RULE OPTIONS ...: and the mismatch is about that rule
differs() {
	local name=$1 rule=$2

	shift 2
	enumerate "$@"
	like "$name" "exit $rc $(grep -A 20 '^# mismatch' <<<"$out")" "^exit 1 .*mismatch"
	like "... and it is shown" "$out" "$rule"
}

mapfile -t rules < <(grep -o 'PGMAP_RULE_[A-Z_]*, [a-z]' "$top/tests/enumerate/predicates.c" |
	sed 's/PGMAP_RULE_//; s/,.*//')

# and those that only come with time and the end
later=(KILL_STALL RELEASE_STALL LEAK)

plan $((4 + 4 * (${#rules[@]} + ${#later[@]})))
agrees "all sequences up to length 6" 6
agrees "all sequences up to length 5, those that begin with B too" --both-first 5
agrees "all sequences up to length 5 with waiting, early adds and an end" --more 5
is "eleven rules have a predicate" "${#rules[@]}" 11
for rule in "${rules[@]}"; do
	differs "the predicates forget $rule" "$rule" --leave-out "$rule" 3
	differs "core forgets $rule" "$rule" --disable "$rule" 3
done
for rule in "${later[@]}"; do
	differs "the predicates forget $rule" "$rule" --more --leave-out "$rule" 3
	differs "core forgets $rule" "$rule" --more --disable "$rule" 3
done
