#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An unmapping that hangs on Debian's newest kernel, as it is in its package: a process holds
# a page of test_hmm's memory in a pipe while that is unloaded. pgmapstat why explains it, and
# a run that is watching tells of the stall.
# timeout: 600
set -eu
. "$(dirname "$0")/lib.sh"
kernel=debian-sid pages=8
build_tool

if [ -z "${PGMAP_GUEST:-}" ]; then
	rc=0
	TEST_HMM=$("$top/tests/kernels/test-hmm" $kernel 2>"$scratch/err") || rc=$?
	if [ $rc -eq 4 ]; then
		plan 1
		skip "a hang on $kernel" "$(tail -n 1 "$scratch/err")"
		exit 0
	fi
	[ $rc -eq 0 ] || bail "test_hmm cannot be built: $(tail -n 1 "$scratch/err")"
	export TEST_HMM hold="$top/.output/tests/hmm_hold"
	mkdir -p "${hold%/*}"
	gcc -O2 -static -Wall -Wextra -I "$(dirname "$TEST_HMM")" -o "$hold" \
		"$top/tests/kernels/hmm_use.c"
fi
in_guest --kernel $kernel "${hmm_guest[@]}" --timeout 150

# in_time SECONDS COMMAND ...: it succeeds within so many
in_time() {
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.2
	done
}

why() {
	rc=0
	"$pgmapstat" why >"$scratch/out" 2>"$scratch/err" || rc=$?
	out=$(cat "$scratch/out")
}

# json EXPRESSION: of the lines of the run by their kind, a list each
json() {
	"${python[@]}" -c 'import collections, json, sys
r = collections.defaultdict(list)
for line in open(sys.argv[1]):
    r[json.loads(line)["kind"]].append(json.loads(line))
print(eval(sys.argv[2]))' "$scratch/run" "$1"
}

# waits: whether rmmod does so, where a pagemap is unmapped
waits() {
	waiter=$(pgrep -x rmmod) && grep -q memunmap_pages "/proc/$waiter/stack"
}

# released: whether rmmod has returned
released() {
	! kill -0 "$waiter" 2>/dev/null
}

plan 17
insmod "$TEST_HMM" spm_addr_dev0=0x140000000 spm_addr_dev1=0x160000000
mkfifo "$scratch/end"
"$hold" /dev/hmm_dmirror2 hold $pages <"$scratch/end" >"$scratch/held" &
exec 7>"$scratch/end"
ok "a page of a process is in the device, and in a pipe" in_time 60 grep -q held "$scratch/held"
why
is "nothing hangs yet" "$rc $out" "0 nothing is stuck: no task waits for a pagemap to drain"

"$pgmapstat" check --json --stall-warn 1s -- rmmod test_hmm >"$scratch/run" 2>&1 7>&- &
run=$!
in_time 60 waits
sleep 2
why
is "the hang is found: exit 0" "$rc" 0
diag "$out"
like "its pagemap, type, driver, range" "$out" \
	'^pgmap 0x[0-9a-f]{16}, COHERENT, driver test_hmm, 0x1[46]0000000-0x1[46]fffffff, 65536 pages$'
like "its state" "$out" '^ +KILLED: being unmapped, and it does not drain$'
like "who waits, and for how long" "$out" "^ +waiting for about [0-9.]+s: rmmod/$waiter\$"
like "where it waits" "$out" '^ +memunmap_pages\+0x[0-9a-f]+/0x[0-9a-f]+$'
like "in whose code" "$out" '^ +dmirror_device_remove_chunks\+0x[0-9a-f]+/0x[0-9a-f]+ \[test_hmm\]$'
like "down to the module's last function" "$out" '^ +hmm_dmirror_exit\+0x[0-9a-f]+(/0x[0-9a-f]+)? \[test_hmm\]$'
like "one reference is left" "$out" '^ +references left: 1$'
like "the page in the pipe has it" "$out" '^ +page pfn 0x1[46][0-9a-f]+: 1 reference, mapped 0 times$'
ok "rmmod has not returned" kill -0 "$waiter"
exec 7>&-
ok "the pipe is gone: rmmod returns" in_time 60 released
why
is "and nothing hangs any more" "$rc $out" "0 nothing is stuck: no task waits for a pagemap to drain"
rc=0
wait "$run" || rc=$?
is "the run has warned of the stall, and of nothing else" \
	"$rc $(json '[(f["rule"], f["severity"], f["driver"], f["comm"]) for f in r["finding"]]')" \
	"0 [('KILL_STALL', 'WARNING', 'test_hmm', 'rmmod')]"
is "and explained it" "$(json '[(e["refs"], e["outstanding"], e["held"][0]["refs"])
	for e in r["explanation"]]')" "[(1, 1, 1)]"
is "in the end all four pagemaps are released" \
	"$(json '[p["state"] for p in r["report"][0]["pagemaps"]]')" \
	"['RELEASED', 'RELEASED', 'RELEASED', 'RELEASED']"
