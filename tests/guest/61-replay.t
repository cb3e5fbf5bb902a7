#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A recording says what a live run said of the same work: counts, findings, verdict, exit
# code; its latencies are those between the times in it; what cannot be read says why.
# timeout: 900
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest "${hmm_guest[@]}" --timeout 860 --allow memremap_pages

# json FILE EXPRESSION: of the report's object r, all findings f, the latencies l of a run
json() {
	"${python[@]}" -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
r, f, l = ([line for line in lines if line["kind"] == kind]
	   for kind in ("report", "finding", "latency"))
r = r[-1]
print(eval(sys.argv[2]))' "$scratch/$1" "$2"
}

# replay NAME FILE OPTION ...: into the file NAME; rc and err
replay() {
	local name=$1

	shift
	rc=0
	"$pgmapstat" replay --json "$@" >"$scratch/$name" 2>"$scratch/err" || rc=$?
	err=$(cat "$scratch/err")
}

# watch_all OPTION ... -- COMMAND ...: all see the same; the live ones judge by the options
watch_all() {
	local options=()

	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	rm -f "$scratch"/tracefs "$scratch"/tp_btf "$scratch"/*.dat
	rc=0
	"$pgmapstat" check -q --backend tracefs --findings "$scratch/tracefs" "${options[@]}" -- \
		"$pgmapstat" check -q --backend tp_btf --findings "$scratch/tp_btf" \
		"${options[@]}" -- "$pgmapstat" record -q -o "$scratch/record.dat" -- \
		trace-cmd record -q -C mono -e memremap -o "$scratch/trace.dat" \
		perf record -q -a -k mono -e 'memremap:*' -o "$scratch/perf.dat" \
		"$@" >"$scratch/out" 2>&1 || rc=$?
}

# agree NAME RECORDING EXPRESSION: both live runs have the same value as its replay
agree() {
	is "$1: $2 as tracefs" "$(json "$2" "$3")" "$(json tracefs "$3")"
	is "$1: $2 as tp_btf" "$(json "$2" "$3")" "$(json tp_btf "$3")"
}

# what a run says of a pagemap, but for times that two clocks read at two moments
who='[(p["pgmap"], p["generation"], p["type"], p["driver"], p["device"], p["state"], p["node"],
	p["ranges"], p["nr_range"], p["pages"], p["setup_ns"], p["error"]) for p in r["pagemaps"]]'
counts='[(p["allocs"], p["frees"], p["fault_enters"], p["faults"], p["fault_errors"],
	p["outstanding"]) for p in r["pagemaps"]]'
# and of a finding, but for REF_IMBALANCE's page, which only those see who see each free
findings='sorted((x["rule"], x["severity"], x["state"], x["times"], x["pgmap"], x["generation"],
	x["comm"], x["tid"], str(x["error"]),
	x["rule"] == "REF_IMBALANCE" or str((x["pfn"], [e["event"] for e in x["events"]])))
	for x in f)'

# What a recorder's own tool shows of its file, as lines of "TID NS EVENT" in NAME.lines
trace_lines() {
	trace-cmd report -t "$scratch/$1.dat" 2>/dev/null |
		sed -nE 's/^.*-([0-9]+) +\[[0-9]+\] +([0-9]+)\.([0-9]{9}): (pgmap_[a-z_]+): .*/\1 \2\3 \4/p' \
		>"$scratch/$1.lines"
}

perf_lines() {
	perf script -i "$scratch/$1.dat" --ns -F tid,time,event 2>/dev/null |
		sed -nE 's/^ *([0-9]+) +([0-9]+)\.([0-9]{9}): +memremap:(pgmap_[a-z_]+): .*/\1 \2\3 \4/p' \
		>"$scratch/$1.lines"
}

# Of one event perf has once written two records, which its own tool showed, too. Where the
# recorders differ by what is not ours, their files cannot be compared by what is.
recorders_differ() {
	local trace perf

	trace=$(cut -d' ' -f3 "$scratch/trace.lines" | sort | uniq -c | xargs)
	perf=$(cut -d' ' -f3 "$scratch/perf.lines" | sort | uniq -c | xargs)
	[ "$trace" != "$perf" ] || return 1
	diag "by their own tools trace-cmd recorded $trace, and perf $perf"
	diag "perf's alone: $(cut -d' ' -f1,3 "$scratch/perf.lines" | sort | uniq -c |
		diff - <(cut -d' ' -f1,3 "$scratch/trace.lines" | sort | uniq -c) | xargs)"
	diag "records at the same time: $(cut -d' ' -f2 "$scratch/perf.lines" | sort | uniq -d | xargs)"
}

