#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What watching costs at the level that is always on: no page event leaves the
# kernel, and the maps take no more memory however many there are.
# timeout: 600
set -eu
. "$(dirname "$0")/lib.sh"
build_tool
on_host "$top/guest/selftests"
in_guest "${hmm_guest[@]}" --timeout 500

# Says how many bytes the maps of the programs take, runs hmm-tests, says it again.
cat >"$scratch/work" <<'END'
set -eu
bytes() {
	bpftool --json map list | /usr/bin/python3 -ISc 'import json, sys
for m in sorted(json.load(sys.stdin), key=lambda m: m["id"]):
    print(m["name"], m["bytes_memlock"])'
}
bytes >"$2/before"
"$1" >"$2/hmm-tests"
bytes >"$2/after"
END

# json EXPRESSION: of the report's object r
json() {
	"${python[@]}" -c 'import json, sys
r = [json.loads(line) for line in open(sys.argv[1])][-1]
print(eval(sys.argv[2]))' "$scratch/json" "$1"
}

names() {
	awk '{ print $1 }' "$scratch/before" | sort | tr '\n' ' '
}

plan 11
load_test_hmm
rc=0
"$pgmapstat" check --json -- bash "$scratch/work" "$("$top/guest/selftests")" "$scratch" \
	>"$scratch/json" || rc=$?
is "hmm-tests passes, the verdict is clean" "$rc $(json 'r["verdict"]')" "0 clean"
allocs=$(json 'r["totals"]["allocs"]')
ok "there were many page events ($allocs allocs)" [ "$allocs" -gt 20000 ]
for event in page_alloc page_free fault_enter fault_exit; do
	is "none of pgmap_$event was sent" "$(json "r['records']['pgmap_$event']")" 0
done
records=$(json 'sum(r["records"].values())')
ok "of the lifecycle, $records records" [ "$records" -gt 0 -a "$records" -lt 100 ]
like "the maps are there" "$(names)" 'counts .*events .*fault_starts .*latencies .*pgmaps .*sent '
unlike "those of --pages are not" "$(names)" 'pgmap_pages|pgmap_stacks'
faults=$(json 'r["totals"]["faults"]')
ok "$faults faults have been measured" [ "$faults" -gt 5000 ]
diag "$(awk '{ sum += $2 } END { print sum " bytes in all" }' "$scratch/before")"
is "and no map has grown" "$(cat "$scratch/after")" "$(cat "$scratch/before")"
