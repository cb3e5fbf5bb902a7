#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Four observers of one run of hmm-tests, at once: pgmapstat, hist triggers in
# the kernel, trace-cmd record and perf record count the same events.
# timeout: 600
set -eu
. "$(dirname "$0")/lib.sh"
build_tool
on_host "$top/guest/selftests"
in_guest "${hmm_guest[@]}" --timeout 500

tracing=/sys/kernel/tracing
events=(pgmap_page_alloc pgmap_page_free pgmap_fault_enter pgmap_fault_exit)
keys=(allocs frees fault_enters faults)

# json FILE EXPRESSION: of the report's object r
json() {
	"${python[@]}" -c 'import json, sys
r = [json.loads(line) for line in open(sys.argv[1])][-1]
print(eval(sys.argv[2]))' "$1" "$2"
}

hist_count() {
	awk '/ Hits:/ { hits = $2 } / Dropped:/ { dropped = $2 }
		END { print hits (dropped ? " and dropped " dropped : "") }' \
		"$tracing/events/memremap/$1/hist"
}

# by_page EVENT FILE: how often each page frame is in the records of EVENT
by_page() {
	sed -n "s/.* \(memremap:\)\?$1: .* pfn=\(0x[0-9a-f]*\).*/\2/p" "$2" | sort | uniq -c
}

plan 19
load_test_hmm
for event in "${events[@]}"; do
	echo 'hist:keys=pgmap' >"$tracing/events/memremap/$event/trigger"
done
rc=0
"$pgmapstat" check --json -- \
	trace-cmd record -q -b 16384 -e memremap -o "$scratch/trace.dat" \
	perf record -q -m 4096 -a -e 'memremap:*' -o "$scratch/perf.data" \
	"$("$top/guest/selftests")" >"$scratch/out" 2>"$scratch/err" || rc=$?
is "hmm-tests passes, the verdict is clean" "$rc" 0
grep '^{"schema"' "$scratch/out" >"$scratch/report" || true
is "pgmapstat lost nothing" "$(json "$scratch/report" 'sum(r["lost"].values())')" 0
trace-cmd report -i "$scratch/trace.dat" >"$scratch/trace" 2>/dev/null
# no page is allocated twice at one nanosecond on one CPU: two such records are one event
perf script -i "$scratch/perf.data" --ns -F cpu,time,event,trace 2>/dev/null |
	sort -u >"$scratch/perf"

for i in "${!events[@]}"; do
	count=$(json "$scratch/report" "r['totals']['${keys[i]}']")
	ok "${events[i]}: pgmapstat saw $count" [ "$count" -gt 1000 ]
	is "${events[i]}: hist as pgmapstat" "$(hist_count "${events[i]}")" "$count"
	is "${events[i]}: trace-cmd as pgmapstat" \
		"$(grep -c " ${events[i]}:" "$scratch/trace")" "$count"
	of_perf=$(grep -c "memremap:${events[i]}:" "$scratch/perf" || true)
	is "${events[i]}: perf as pgmapstat" "$of_perf" "$count"
	[ "$of_perf" -eq "$count" ] || diag "pages of trace-cmd and of perf:" \
		"$(diff <(by_page "${events[i]}" "$scratch/trace") <(by_page "${events[i]}" "$scratch/perf"))"
done
is "every page was freed" "$(json "$scratch/report" 'r["totals"]["outstanding"]')" 0
