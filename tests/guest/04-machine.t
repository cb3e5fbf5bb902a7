#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# guest/run: the machine it makes - CPUs, terminal, counted time, NVDIMMs, kernel
# arguments - and a reader of its output that goes away.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"

# terminal COMMAND: runs it in a guest on a pseudo terminal of 33 lines, 101 columns
terminal() {
	rc=0
	script -qec "stty rows 33 cols 101; '$top/guest/run' --kernel stock -- bash -c '$1'" \
		/dev/null </dev/null >"$scratch/typescript" || rc=$?
	# script types a NUL at the end of its input, which the terminal echoes
	out=$(tr -d '\000\r' <"$scratch/typescript" | sed 's/^^@//')
}

plan 10
guest --kernel stock --smp 3 --mem 1G -- sh -c 'nproc; grep MemTotal /proc/meminfo'
like "--smp is the number of CPUs" "$out" '^3$'
like "--mem is the size of RAM" "$out" 'MemTotal: +(9|10)[0-9]{5} kB'

terminal "tty; stty size; exit 7"
is "with a terminal the command gets one, of the same size" "$out" "/dev/hvc0"$'\n'"33 101"
is "and its exit code comes back" "$rc" 7

guest --kernel stock --icount -- sh -c 'nproc; cat /proc/cmdline'
is "--icount makes one CPU" "$rc $(head -n 1 <<<"$out")" "0 1"
# sorted: the kernel probes them side by side, so either may become pmem0
guest --kernel stock --nvdimm 256M --nvdimm 128M -- sh -c 'lsblk -bno SIZE /dev/pmem[01] | sort -n'
is "each --nvdimm is a pmem device" "$(tr -d ' ' <<<"$out")" $'134217728\n268435456'
guest --kernel stock --append "lockdown=confidentiality quiet" -- \
	cat /sys/kernel/security/lockdown
is "--append reaches the kernel" "$out" "none integrity [confidentiality]"

guest --kernel stock --hmm -- sh -c "$top/guest/hmm-setup && ls /dev/hmm_dmirror* | wc -l"
is "--hmm has room for four test_hmm devices" "$rc $out" "0 4"

start=$SECONDS
is "a reader that goes away ends the guest" \
	"$("$top/guest/run" --kernel stock --timeout 100 -- yes </dev/null | head -n 1)" y
ok "at once" [ $((SECONDS - start)) -lt 60 ]
