#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every C file and header is clean under the kernel's checkpatch.pl --strict.
# timeout: 900
set -eu
. "$(dirname "$0")/lib.sh"

# ignored FILE: the types that the table takes out for it, separated by commas
ignored() {
	local pattern types

	while read -r pattern types _; do
		# shellcheck disable=SC2053 # a pattern
		[[ $1 != $pattern ]] || printf '%s,' "$types"
	done < <(grep -v '^#' "$top/tests/static/checkpatch.table")
}

check() {
	local skip
	local -a option=()

	skip=$(ignored "$1")
	[ -z "$skip" ] || option=(--ignore "${skip%,}")
	# it leaves a file of names in the current directory
	cd "$scratch"
	"$base/scripts/checkpatch.pl" --strict --quiet --terse --show-types --root "$base" \
		"${option[@]}" -f "$top/$1"
}

mapfile -t files < <(our_files '*.c' '*.h')
plan ${#files[@]}
for file in "${files[@]}"; do
	ok "checkpatch: $file" check "$file"
done
