#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A user with CAP_BPF and CAP_PERFMON on Debian's newest kernel, which lets nobody else but root
# probe it and hides addresses: what that keeps from being seen is said, with the right it takes.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"
kernel=debian-sid
build_tool

if [ -z "${PGMAP_GUEST:-}" ]; then
	rc=0
	"$top/guest/debian" $kernel >/dev/null 2>"$scratch/err" || rc=$?
	if [ $rc -eq 4 ]; then
		plan 1
		skip "rights on $kernel" "$(tail -n 1 "$scratch/err")"
		exit 0
	fi
fi
in_guest --kernel $kernel

# nobody CAPABILITIES ARGUMENT ...: the tool as nobody with these rights; leaves rc, out and err
nobody() {
	local rights=+${1//,/,+}

	shift
	rc=0
	setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps "$rights" \
		--ambient-caps "$rights" --bounding-set "-all,$rights" \
		"$pgmapstat" "$@" >"$scratch/out" 2>"$scratch/err" || rc=$?
	out=$(cat "$scratch/out")
	err=$(cat "$scratch/err")
}

why="this kernel lets nobody probe it without CAP_SYS_ADMIN: run as root, or set kernel.perf_event_paranoid to 2"

plan 16
is "this kernel forbids probes" "$(cat /proc/sys/kernel/perf_event_paranoid)" 3
nobody bpf,perfmon,syslog --check
is "--check: exit 0" "$rc" 0
like "what is not shown for want of probes" "$out" \
	'^fentry +taken, does not show: pgmap_fault_enter$'
like "what it takes to probe fault handlers" "$out" "^fault_handlers +not probed, .*: $why\$"
like "which rules are off for it" "$out" '^rules_off +FREE_DURING_FAULT FAULT_NO_EXIT$'
like "that the other backend cannot be" "$out" "^kprobe +not possible: $why\$"
like "and what lacks for it" "$out" '^lacking +CAP_SYS_ADMIN \(.*probes '
nobody bpf,perfmon --check
like "without CAP_SYSLOG page frames are not shown either" "$out" \
	'^fentry +taken, does not show: pgmap_fault_enter pfn$'
like "which is said of that right" "$out" '^lacking .*CAP_SYSLOG \(.*page frames'
nobody bpf,perfmon,syslog check --pages -- true
is "a run goes on: exit 0" "$rc" 0
like "and lists the rules that are off" "$out" \
	'^off: +FREE_DURING_FAULT FAULT_NO_EXIT: not shown on this kernel: pgmap_fault_enter$'
nobody bpf,perfmon,syslog check --backend kprobe -- true
is "probes that are asked for are refused: exit 1 and why" "$rc $err" \
	"1 pgmapstat: backend kprobe is not possible here: $why"

"$pgmapstat" --check >"$scratch/out"
like "root sees all" "$(cat "$scratch/out")" '^fentry +taken, does not show: nothing$'
like "by probes" "$(cat "$scratch/out")" '^fault_handlers +probed as pagemaps come$'
echo 2 >/proc/sys/kernel/perf_event_paranoid
nobody bpf,perfmon,syslog --check
like "as does a user where probes are allowed" "$out" '^fentry +taken, does not show: nothing$'
like "also by kprobe" "$out" '^kprobe +possible, does not show: nothing$'
