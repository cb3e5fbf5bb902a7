#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Files stay small: 400 lines, kernel/memremap.c at most 530.
set -eu
. "$(dirname "$0")/lib.sh"

limit() {
	case $1 in
	kernel/memremap.c) echo 530 ;;
	*) echo 400 ;;
	esac
}

mapfile -t files < <(our_files '*.c' '*.h' '*.sh' '*.t' '*.awk' guest tests/run)
plan ${#files[@]}
for file in "${files[@]}"; do
	lines=$(wc -l <"$top/$file")
	ok "$lines lines: $file" [ "$lines" -le "$(limit "$file")" ]
done
