#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Loading and leaving: --check, 100 rounds, SIGKILL; nothing stays behind.
# timeout: 600
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/left.sh"
build_tool
in_guest --timeout 500

attached() {
	[ "$(bpftool link list | grep -c ': raw_tracepoint')" -eq 8 ]
}

wait_attached() {
	local end=$((SECONDS + 30))

	until attached; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.2
	done
}

hundred_rounds() {
	local i

	for i in $(seq 100); do
		"$pgmapstat" --check >"$scratch/check" || { echo "round $i failed"; return 1; }
	done
}

plan 19
before=$(left)
like "it is one static file" "$(file -L "$pgmapstat")" 'statically linked'
"$pgmapstat" --check >"$scratch/check"
like "--check says which backend" "$(cat "$scratch/check")" '^backend +tp_btf '
like "--check says which tracepoints" "$(cat "$scratch/check")" '^tracepoints +8 of .*memremap'
like "--check says which capabilities" "$(cat "$scratch/check")" '^capabilities +.*CAP_BPF'
like "--check --json is one object" "$("$pgmapstat" --check --json)" \
	'^\{"schema":"pgmapstat/1","kind":"check",.*\}$'
ok "--check leaves nothing" left_nothing

"$pgmapstat" check -d 60s >"$scratch/out" 2>&1 &
tool=$!
ok "while it runs, 8 links are there" wait_attached
status=$(cat "/proc/$tool/status")
peak=$(awk '/^VmHWM:/ { print $2 }' <<<"$status")
ok "its memory stays under 16 MiB ($peak kB)" [ "$peak" -lt 16384 ]
kill -KILL "$tool"
wait "$tool" 2>/dev/null || true
ok "killed, it leaves nothing" left_nothing

(ulimit -v 9000; "$pgmapstat" check -d 1 >"$scratch/out" 2>"$scratch/err") || rc=$?
is "without memory it exits 1" "${rc:-0}" 1
is "with one line" "$(wc -l <"$scratch/err")" 1
ok "and leaves nothing" left_nothing

ok "100 rounds of attaching and detaching" hundred_rounds
ok "leave nothing" left_nothing

"$pgmapstat" check -d 60s >"$scratch/out" 2>&1 &
tool=$!
wait_attached
"$pgmapstat" check -d 1 >"$scratch/second"
like "two can watch at once" "$(tail -n 1 "$scratch/second")" '^verdict: clean'
ok "the second one takes nothing of the first" attached
kill -INT "$tool"
rc=0
wait "$tool" || rc=$?
is "SIGINT ends it with the verdict" "$rc $(tail -n 1 "$scratch/out")" \
	"0 verdict: clean (0 errors, 0 warnings, 0 reports)"

# the command does not go away when asked to, so that there is time for a second one
"$pgmapstat" check -- sh -c 'echo $$ >"$0"; trap "" TERM; exec sleep 40' "$scratch/pid" \
	>"$scratch/out" 2>&1 &
tool=$!
# older pagemaps are looked for in between
until [ -s "$scratch/pid" ]; do
	sleep 0.2
done
kill -INT "$tool"
sleep 0.4
kill -INT "$tool"
rc=0
wait "$tool" 2>/dev/null || rc=$?
is "a second SIGINT leaves at once" "$rc $(grep -c verdict "$scratch/out")" "130 0"
kill -KILL "$(cat "$scratch/pid")"
ok "and nothing stays" left_nothing
