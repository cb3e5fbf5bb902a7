#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The tracefs backend: without BPF it counts, judges and shows what tp_btf does of the same
# run, says what it lost, and leaves no instance behind, however it ends.
# timeout: 600
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
on_host "$top/guest/selftests"
in_guest "${hmm_guest[@]}" --timeout 500 --allow memremap_pages

instances=/sys/kernel/tracing/instances

# json FILE EXPRESSION: of the report's object r and all findings f of a run
json() {
	"${python[@]}" -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
r = lines[-1]
f = [line for line in lines if line["kind"] == "finding"]
print(eval(sys.argv[2]))' "$scratch/$1" "$2"
}

# watch OPTION ... -- COMMAND ...: under tracefs; the findings are in the file tracefs
watch() {
	rm -f "$scratch/tracefs"
	rc=0
	"$pgmapstat" check --backend tracefs --findings "$scratch/tracefs" "$@" \
		>"$scratch/out" 2>"$scratch/err" || rc=$?
}

# watch_both OPTION ... -- COMMAND ...: the same command under both at once
watch_both() {
	local options=()

	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	rm -f "$scratch/tp_btf"
	watch "${options[@]}" -- "$pgmapstat" check -q --backend tp_btf \
		--findings "$scratch/tp_btf" "${options[@]}" "$@"
}

# agree NAME EXPRESSION: it has the same value of both runs
agree() {
	is "$1" "$(json tracefs "$2")" "$(json tp_btf "$2")"
}

# what a run says of a pagemap, but for times that two clocks read at two moments
who='[(p["pgmap"], p["generation"], p["type"], p["driver"], p["device"], p["state"], p["node"],
	p["ranges"], p["nr_range"], p["pages"], p["setup_ns"], p["error"]) for p in r["pagemaps"]]'
counts='[(p["allocs"], p["frees"], p["fault_enters"], p["faults"], p["fault_errors"],
	p["outstanding"]) for p in r["pagemaps"]]'
# and of a finding, but for REF_IMBALANCE's page, which only those see who see each free
findings='[(x["rule"], x["severity"], x["state"], x["times"], x["pgmap"], x["generation"], x["comm"],
	x["error"], x["rule"] == "REF_IMBALANCE" or (x["pfn"], [e["event"] for e in x["events"]]))
	for x in f]'

gone() {
	[ -z "$(ls "$instances")" ]
}

only_ours() {
	[ "$(ls "$instances")" = "pgmapstat-tracefs-$tool" ]
}

recording() {
	[ "$(cat "$instances"/pgmapstat-tracefs-*/tracing_on 2>/dev/null)" = 1 ]
}

begin() {
	"$pgmapstat" check --backend tracefs -d 60 >"$scratch/out" 2>"$scratch/err" &
	tool=$!
	in_time 20 recording
}

insmod "$modules/pgmap_poke.ko"
cat >"$scratch/hmm" <<'END'
set -eu
"$1/guest/hmm-setup"
"$("$1/guest/selftests")" >/dev/null
modprobe -r test_hmm
END
cat >"$scratch/burst" <<'END'
kill -STOP $PPID
for i in $(seq 100); do
	echo "add 0 4 0x140000000 0x200000" >/dev/pgmap_poke
	echo "del 0" >/dev/pgmap_poke
done
kill -CONT $PPID
END
# the range that is forgotten stays taken: each run has one of its own
cat >"$scratch/wrong" <<'END'
for command in "claim 0 1 0x8000000" "hold 0" "put 0" "refree 0" "del 0" \
	"claim 1 1 0x8000000" "claim 2 1 0x8000000" "stray 1 2" "del 1" "del 2" \
	"add 3 4 $1 0x200000" "forget 3" "add 3 4 $2 0x200000" "del 3"; do
	echo "$command" >/dev/pgmap_poke
done
echo "add 0 9 0x140000000 0x200000" >/dev/pgmap_poke
true
END
cat >"$scratch/touch" <<'END'
set -eu
insmod "$1/pgmap_hmm.ko"
"$1/hmm_touch" 0 64 3
rmmod pgmap_hmm
END
cat >"$scratch/slow" <<'END'
set -eu
insmod "$1/pgmap_hmm.ko" fault_ms=4000
"$1/hmm_touch" 0 1 1
rmmod pgmap_hmm
END

plan 44
"$pgmapstat" --check --backend tracefs >"$scratch/check"
like "--check says which backend" "$(cat "$scratch/check")" '^backend +tracefs'
like "and what it lacks" "$(cat "$scratch/check")" '^stacks +none'
ok "and leaves no instance" gone

watch_both --pages -- bash "$scratch/hmm" "$top"
is "hmm-tests are clean under it" "$rc $(json tracefs 'r["verdict"]')" "0 clean"
agree "tp_btf says the same" 'r["verdict"]'
ok "of $(json tracefs 'len(r["pagemaps"])') pagemaps" [ "$(json tracefs 'len(r["pagemaps"])')" -eq 6 ]
agree "who they are" "$who"
ok "with $(json tracefs 'r["totals"]["allocs"]') allocs" \
	[ "$(json tracefs 'r["totals"]["allocs"]')" -gt 20000 ]
agree "and all of their counts" "$counts"
agree "and the totals" '{k: v for k, v in r["totals"].items()}'
is "nothing was lost" "$(json tracefs 'sum(r["lost"].values())')" 0
is "every page event was sent" "$(json tracefs 'r["records"]["pgmap_page_free"]')" \
	"$(json tp_btf 'r["totals"]["frees"]')"
is "every fault has a latency, and no other pagemap has" \
	"$(json tracefs '[(p["faults"] > 0) == (p["fault_p50_ns"] > 0) for p in r["pagemaps"]]')" \
	"[True, True, True, True, True, True]"

