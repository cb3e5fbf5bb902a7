#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Includes cross between the rooms only as rooms.table says, and only the live
# source and the inspection know libbpf.
set -eu
. "$(dirname "$0")/lib.sh"

# allowed FILE: patterns of the headers it may include
allowed() {
	local pattern headers

	while read -r pattern headers; do
		# shellcheck disable=SC2053 # a pattern
		if [[ $1 == $pattern ]]; then
			echo "$headers"
			return
		fi
	done < <(grep -v '^#' "$top/tests/static/rooms.table")
}

# resolve FILE HEADER: the path of HEADER in the checkout, nothing if not ours
resolve() {
	local dir

	for dir in "${1%/*}" . include tools bpf; do
		if [ -f "$top/$dir/$2" ]; then
			realpath -s --relative-to="$top" "$top/$dir/$2"
			return
		fi
	done
}

# crossing FILE: each include that the table does not allow
crossing() {
	local header path pattern patterns fine

	read -ra patterns <<<"$(allowed "$1")"
	while read -r header; do
		path=$(resolve "$1" "$header")
		fine=
		for pattern in "${patterns[@]}"; do
			# shellcheck disable=SC2053 # a pattern
			[[ $path != $pattern ]] || fine=1
		done
		[ -z "$path" ] || [ -n "$fine" ] || echo "$1 includes $path"
	done < <(sed -n 's/^#include ["<]\([^">]*\)[">].*/\1/p' "$top/$1")
}

mapfile -t files < <(our_files 'tools/*.[ch]' 'bpf/*.[ch]' 'include/*.h' 'kernel/*.c' 'mm/*.c' \
	'guest/init/*.[ch]' 'tests/enumerate/*.[ch]' 'tests/fuzz/*.[ch]')
plan $((${#files[@]} + 1))
for file in "${files[@]}"; do
	is "includes of $file" "$(crossing "$file")" ""
done
mapfile -t knowing < <(cd "$top" && our_files 'tools/*.[ch]' |
	xargs -r grep -lE '^#include .*(libbpf\.h|bpf/bpf\.h|\.skel\.h)')
is "only the live source and the inspection know libbpf" "${knowing[*]}" \
	"tools/inspect/allocators.c tools/inspect/kernel.c tools/source/live.h"
