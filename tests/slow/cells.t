#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The comparison of core with the predicates sees any one cell of the automaton's
# table that is changed: another next state, another rule.
# timeout: 1800
set -eu
. "$(dirname "$0")/../guest/lib.sh"

table=include/pgmap/lifetime.h
mapfile -t cells < <(grep -n '^[[:space:]]*\[PGMAP_STEP_.*= PGMAP_' "$top/$table" | cut -d: -f1)

# compile SOURCE OBJECT: with the include directory in scratch
compile() {
	gcc -std=gnu11 -D_GNU_SOURCE -I"$scratch/include" -I"$top/tools" -c "$1" -o "$scratch/$2"
}

# with LINE EDIT: builds and runs the comparison with the table's LINE changed by a sed command
with() {
	local source

	sed "$1{$2}" "$top/$table" >"$scratch/$table"
	if cmp -s "$top/$table" "$scratch/$table"; then
		echo "line $1 is as it was"
		return 1
	fi
	for source in "${users[@]}"; do
		compile "$source" "$(basename "$source").o" || return
	done
	gcc "$scratch"/*.o -Wl,--wrap={malloc,calloc,realloc,reallocarray,free} \
		-o "$scratch/enumerate" || return
	out=$("$scratch/enumerate" 5 2>&1)
	grep -q '^# mismatch' <<<"$out"
}

# name LINE: state and step of a cell
name() {
	awk -v line="$1" '
		match($0, /\[PGMAP_STATE_[A-Z]*\]/) { state = substr($0, RSTART + 13, RLENGTH - 14) }
		NR == line && match($0, /\[PGMAP_STEP_[A-Z_]*\]/) {
			print state ", " substr($0, RSTART + 12, RLENGTH - 13)
		}' "$top/$table"
}

mkdir "$scratch/include"
cp -r "$top/include/pgmap" "$scratch/include/"
mapfile -t users < <(grep -l 'pgmap_transition' "$top"/tools/core/*.c)
for source in "$top"/tools/core/*.c "$top"/tests/enumerate/*.c; do
	compile "$source" "$(basename "$source").o"
done

# the next state, whatever it is, becomes another one
states='s/(UNKNOWN/(LIVE/;t;s/(LIVE/(KILLED/;t;s/(KILLED/(DRAINED/;t;s/(DRAINED/(RELEASED/;t;s/(RELEASED/(LIVE/'
# one that no cell names: what the cell says and what core adds to it are not the same
rules='s/BAD(\(.*\), .*, \(.*\))/BAD(\1, KILL_STALL, \2)/;t'
rules+=';s/GO(\(.*\))/BAD(\1, KILL_STALL, ERROR)/;t;s/BORN(\(.*\))/BORN_BAD(\1, KILL_STALL, ERROR)/'

plan $((1 + 2 * ${#cells[@]}))
is "five states of nine steps" "${#cells[@]}" 45
for line in "${cells[@]}"; do
	cell=$(name "$line")
	ok "$cell: another state" with "$line" "$states"
	ok "$cell: another rule" with "$line" "$rules"
done