watch_both --pages -- bash "$scratch/wrong" 0x148000000 0x148400000
is "a driver that does wrong: exit 2" "$rc" 2
agree "both find the same" "sorted($findings)"
is "and much" "$(json tracefs 'sorted(x["rule"] for x in f)')" \
	"['ADD_FAILED', 'ADD_ON_ACTIVE', 'ALLOC_PGMAP_MISMATCH', 'DOUBLE_FREE', 'REF_IMBALANCE']"
is "what is not in records is not made up" "$(json tracefs 'sum(len(x["stack"]) for x in f)')" 0

watch_both --pages=16 -- bash "$scratch/touch" "$modules"
is "16 states are too few for 64 pages: exit 3" "$rc" 3
is "each page without a state is counted" "$(json tracefs 'r["lost"]["page_table_full"]')" 144
agree "as tp_btf counts it" 'r["lost"]["page_table_full"]'
watch_both --pages --stall-warn 1s -- bash "$scratch/slow" "$modules"
is "a fault open for 4 s is told of, once" \
	"$(json tracefs '[(x["rule"], x["comm"], x["times"], 1e9 <= x["for_ns"] < 4e9) for x in f]')" \
	"[('FAULT_NO_EXIT', 'hmm_touch', 1, True)]"
agree "as tp_btf tells it" '[(x["rule"], x["comm"], x["times"], x["address"], x["pfn"]) for x in f]'

watch --buffer 4096 -- bash "$scratch/burst"
is "a buffer of 4096 bytes overflows: exit 3" "$rc" 3
is "the verdict is inconclusive" "$(json tracefs 'r["verdict"], r["incomplete"]')" \
	"('inconclusive', True)"
ok "counted by cause" [ "$(json tracefs 'r["lost"]["ring_buffer_full"]')" -gt 10 ]
is "every record is either seen or lost" \
	"$(json tracefs 'sum(r["records"].values()) + sum(r["lost"].values())')" 400
watch -- bash "$scratch/burst"
is "the usual one holds it: exit 0" "$rc $(json tracefs 'sum(r["records"].values())')" "0 400"
is "a hundred generations at one address" \
	"$(json tracefs '[p["generation"] for p in r["pagemaps"]] == [*range(1, 101)]')" True

echo "add 1 4 0x140000000 0x200000" >/dev/pgmap_poke
watch -t GENERIC -D pgmap_poke -- bash -c 'echo "del 1" >/dev/pgmap_poke
	echo "claim 2 1 0x8000000" >/dev/pgmap_poke; echo "del 2" >/dev/pgmap_poke'
is "a pagemap that is older is seen" \
	"$(json tracefs '[(p["type"], p["driver"], p["partial"], p["state"]) for p in r["pagemaps"]]')" \
	"[('GENERIC', 'pgmap_poke', True, 'RELEASED')]"
is "what a filter hides never leaves the kernel" "$(json tracefs 'r["records"]["pgmap_add"]')" 0
watch -D nobody -- bash "$scratch/wrong" 0x148800000 0x148c00000
is "another driver's is hidden" "$rc $(json tracefs 'len(r["pagemaps"])')" "0 0"
rc=0
"$pgmapstat" check --backend tracefs --probe-get -d 1 2>"$scratch/err" || rc=$?
is "a probe is refused: exit 1 and why" "$rc $(cat "$scratch/err")" \
	"1 pgmapstat: the tracefs backend cannot probe get_dev_pagemap(), which takes BPF: leave out --probe-get"

"$pgmapstat" events --backend tracefs -d 3 >"$scratch/events" &
in_time 20 recording
for command in "claim 0 1 0x8000000" "hold 0" "put 0" "del 0"; do
	echo "$command" >/dev/pgmap_poke
done
ok "it can be watched beside the usual tracing, which is off" \
	[ "$(cat /sys/kernel/tracing/events/memremap/enable)" = 0 ]
wait
is "the stream shows the life, not single pages" \
	"$(grep -oE 'pgmap_[a-z_]+ +0x' "$scratch/events" | tr -d ' 0x' | tr '\n' ' ')" \
	"pgmap_add pgmap_kill pgmap_drained pgmap_release "
ok "and its instance is gone" gone

begin
kill -INT "$tool"
rc=0
wait "$tool" || rc=$?
is "SIGINT ends it with the verdict" "$rc $(tail -n 1 "$scratch/out")" \
	"0 verdict: clean (0 errors, 0 warnings, 0 reports)"
ok "and its instance is gone" gone
begin
kill -KILL "$tool"
wait "$tool" 2>/dev/null || true
ok "killed, its guard removes the instance" in_time 20 gone
begin
guard=$(pgrep -P "$tool")
kill -KILL "$guard" "$tool"
wait "$tool" 2>/dev/null || true
nok "killed with its guard, it leaves one" gone
begin
ok "which the next run takes away" in_time 20 only_ours
kill -KILL "$tool"
wait "$tool" 2>/dev/null || true
in_time 20 gone
rc=0
"$pgmapstat" check --backend tracefs -D 'a"b' -d 1 2>"$scratch/err" || rc=$?
is "what cannot be a filter is refused: exit 1 and why" "$rc $(cat "$scratch/err")" \
	"1 pgmapstat: a driver's name with a quote cannot be a filter of tracefs: leave out -D"
ok "and its instance is gone" gone
begin
"$pgmapstat" check --backend tracefs -d 1 >"$scratch/second"
like "two can watch at once" "$(tail -n 1 "$scratch/second")" '^verdict: clean'
ok "the second one takes nothing of the first" only_ours
kill -INT "$tool"
wait "$tool"
