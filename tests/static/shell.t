#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every shell script is clean under shellcheck.
set -eu
. "$(dirname "$0")/lib.sh"

mapfile -t files < <(cd "$top" && our_files . | xargs grep -lE '^#!.*(bash|/sh)' -- | sort)
plan ${#files[@]}
for file in "${files[@]}"; do
	ok "shellcheck: $file" shellcheck -x "$top/$file"
done
