#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Faults told apart by thread and by CPU: sources that send each fault count as tp_btf does in the
# kernel, live by tracefs and from recordings of trace-cmd and perf.
# timeout: 400
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest --hmm --timeout 380

plan 9
# measured NAME BY OPTION ...: what latency counts into the file NAME, by BY; sets rc
measured() {
	local name=$1 by=$2

	shift 2
	rc=0
	"$pgmapstat" latency --by "$by" --json "$@" >"$scratch/$name" 2>"$scratch/err" || rc=$?
}

# groups NAME BY: how many faults of each
groups() {
	grep -h '"kind":"latency"' "$scratch/$1" | "${python[@]}" -c 'import json, sys
print([(g[sys.argv[1]], g["metrics"]["fault"]["count"]) for g in json.load(sys.stdin)["groups"]])' "$2"
}

cat >"$scratch/two" <<'END'
insmod "$1/pgmap_hmm.ko" devices=2
taskset -c 0 "$1/hmm_touch" 0 64 3
taskset -c 1 "$2" 1 64 2
rmmod pgmap_hmm
END
cp "$modules/hmm_touch" "$scratch/another"
"$pgmapstat" latency --by comm --json --backend tracefs -- \
	"$pgmapstat" latency --by comm --json --backend tp_btf -- \
	"$pgmapstat" latency --by cpu --json --backend tracefs -- \
	"$pgmapstat" latency --by cpu --json --backend tp_btf -- \
	trace-cmd record -q -C mono -e memremap -o "$scratch/trace.dat" \
	perf record -q -a -k mono -e 'memremap:*' -o "$scratch/perf.dat" \
	bash "$scratch/two" "$modules" "$scratch/another" >"$scratch/all" 2>&1 || true
mapfile -t live < <(grep '"kind":"latency"' "$scratch/all")
for one in cpu.tp_btf cpu.tracefs comm.tp_btf comm.tracefs; do
	printf '%s\n' "${live[0]:-}" >"$scratch/$one"
	live=("${live[@]:1}")
done
is "tp_btf tells faults apart by thread" "$(groups comm.tp_btf comm)" \
	"[('another', 128), ('hmm_touch', 192)]"
is "and by CPU" "$(groups cpu.tp_btf cpu)" "[(0, 192), (1, 128)]"
for by in comm cpu; do
	is "by $by: tracefs as tp_btf" "$(groups $by.tracefs $by)" "$(groups $by.tp_btf $by)"
	for kind in trace perf; do
		measured replayed $by --replay "$scratch/$kind.dat"
		is "by $by: $kind as tp_btf" "$rc $(groups replayed $by)" \
			"0 $(groups $by.tp_btf $by)"
	done
done
measured replayed phase --replay "$scratch/trace.dat"
is "phases are not in a recording: exit 1 and why" "$rc $(cat "$scratch/err")" \
	"1 pgmapstat: a recording does not show phases of faults, which takes BPF"