# durations FILE: of the faults in lines of "TID NS EVENT", as buckets of a histogram
durations() {
	"${python[@]}" -c 'import sys
def bucket(ns):
    shift = max(ns.bit_length() - 6, 0)
    return 32 * shift + (ns >> shift)
entered, buckets = {}, {}
for line in open(sys.argv[1]):
    tid, ns, event = line.split()
    if event == "pgmap_fault_enter":
        entered[tid] = int(ns)
    elif event == "pgmap_fault_exit":
        b = bucket(int(ns) - entered.pop(tid))
        buckets[b] = buckets.get(b, 0) + 1
print(sorted(buckets.items()))' "$1"
}

cat >"$scratch/clean" <<'END'
set -eu
insmod "$1/pgmap_hmm.ko"
"$1/hmm_touch" 0 64 30
for command in "claim 0 1 0x8000000" "hold 0" "put 0" "del 0" "add 1 4 0x140000000 0x200000" \
	"del 1"; do
	echo "$command" >/dev/pgmap_poke
done
rmmod pgmap_hmm
END
cat >"$scratch/wrong" <<'END'
for command in "claim 0 1 0x8000000" "hold 0" "put 0" "refree 0" "del 0" \
	"claim 1 1 0x8000000" "claim 2 1 0x8000000" "stray 1 2" "del 1" "del 2" \
	"add 3 4 $1 0x200000" "forget 3" "add 3 4 $2 0x200000" "del 3"; do
	echo "$command" >/dev/pgmap_poke
done
echo "add 0 9 0x140000000 0x200000" >/dev/pgmap_poke
true
END
cat >"$scratch/held" <<'END'
echo "del 0" >/dev/pgmap_poke &
sleep 5
echo "put 0" >/dev/pgmap_poke
wait
END

insmod "$modules/pgmap_poke.ko"
plan 103

# ---- clean work ----
for _ in 1 2 3; do
	watch_all -- bash "$scratch/clean" "$modules"
	trace_lines trace
	trace_lines record
	perf_lines perf
	recorders_differ || break
done
is "live runs are clean" "$rc $(json tp_btf 'r["verdict"]')" "0 clean"
p50='[p["fault_p50_ns"] for p in r["pagemaps"] if p["driver"] == "pgmap_hmm"][0]'
declare -A backend=([trace]=trace.dat [record]=trace.dat [perf]=perf.data)
for kind in trace record perf; do
	replay $kind "$scratch/$kind.dat"
	is "so is the replay of $kind: exit 0" "$rc $err" "0 "
	agree "verdict" $kind 'r["verdict"]'
	is "of three pagemaps" "$(json $kind 'len(r["pagemaps"])')" 3
	agree "who they are" $kind "$who"
	is "with allocs" "$(json $kind 'r["totals"]["allocs"]')" 1921
	agree "and all of their counts" $kind "$counts"
	agree "totals" $kind '{k: v for k, v in r["totals"].items()}'
	is "records as tracefs had them" "$(json $kind 'r["records"]')" \
		"$(json tracefs 'r["records"]')"
	is "as many as its own tool shows" "$(json $kind 'sum(r["records"].values())')" \
		"$(wc -l <"$scratch/$kind.lines")"
	"$pgmapstat" latency --replay "$scratch/$kind.dat" --json >"$scratch/latency"
	is "latencies of faults are the differences of the times that it shows, bucket for bucket" \
		"$(json latency '[(b, n) for g in l[0]["groups"] for b, n in g["metrics"]["fault"]["buckets"]]')" \
		"$(durations "$scratch/$kind.lines")"
	is "the file says of which kernel" \
		"$(json latency 'l[0]["kernel"], l[0]["cpus"], l[0]["backend"]')" \
		"('$(uname -r)', 2, '${backend[$kind]}')"
	is "the median is within 30 % of what tp_btf measured itself" \
		"$("${python[@]}" -c "print(0.7 < $(json $kind "$p50") / $(json tp_btf "$p50") < 1.3)")" \
		True
