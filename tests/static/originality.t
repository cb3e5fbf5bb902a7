#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kernel half is our own writing: a comparison with the tree's files.
# ORIGINALITY names the comparing program; it is not part of this project.
set -eu
. "$(dirname "$0")/lib.sh"

tool=${ORIGINALITY:-$top/../shared/tools/originality}
plan 1
if [ -x "$tool" ]; then
	cd "$top"
	ok "no file is close to the kernel's" "$tool" "$base"
else
	skip "no file is close to the kernel's" "no program in ORIGINALITY"
fi
