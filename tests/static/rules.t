#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# docs/rules.md has the rules as the tool has them.
set -eu
. "$(dirname "$0")/lib.sh"
build_tool

plan 2
is "the table is what pgmapstat rules --markdown prints" \
	"$(grep '^|' "$top/docs/rules.md")" "$("$pgmapstat" rules --markdown)"
is "every rule of the table is in it" "$(grep -cE '^\| [A-Z_]+ \|' "$top/docs/rules.md")" \
	"$(grep -cE '^	X\([A-Z_]+, (ALWAYS|CLOCK|END|PAGES|PROBE),' "$top/include/pgmap/rules.h")"
