#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# pgmapstat record: a file that stands alone, read by replay and by trace-cmd, with the pagemaps
# that were there before; what did not fit is counted.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest "${hmm_guest[@]}" --timeout 280

# json FILE EXPRESSION: of the report's object r and all findings f of a run
json() {
	"${python[@]}" -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
r = [line for line in lines if line["kind"] == "report"][-1]
f = [line for line in lines if line["kind"] == "finding"]
print(eval(sys.argv[2]))' "$scratch/$1" "$2"
}

# record OPTION ... -- COMMAND ...: into the file dat; rc and err
record() {
	rc=0
	"$pgmapstat" record -o "$scratch/dat" "$@" >"$scratch/out" 2>"$scratch/err" || rc=$?
	err=$(cat "$scratch/err")
}

# replay: of that file, into the file replay; code
replay() {
	code=0
	"$pgmapstat" replay --json "$scratch/dat" >"$scratch/replay" || code=$?
}

recording() {
	[ "$(cat /sys/kernel/tracing/instances/*/tracing_on 2>/dev/null)" = 1 ]
}

instances() {
	ls /sys/kernel/tracing/instances
}

cat >"$scratch/work" <<'END'
set -eu
insmod "$1/pgmap_hmm.ko"
"$1/hmm_touch" 0 64 30
rmmod pgmap_hmm
echo "del 0" >/dev/pgmap_poke
END

insmod "$modules/pgmap_poke.ko"
plan 27
poke claim 0 1 0x8000000 >/dev/null
poke add 1 4 0x140000000 0x200000 >/dev/null

"$pgmapstat" check -q --backend tp_btf --findings "$scratch/live" -- \
	"$pgmapstat" record -o "$scratch/dat" -- bash "$scratch/work" "$modules" >/dev/null
replay
is "a replay is clean: exit 0" "$code $(json replay 'r["verdict"]')" "0 clean"
who='sorted((p["pgmap"], p["type"], p["driver"], p["device"], p["since"] == "before start",
	p["ranges"], p["nr_range"], p["pages"], p["state"], p["setup_ns"], p["allocs"], p["frees"],
	p["faults"]) for p in r["pagemaps"])'
is "it knows what the live run knew, of older pagemaps too" "$(json replay "$who")" \
	"$(json live "$who")"
is "two of them are older" "$(json replay '[p["since"] == "before start" for p in r["pagemaps"]].count(True)')" 2
is "nothing is lost" "$(json replay 'sum(r["lost"].values())')" 0
is "records" "$(json replay 'sum(r["records"].values())')" "$((1920 * 4 + 4 + 3))"
is "its mode" "$(stat -c %a "$scratch/dat")" 600
trace-cmd report "$scratch/dat" >"$scratch/text" 2>/dev/null
is "trace-cmd report reads it" "$(grep -cE 'pgmap_[a-z_]+: ' "$scratch/text")" \
	"$(json replay 'sum(r["records"].values())')"
like "with the names of threads" "$(cat "$scratch/text")" '^ *hmm_touch-[0-9]+ .*pgmap_fault_enter:'
is "its instance is gone" "$(instances)" ""

record -t GENERIC -d 1
is "-t, -d: exit 0" "$rc" 0
replay
is "only what was asked for" "$(json replay '[p["type"] for p in r["pagemaps"]]')" "['GENERIC']"
is "ended by time, nothing is left for good" "$(json replay 'len(f)')" 0

record --size 64k -- bash -c "insmod $modules/pgmap_hmm.ko; $modules/hmm_touch 0 64 30; rmmod pgmap_hmm"
is "--size: exit 3" "$rc" 3
like "and why" "$err" '^pgmapstat: .*dat: [0-9]+ records are missing: it is as large as --size allows$'
ok "it is no larger" [ "$(stat -c %s "$scratch/dat")" -lt $((65536 + 40000)) ]
replay
is "a replay says so: exit 3" "$code $(json replay 'r["verdict"]')" "3 inconclusive"
is "no record is uncounted" \
	"$(json replay 'sum(r["records"].values()) + r["lost"]["ring_buffer_full"]')" \
	"$((1920 * 4 + 4))"

record --buffer 4096 -- bash -c "kill -STOP \$PPID; insmod $modules/pgmap_hmm.ko
	$modules/hmm_touch 0 64 30; rmmod pgmap_hmm; kill -CONT \$PPID"
is "a full buffer: exit 3" "$rc" 3
like "and what to do" "$err" 'records are missing: the buffers were full, ask for more with --buffer$'
replay
is "every record is seen or counted" \
	"$(json replay 'sum(r["records"].values()) + r["lost"]["ring_buffer_full"]')" \
	"$((1920 * 4 + 4))"

"$pgmapstat" record -q -o "$scratch/dat" >"$scratch/out" 2>&1 &
tool=$!
in_time 20 recording
poke del 1 >/dev/null
kill -INT "$tool"
rc=0
wait "$tool" || rc=$?
is "SIGINT ends it: exit 0, nothing said" "$rc $(cat "$scratch/out")" "0 "
replay
is "what came before is in it" "$(json replay '[(p["type"], p["state"]) for p in r["pagemaps"]]')" \
	"[('GENERIC', 'RELEASED')]"
record -- false
is "a command that fails: exit 1" "$rc $err" "1 pgmapstat: command false failed with exit code 1"
record -- "$scratch/nothing"
is "one that is not there: exit 1, and why" "$rc $err" \
	"1 pgmapstat: $scratch/nothing: No such file or directory"
rc=0
err=$("$pgmapstat" record -o /nowhere/dat -- true 2>&1) || rc=$?
is "a directory that is not there: exit 1, and why" "$rc $err" \
	"1 pgmapstat: cannot create /nowhere/dat: No such file or directory"
rc=0
"$pgmapstat" record -- true 2>/dev/null || rc=$?
is "no file: exit 129" "$rc" 129
is "no instance is left" "$(instances)" ""
