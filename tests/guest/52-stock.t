#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A kernel without our tracepoints: trampolines are taken, and their counts and those of
# kprobes are the kernel's own, by ftrace's function profiler.
# timeout: 900
set -eu
. "$(dirname "$0")/lib.sh"
build_tool
on_host "$top/guest/selftests"
in_guest --kernel stock "${hmm_guest[@]}" --timeout 800

tracing=/sys/kernel/tracing
functions=(memremap_pages memunmap_pages dev_pagemap_percpu_release zone_device_page_init
	free_zone_device_folio)

# hits FUNCTION: how often it ran, on all CPUs
hits() {
	awk -v name="$1" '$1 == name { hits += $2 } END { print hits + 0 }' "$tracing"/trace_stat/function*
}

# each EXPRESSION: of the report r of each backend, the inner one first, on a line of its own
each() {
	grep '^{"schema".*"kind":"report"' "$scratch/out" | "${python[@]}" -c 'import json, sys
for line in sys.stdin:
    r = json.loads(line)
    print(eval(sys.argv[1]))' "$1"
}

# counted FUNCTION EXPRESSION: both backends counted as many of these as it ran
counted() {
	local count

	count=$(hits "$1")
	is "$1: $count times, as counted" "$(each "$2" | tr '\n' ' ')" "$count $count "
}

cat >"$scratch/hmm" <<'END'
set -eu
"$1/guest/hmm-setup"
"$("$1/guest/selftests")" >/dev/null
modprobe -r test_hmm
sleep 1
END

plan 19
"$pgmapstat" --check >"$scratch/check"
like "auto takes trampolines" "$(cat "$scratch/check")" '^backend +fentry '
like "and says why not the tracepoints" "$(cat "$scratch/check")" \
	'^tp_btf +not possible: this kernel has no tracepoint memremap:pgmap_add$'
like "no rule is off" "$(cat "$scratch/check")" '^rules_off +none$'
rc=0
"$pgmapstat" --backend tp_btf 1 1 >"$scratch/out" 2>"$scratch/err" || rc=$?
is "what is not possible is said in one line" "$rc $(cat "$scratch/err")" \
	"1 pgmapstat: backend tp_btf is not possible here: this kernel has no tracepoint memremap:pgmap_add"
echo "an older recording" >"$scratch/dat"
rc=0
"$pgmapstat" record -o "$scratch/dat" -- true >"$scratch/out" 2>"$scratch/err" || rc=$?
is "there is nothing to record, and what there was before stays" \
	"$rc $(cut -d : -f 1,2 "$scratch/err") $(cat "$scratch/dat")" \
	"1 pgmapstat: this kernel has no tracepoints of system memremap an older recording"
rc=0
"$pgmapstat" latency --by comm -D test_hmm -d 1s >"$scratch/out" 2>"$scratch/err" || rc=$?
like "what cannot be told by driver is not measured" "$rc $(cat "$scratch/err")" \
	'^1 pgmapstat: drivers are not named here while faults are counted: .*--by pgmap or driver$'

printf '%s\n' "${functions[@]}" >"$tracing/set_ftrace_filter"
# anew if the kernel has kept a program of kprobe from running, as in 51-backends.t
for try in 1 2 3; do
	echo 1 >"$tracing/function_profile_enabled"	# from 0 on
	rc=0
	"$pgmapstat" check --json --backend kprobe -- "$pgmapstat" check --json -- \
		bash "$scratch/hmm" "$top" >"$scratch/out" 2>"$scratch/err" || rc=$?
	echo 0 >"$tracing/function_profile_enabled"
	lost=$(each 'r["lost"]["program_skipped"]' | sed -n 2p)
	[ "${lost:-0}" != 0 ] || break
	diag "run $try: kprobe was kept from running $lost programs"
	[ "$(each 'r["verdict"]' | sed -n 2p)" != clean ] || bail "a run that lost events is clean"
done
is "hmm-tests passes, both are clean" "$rc $(each 'r["verdict"]' | tr '\n' ' ')" "0 clean clean "
is "nothing was lost" "$(each 'sum(r["lost"].values())' | tr '\n' ' ')" "0 0 "
is "six pagemaps lived and were released" \
	"$(each '[p["state"] for p in r["pagemaps"]].count("RELEASED")' | tr '\n' ' ')" "6 6 "
ok "of both types" [ "$(each 'sorted({p["type"] for p in r["pagemaps"]})' | uniq)" = \
	"['COHERENT', 'PRIVATE']" ]
counted memremap_pages 'r["records"]["pgmap_add"]'
counted memunmap_pages 'r["records"]["pgmap_kill"]'
counted memunmap_pages 'r["records"]["pgmap_release"]'
counted dev_pagemap_percpu_release 'r["records"]["pgmap_drained"]'
counted zone_device_page_init 'r["totals"]["allocs"]'
counted free_zone_device_folio 'r["totals"]["frees"]'
ok "pages came and went" [ "$(hits zone_device_page_init)" -gt 1000 ]
is "every page was freed" "$(each 'r["totals"]["outstanding"]' | tr '\n' ' ')" "0 0 "
is "both saw the same faults, more than 1000" \
	"$(each 'r["totals"]["faults"]' | uniq | awk '$1 > 1000' | wc -l)" 1
