#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Faults without our tracepoints: the driver's own handler is probed while it has a pagemap,
# whether trampolines or kprobes watch the rest, and its faults are counted each time that it is
# loaded. On the stock kernel, and on Debian's newest one as it is in its package.
# timeout: 600
set -eu
. "$(dirname "$0")/lib.sh"
build_tool
pages=64 kernels=(stock debian-sid)

cat >"$scratch/lives" <<'END'
set -eu
for life in 1 2; do
	insmod "$module"
	sleep 3
	cat /sys/kernel/debug/kprobes/list >"$probes.$life"
	"$use" /dev/hmm_dmirror0 private "$pages"
	rmmod test_hmm
	sleep 2
	cat /sys/kernel/debug/kprobes/list >"$probes.$life.gone"
done
END

# what the guest runs: for each backend what there was to see, a line each
cat >"$scratch/watch" <<'END'
set -eu
mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug
export probes=/tmp/probes
rc=0
for backend in fentry kprobe; do
	rc=0
	"$pgmapstat" check --json --backend $backend -- bash "$lives" >/tmp/out || rc=$?
	echo "exit $rc"
	for life in 1 2; do
		echo "handler $(grep -c ' dmirror_devmem_fault+' $probes.$life || true)"
		echo "swap $(grep -c ' do_swap_page+' $probes.$life || true)"
		echo "gone $(grep -c ' dmirror_devmem_fault+' $probes.$life.gone || true)"
	done
	grep '"kind":"report"' /tmp/out
done
END

# each EXPRESSION: of the report r of each backend
each() {
	grep '^{' <<<"$out" | "${python[@]}" -c 'import json, sys
for line in sys.stdin:
    r = json.loads(line)
    print(eval(sys.argv[1]))' "$1" | tr '\n' ' '
}

# lines REGEX: what the guest said, on one line
lines() {
	grep -E "^$1 " <<<"$out" | cut -d' ' -f2 | tr '\n' ' '
}

# handled KERNEL
handled() {
	local n=$((2 * pages))

	is "$1: both are clean" "$(lines exit)$(each 'r["verdict"]')" "0 0 clean clean "
	is "$1: nothing was lost" "$(each 'sum(r["lost"].values())')" "0 0 "
	# an entry and a return of each
	is "$1: the handler was probed in both lives" "$(lines handler)" "2 2 2 2 "
	is "$1: and what stands in for it was not" "$(lines swap)" "0 0 0 0 "
	is "$1: the probes went with the driver" "$(lines gone)" "0 0 0 0 "
	is "$1: each fault was seen as it came" "$(each 'r["totals"]["fault_enters"]')" "$n $n "
	is "$1: and as it ended" "$(each 'r["totals"]["faults"]')" "$n $n "
	is "$1: no rule on faults is off" "$(each 'r["unseen"]')" "[] [] "
	is "$1: there were two lives of each pagemap" \
		"$(each 'sorted((p["type"], p["driver"]) for p in r["pagemaps"])' | tr ' ' '\n' |
		grep -c test_hmm)" 8
}

plan $((9 * ${#kernels[@]}))
for kernel in "${kernels[@]}"; do
	rc=0
	module=$("$top/tests/kernels/test-hmm" "$kernel" 2>"$scratch/err") || rc=$?
	if [ $rc -eq 4 ]; then
		for _ in {1..9}; do
			skip "$kernel" "$(tail -n 1 "$scratch/err")"
		done
		continue
	fi
	[ $rc -eq 0 ] || bail "test_hmm cannot be built: $(tail -n 1 "$scratch/err")"
	gcc -O2 -static -Wall -Wextra -I "$(dirname "$module")" -o "$scratch/use" \
		"$top/tests/kernels/hmm_use.c"
	export pgmapstat module pages use=$scratch/use lives=$scratch/lives
	guest --kernel "$kernel" --hmm -- bash "$scratch/watch"
	[ $rc -eq 0 ] || diag "$err" "$out"
	handled "$kernel"
done
