#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The mutants' table, their patches, the rules and docs/mutants.md speak of the same.
set -eu
. "$(dirname "$0")/lib.sh"

mutants=$top/tests/mutants
rules=$(sed -n 's/^	X(\([A-Z_]*\), [A-Z]*, [A-Z]*, [A-Z]*,.*/\1/p' "$top/include/pgmap/rules.h" | sort)
in_table=$(awk '/^[0-9]/ { print $1 }' "$mutants/table" | sort)
expected=$(awk '/^[0-9]/ { gsub("[|]", "\n", $2); print $2 }' "$mutants/table" | sort -u)
permitted=$(sed -n 's/^Also: \([^:]*\):.*/\1/p' "$mutants"/*.patch | sort -u)
scenarios=$(awk '/^[0-9]/ { print $3 }' "$mutants/table" | sort -u)
functions=$(sed -n 's/^\([a-z_]*\)() {/\1/p' "$mutants/scenarios" | sort)

plan 7
ok "at least 16 mutants" [ "$(wc -l <<<"$in_table")" -ge 16 ]
is "each patch is in the table" \
	"$(cd "$mutants" && printf '%s\n' *.patch | sed 's/\.patch$//' | sort)" "$in_table"
is "each rule has a mutant" "$expected" "$rules"
is "each side effect is a rule" "$(comm -23 <(echo "$permitted") <(echo "$rules"))" ""
is "each scenario is there" "$(comm -23 <(echo "$scenarios") <(echo "$functions"))" ""
is "each patch says on what it is modelled" "$(grep -L '^Model: ' "$mutants"/*.patch)" ""
is "docs/mutants.md lists them" \
	"$(sed -n 's/^| \([0-9][^ ]*\) |.*/\1/p' "$top/docs/mutants.md" | sort)" "$in_table"
