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

# gone: and whatever the tool had in tracefs
gone() {
	[ -z "$(instances)" ]
}

# begin: into the file dat, in the background until it records
begin() {
	"$pgmapstat" record -q -o "$scratch/dat" >"$scratch/out" 2>&1 &
	tool=$!
	in_time 20 recording
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
plan 45
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

for signal in INT TERM; do
	begin
	poke del 1 >/dev/null
	kill -$signal "$tool"
	rc=0
	wait "$tool" || rc=$?
	is "SIG$signal ends it: exit 0, nothing said" "$rc $(cat "$scratch/out")" "0 "
	replay
	is "what came before is in it" \
		"$(json replay '[(p["type"], p["state"]) for p in r["pagemaps"]]')" \
		"[('GENERIC', 'RELEASED')]"
	is "and its instance is gone" "$(instances)" ""
	poke add 1 4 0x140000000 0x200000 >/dev/null
done
poke del 1 >/dev/null
cp "$scratch/dat" "$scratch/before"
begin
kill -KILL "$tool"
wait "$tool" 2>/dev/null || true
ok "SIGKILL: its guard removes the instance" in_time 20 gone
ok "and the file is what it was" cmp "$scratch/dat" "$scratch/before"

# ---- how much there is to record, and for whom ----
record -- true
is "nothing: exit 0" "$rc $err" "0 "
replay
is "a replay of nothing is clean" \
	"$code $(json replay 'r["verdict"], r["pagemaps"], sum(r["records"].values())')" \
	"0 ('clean', [], 0)"
record -- "$pgmapstat" record -o "$scratch/second" -- \
	bash -c "echo 'claim 0 1 0x8000000' >/dev/pgmap_poke; echo 'del 0' >/dev/pgmap_poke"
is "two at once: exit 0" "$rc $err" "0 "
replay
records=$(json replay 'r["records"]')
is "the first one has all of it" "$(json replay 'sum(r["records"].values())')" 4
cp "$scratch/second" "$scratch/dat"
replay
is "and so has the second one" "$(json replay 'r["records"]')" "$records"

# ---- rights ----
cat >"$scratch/rights" <<'END'
for try in $(seq 100); do
	! grep -q '^NoNewPrivs:.1$' "/proc/$PPID/status" || break
	sleep 0.1
done
awk '/^Cap(Inh|Prm|Eff|Amb):/ { print $2 }' "/proc/$PPID/status" | sort -u >"$1/recorder"
awk '/^CapEff:/ { print $2 }' /proc/self/status >"$1/command"
echo "claim 0 1 0x8000000" >/dev/pgmap_poke
echo "del 0" >/dev/pgmap_poke
END
mine=$(awk '/^CapEff:/ { print $2 }' /proc/self/status)
record -- bash "$scratch/rights" "$scratch"
is "while it records it has no rights" "$rc $(cat "$scratch/recorder")" "0 0000000000000000"
is "but the command has those of its user" "$(cat "$scratch/command")" "$mine"
rc=0
setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps +dac_override \
	--ambient-caps +dac_override --bounding-set -all,+dac_override \
	"$pgmapstat" record -q -o "$scratch/dat" -- bash "$scratch/rights" "$scratch" \
	2>"$scratch/err" || rc=$?
is "who has CAP_DAC_OVERRIDE alone gives it up, too" "$rc $(cat "$scratch/recorder")" \
	"0 0000000000000000"
like "is told what is not in the file" "$(cat "$scratch/err")" \
	'^pgmapstat: pagemaps older than this recording are not in it: .*CAP_BPF'
replay
is "and gets all else" "$code $(json replay 'sum(r["records"].values())')" "0 4"
is "its instance is gone" "$(instances)" ""

(ulimit -Sn 12 && exec "$pgmapstat" record -q -o "$scratch/dat" -- \
	bash -c "ulimit -Sn >$scratch/limit") || true
is "a low limit of open files is the command's alone" "$(cat "$scratch/limit")" 12
record -- false
is "a command that fails: exit 1" "$rc $err" "1 pgmapstat: command false failed with exit code 1"
record -- "$scratch/nothing"
is "one that is not there: exit 1, and why" "$rc $err" \
	"1 pgmapstat: $scratch/nothing: No such file or directory"
rc=0
err=$("$pgmapstat" record -o /nowhere/dat -- true 2>&1) || rc=$?
is "a directory that is not there: exit 1, and why" "$rc $err" \
	"1 pgmapstat: cannot record into /nowhere/dat: No such file or directory"
rc=0
"$pgmapstat" record -- true 2>/dev/null || rc=$?
is "no file: exit 129" "$rc" 129
is "no instance is left" "$(instances)" ""
