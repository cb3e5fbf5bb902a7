#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# cppcheck finds nothing in the programs that run in user space.
set -eu
. "$(dirname "$0")/lib.sh"

mapfile -t files < <(our_files 'tools/*.c' 'guest/init/*.c')
plan ${#files[@]}
for file in "${files[@]}"; do
	ok "cppcheck: $file" cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --library=posix,gnu,bsd \
		--enable=warning,performance,portability -D_GNU_SOURCE \
		-I "$top/include" -I "$top/tools" "$top/$file"
done
