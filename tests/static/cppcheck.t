#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# cppcheck finds nothing in the programs that run in user space.
set -eu
. "$(dirname "$0")/lib.sh"

# cppcheck reads no system headers, but must know what TAILQ_FOREACH does
queue_h=$(echo "#include <sys/queue.h>" | gcc -M -xc - | grep -o "/[^ ]*sys/queue.h")
mapfile -t files < <(our_files 'tools/*.c' 'guest/init/*.c')
plan ${#files[@]}
for file in "${files[@]}"; do
	ok "cppcheck: $file" cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --include="$queue_h" \
		--enable=warning,performance,portability -D_GNU_SOURCE \
		-I "$top/include" -I "$top/tools" "$top/$file"
done
