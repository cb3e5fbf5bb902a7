#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The help and the README know every verb.
set -eu
. "$(dirname "$0")/lib.sh"
build_tool
verbs=$(sed -n 's/^	\.name = "\([a-z]*\)".*/\1/p' "$top"/tools/verbs/*.c | grep -v '^top$' | sort)

plan 3
ok "there are verbs" [ "$(wc -l <<<"$verbs")" -gt 1 ]
is "the help lists each" \
	"$("$pgmapstat" --help | sed -n 's/^.* pgmapstat \([a-z]*\)  .*/\1/p' | grep -v '^top$' | sort)" \
	"$verbs"
is "the README names each" \
	"$(grep -oE 'pgmapstat (-[^ ]+ )*[a-z]+' "$top/README.md" | sed 's/.* //' | sort -u |
		grep -xF "$verbs" || true)" "$verbs"
