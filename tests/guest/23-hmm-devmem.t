#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# mm/hmm.c seen from a driver: pages go out to pgmap_hmm's memory and come back
# by faults, which are in the table, in JSON, and under the filters.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest --hmm

# report OPTION ...: the report's JSON of one run of 64 pages, three times out and back
report() {
	rc=0
	"$pgmapstat" check --json "$@" -- "$modules/hmm_touch" 0 64 3 >"$scratch/json" || rc=$?
}

# json EXPRESSION: of the report's object r
json() {
	"${python[@]}" -c 'import json, sys
r = [json.loads(line) for line in open(sys.argv[1])][-1]
used = [p for p in r["pagemaps"] if p["faults"]]
print(eval(sys.argv[2]))' "$scratch/json" "$1"
}

plan 17
"$pgmapstat" check -- bash -c "insmod '$modules/pgmap_hmm.ko' devices=2 && '$modules/hmm_touch' 0 64 3" \
	>"$scratch/out"
like "the table has driver and device" "$(cat "$scratch/out")" \
	'^0xf[0-9a-f]{15} +1 PRIVATE +pgmap_hmm +pgmap_hmm\.0 .* LIVE$'
is "allocs, frees and faults of device 0" \
	"$(grep -A1 ' pgmap_hmm\.0 ' "$scratch/out" | awk 'NR == 2 { print $3, $4, $5 }')" "192 192 192"
is "device 1 is idle" \
	"$(grep -A1 ' pgmap_hmm\.1 ' "$scratch/out" | awk 'NR == 2 { print $3, $4, $5 }')" "0 0 0"
like "the latency is there" "$(grep -A1 ' pgmap_hmm\.0 ' "$scratch/out" | tail -n 1)" \
	' 192 +[0-9.]+[um]s +[0-9.]+[um]s +[0-9.]+[um]s '

report
is "older pagemaps are taken over" "$rc $(json 'r["verdict"]')" "0 clean"
is "they are UNKNOWN and partial" "$(json '[(p["state"], p["partial"]) for p in r["pagemaps"]]')" \
	"[('UNKNOWN', True), ('UNKNOWN', True)]"
is "driver and device are known all the same" "$(json 'used[0]["driver"], used[0]["device"]')" \
	"('pgmap_hmm', 'pgmap_hmm.0')"
is "counted from then on" "$(json 'r["totals"]["faults"]')" 192
is "the percentiles are in order" "$(json '(lambda p: 0 < p["fault_p50_ns"] <= p["fault_p99_ns"] <= p["fault_max_ns"])(used[0])')" True

report -D pgmap_hmm
is "-D its driver shows it" "$(json 'r["totals"]["faults"]')" 192
address=$(json 'used[0]["pgmap"]')
report -D other
is "-D another driver does not" "$(json 'r["totals"]["faults"], len(r["pagemaps"])')" "(0, 0)"
report -t PRIVATE
is "-t PRIVATE shows it" "$(json 'r["totals"]["faults"]')" 192
report -t COHERENT
is "-t COHERENT does not" "$(json 'len(r["pagemaps"])')" 0
report -p "$address"
is "-p its address shows it" "$(json 'r["totals"]["faults"]')" 192
report -p 0xffff888000000040
is "-p another address does not" "$(json 'len(r["pagemaps"])')" 0

"$pgmapstat" check --json -- rmmod pgmap_hmm >"$scratch/json"
is "unloading releases both" "$(json '[p["state"] for p in r["pagemaps"]]')" \
	"['RELEASED', 'RELEASED']"
is "and nothing is wrong" "$(json 'r["verdict"]')" clean
