#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Bad surroundings: one clear line each, and exit 1. Wrong usage: exit 129.
# timeout: 600
set -eu
. "$(dirname "$0")/lib.sh"
build_tool

if [ -z "${PGMAP_GUEST:-}" ]; then
	plan 22
	guest --kernel stock -- "$pgmapstat" check -- true
	is "a kernel without the tracepoints: it works" "$rc $(tail -n 1 <<<"$out")" \
		"0 verdict: clean (0 errors, 0 warnings, 0 reports)"
	guest --kernel stock -- "$pgmapstat" --backend tp_btf 1 1
	is "unless they are asked for: exit 1, one line" "$rc $err" \
		"1 pgmapstat: backend tp_btf is not possible here: this kernel has no tracepoint memremap:pgmap_add"
	rc=0
	# the plan and the numbers of this file go on in the guest
	"$top/guest/run" -- "$(realpath "$0")" </dev/null || rc=$?
	trap - EXIT
	rm -rf "$scratch"
	[ "$rc" -eq 0 ] || echo "# the guest ended with exit code $rc"
	[ "$tap_failed" -eq 0 ] && [ "$rc" -eq 0 ]
	exit
fi
tap_done=2
tap_planned=22

# fails NAME LINE COMMAND ...: exit 1, nothing on stdout, exactly this on stderr,
# with (why) for the words of an errno
fails() {
	local name=$1 line=$2

	shift 2
	rc=0
	"$@" >"$scratch/out" 2>"$scratch/err" || rc=$?
	is "$name: exit 1, nothing on standard output" "$rc$(cat "$scratch/out")" 1
	is "$name: one line" "$(sed -E 's/\(([A-Z][a-z]+[a-z/ ]*)\)/(why)/' "$scratch/err")" "pgmapstat: $line"
}

hint="run as root, or setcap cap_bpf,cap_perfmon+ep pgmapstat"
fails "no CAP_BPF" "missing capability CAP_BPF: $hint" \
	setpriv --bounding-set -bpf,-sys_admin --inh-caps -bpf,-sys_admin "$pgmapstat" 1 1
fails "no CAP_PERFMON" "missing capability CAP_PERFMON: $hint" \
	setpriv --bounding-set -perfmon,-sys_admin --inh-caps -perfmon,-sys_admin "$pgmapstat" 1 1
fails "a plain user" "missing capability CAP_BPF and CAP_PERFMON: $hint" \
	setpriv --reuid 65534 --clear-groups "$pgmapstat" 1 1
ok "without CAP_SYS_ADMIN the two are enough" \
	setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$pgmapstat" --check

btf=/sys/kernel/btf/vmlinux
mount --bind /dev/null "$btf"
fails "an empty BTF" "cannot read kernel types from $btf (why): the file is not this kernel's BTF" \
	"$pgmapstat" 1 1
umount "$btf"
echo "this is no BTF, whatever else it may be" >"$scratch/foreign"
mount --bind "$scratch/foreign" "$btf"
fails "a foreign BTF" "cannot read kernel types from $btf (why): the file is not this kernel's BTF" \
	"$pgmapstat" 1 1
umount "$btf"
mkdir "$scratch/empty"
mount --bind "$scratch/empty" /sys/kernel/btf
fails "no BTF" "no kernel type information at $btf (why): mount /sys, or boot a kernel with CONFIG_DEBUG_INFO_BTF=y" \
	"$pgmapstat" 1 1
umount /sys/kernel/btf
ok "with all of it back it works" "$pgmapstat" --check

for line in "--nonsense" "-t RAM" "events 5"; do
	rc=0
	# shellcheck disable=SC2086 # words
	"$pgmapstat" $line >"$scratch/out" 2>&1 || rc=$?
	is "usage error 129: $line" "$rc" 129
done

rc=0
"$pgmapstat" check -- false >"$scratch/out" 2>"$scratch/err" || rc=$?
is "a command that fails: exit 1 and why" "$rc $(cat "$scratch/err")" \
	"1 pgmapstat: command false failed with exit code 1"
rc=0
"$pgmapstat" check -- /no/such/command >"$scratch/out" 2>"$scratch/err" || rc=$?
is "a command that is not there: exit 1 and why" "$rc $(cat "$scratch/err")" \
	"1 pgmapstat: /no/such/command: No such file or directory"

echo confidentiality >/sys/kernel/security/lockdown
rc=0
"$pgmapstat" 1 1 >"$scratch/out" 2>"$scratch/err" || rc=$?
is "lockdown: exit 1 and why" "$rc $(cat "$scratch/err")" \
	"1 pgmapstat: kernel lockdown is in mode confidentiality, which forbids BPF to read kernel memory: boot with lockdown=integrity or none"
