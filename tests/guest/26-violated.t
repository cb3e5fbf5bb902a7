#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A driver that maps with a struct it has never unmapped, as p2pdma did before its
# gen_pool_add_virt() fix of 2019: a violation, with the life that led to it.
# timeout: 180
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest --hmm

insmod "$modules/pgmap_poke.ko"
cat >"$scratch/careless" <<'END'
echo "add $1 4 $2 0x200000" >/dev/pgmap_poke
echo "forget $1" >/dev/pgmap_poke
echo "add $1 4 $3 0x200000" >/dev/pgmap_poke
END

plan 10
rc=0
"$pgmapstat" check -- sh "$scratch/careless" 0 0x140000000 0x142000000 >"$scratch/text" || rc=$?
text=$(cat "$scratch/text")
is "an add of an active pagemap: exit 2" "$rc" 2
like "the verdict is violated" "$text" '^verdict: violated'
like "the rule is named" "$text" 'ADD_ON_ACTIVE'
like "and the process" "$text" 'pgmap_add +generation 2, by sh/[0-9]+'

rc=0
"$pgmapstat" check --json -- sh "$scratch/careless" 1 0x144000000 0x146000000 \
	>"$scratch/json" || rc=$?
# shellcheck disable=SC2016 # python's
found=$("${python[@]}" -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
found = [line for line in lines if line["kind"] == "finding"]
print(lines[-1]["verdict"], len(found))
for f in found:
    print(f["rule"], f["severity"], f["generation"], f["comm"],
          [(e["event"], e["generation"]) for e in f["events"]])' "$scratch/json")
is "in JSON too: exit 2" "$rc" 2
like "violated, one finding" "$found" '^violated 1$'
like "an error of the second generation, by its process" "$found" '^ADD_ON_ACTIVE ERROR 2 sh '
like "with the first life before it" "$found" \
	"\[\('pgmap_add', 1\), \('pgmap_add', 2\)\]"
like "both generations are in the report" "$(tail -n 1 "$scratch/json")" '"generation": ?2'

rc=0
"$pgmapstat" check -- true >"$scratch/text" || rc=$?
is "a later run, which saw nothing of it, is clean" "$rc" 0