done
replay filtered -t GENERIC "$scratch/trace.dat"
is "a filter hides the others" "$(json filtered '[p["type"] for p in r["pagemaps"]]')" "['GENERIC']"
"$pgmapstat" replay "$scratch/trace.dat" >"$scratch/text"
like "the table is that of check" "$(cat "$scratch/text")" \
	'^total: 3 pagemaps, 3 RELEASED; 0 outstanding$'

# ---- as perf packs it ----
perf record -q -a -z -m 4M -k mono -e 'memremap:*' -o "$scratch/packed.dat" \
	bash "$scratch/clean" "$modules" >/dev/null 2>&1
ok "perf has packed it" [ "$(stat -c %s "$scratch/packed.dat")" -lt \
	$(($(stat -c %s "$scratch/perf.dat") / 2)) ]
perf_lines packed
replay packed "$scratch/packed.dat"
is "perf record -z: clean, with all allocs and faults" \
	"$rc $(json packed 'r["verdict"], r["totals"]["allocs"], r["totals"]["faults"]')" \
	"0 ('clean', 1921, 1920)"
is "as many records as perf shows" "$(json packed 'sum(r["records"].values())')" \
	"$(wc -l <"$scratch/packed.lines")"
"$pgmapstat" latency --replay "$scratch/packed.dat" --json >"$scratch/latency"
is "latencies are the differences of the times that it shows" \
	"$(json latency '[(b, n) for g in l[0]["groups"] for b, n in g["metrics"]["fault"]["buckets"]]')" \
	"$(durations "$scratch/packed.lines")"
head -c $(($(stat -c %s "$scratch/packed.dat") / 3)) "$scratch/packed.dat" >"$scratch/cut"
replay refused "$scratch/cut"
like "cut off it is refused: exit 1, and why" "$rc $(wc -l <"$scratch/err") $err" \
	'^1 1 pgmapstat: cannot replay '

# ---- as other trace-cmds write it ----
for how in "--file-version 6" "--compression none"; do
	# shellcheck disable=SC2086 # options
	trace-cmd record -q -e memremap $how -o "$scratch/other.dat" \
		bash "$scratch/clean" "$modules" >/dev/null 2>&1
	replay other "$scratch/other.dat"
	is "trace-cmd record $how" \
		"$rc $(json other 'r["verdict"], r["totals"]["allocs"], r["totals"]["faults"]')" \
		"0 ('clean', 1921, 1920)"
done
other=$scratch/other.kept
mv "$scratch/other.dat" "$other"

# ---- a driver that does wrong ----
watch_all --pages -- bash "$scratch/wrong" 0x148000000 0x148400000
for kind in trace record perf; do
	replay $kind --pages "$scratch/$kind.dat"
	is "a driver that does wrong, as $kind saw it: exit 2" "$rc" 2
	agree "findings" $kind "$findings"
	is "and many" "$(json $kind 'sorted(x["rule"] for x in f)')" \
		"['ADD_FAILED', 'ADD_ON_ACTIVE', 'ALLOC_PGMAP_MISMATCH', 'DOUBLE_FREE', 'REF_IMBALANCE']"
	agree "verdict" $kind 'r["verdict"]'
done
replay few --pages --disable DOUBLE_FREE,REF_IMBALANCE,ADD_ON_ACTIVE,ALLOC_PGMAP_MISMATCH \
	"$scratch/trace.dat"
is "rules can be off in a replay: exit 0" "$rc" 0
replay few --pages --only DOUBLE_FREE "$scratch/trace.dat"
is "or the only ones" "$rc $(json few '[x["rule"] for x in f]')" "2 ['DOUBLE_FREE']"

# ---- older pagemaps, a stall that time shows, losses ----
poke claim 0 1 0x8000000 >/dev/null
poke hold 0 >/dev/null
"$pgmapstat" record -q -o "$scratch/record.dat" -- \
	trace-cmd record -q -e memremap -o "$scratch/trace.dat" bash "$scratch/held" >/dev/null 2>&1
for kind in trace record; do
	replay held --stall-warn 2s "$scratch/$kind.dat"
	is "$kind: a pagemap that is older shows itself" \
		"$(json held '[(p["type"], p["driver"], p["since"], p["state"]) for p in r["pagemaps"]]')" \
		"[('PRIVATE', 'pgmap_poke', 'before start', 'RELEASED')]"
	is "$kind: its stall is found in the time between records" \
		"$(json held '[(x["rule"], 2e9 <= x["for_ns"] < 3.1e9) for x in f]')" \
		"[('KILL_STALL', True)]"
done
taskset -c 1 trace-cmd record -q -e memremap -o "$scratch/one.dat" \
	bash -c "echo 'claim 0 1 0x8000000' >/dev/pgmap_poke; echo 'del 0' >/dev/pgmap_poke" >/dev/null 2>&1
"$pgmapstat" latency --replay "$scratch/one.dat" --json >"$scratch/one"
is "a machine has two CPUs, also if one of them recorded nothing" "$(json one 'l[0]["cpus"]')" 2
trace-cmd start -q -b 4 -e memremap >/dev/null 2>&1
bash "$scratch/clean" "$modules"
trace-cmd stop
trace-cmd extract -o "$scratch/lost.dat" >/dev/null 2>&1
trace-cmd reset >/dev/null 2>&1
replay lost "$scratch/lost.dat"
is "records are missing: exit 3" "$rc" 3
ok "and counted" [ "$(json lost 'r["lost"]["ring_buffer_full"]')" -gt 1000 ]
is "the verdict is inconclusive" "$(json lost 'r["verdict"], r["incomplete"]')" \
	"('inconclusive', True)"

perf record -q -a -m 1 -e 'memremap:*' -o "$scratch/lost.dat" bash -c \
	'kill -STOP $PPID; bash "$@"; kill -CONT $PPID' sh "$scratch/clean" "$modules" >/dev/null 2>&1
replay lost "$scratch/lost.dat"
is "so it is where perf has lost some" "$rc $(json lost 'r["verdict"], r["incomplete"]')" \
	"3 ('inconclusive', True)"

# ---- what cannot be read ----
# refused NAME FILE REGEX: exit 1, and one line
refused() {
	replay refused "$2"
	like "$1: exit 1, and why" "$rc $(wc -l <"$scratch/err") $err" \
		"^1 1 pgmapstat: cannot replay .*: $3"
}
: >"$scratch/empty"
refused "empty" "$scratch/empty" 'it is empty$'
refused "missing" "$scratch/nothing" 'No such file or directory$'
refused "a directory" "$scratch" 'it is no regular file$'
refused "something else" "$0" 'it is no trace\.dat and no perf\.data; see'
trace-cmd record -q -e sched:sched_switch -o "$scratch/sched.dat" true >/dev/null 2>&1
refused "other events" "$scratch/sched.dat" 'it does not describe all events of system memremap: record'
trace-cmd record -q -e memremap -C x86-tsc -o "$scratch/tsc.dat" true >/dev/null 2>&1
refused "another unit of time" "$scratch/tsc.dat" 'its times are of clock x86-tsc, not in nanoseconds'
cp "$other" "$scratch/foreign"
printf '\1' | dd of="$scratch/foreign" bs=1 seek=12 conv=notrunc status=none
refused "the other byte order" "$scratch/foreign" 'it is of a machine with the other byte order'
printf '2ELIFREP' >"$scratch/foreign"
refused "perf.data of the other byte order" "$scratch/foreign" \
	'it is of a machine with the other byte order'
perf record -q -e 'memremap:*' -o "$scratch/task.dat" bash "$scratch/clean" "$modules" \
	>/dev/null 2>&1
refused "a command's own events alone" "$scratch/task.dat" 'it has only what the command itself did'
perf record -q -a -e memremap:pgmap_add -o "$scratch/few.dat" true >/dev/null 2>&1
refused "few events" "$scratch/few.dat" 'it does not describe all events of system memremap: record'
perf record -q -a -e 'memremap:*' -o "$scratch/whole.dat" true >/dev/null 2>&1
head -c 3000 "$scratch/whole.dat" >"$scratch/cut"
refused "perf.data that is cut off" "$scratch/cut" 'it is cut off: perf was killed'
size=$(stat -c %s "$other")
for part in 1 10 500 999; do
	head -c $((size * part / 1000)) "$other" >"$scratch/cut"
	refused "the first $part per mille" "$scratch/cut" 'it is cut off'
done
rc=0
"$pgmapstat" replay 2>/dev/null || rc=$?
is "no file: exit 129" "$rc" 129
