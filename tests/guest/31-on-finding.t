#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Which rules are judged, and what is done at a finding: the file of findings, the saved
# trace, a command with the finding in its environment, an early end.
# timeout: 240
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest --hmm

insmod "$modules/pgmap_poke.ko"
cd "$scratch"
# the first add is forgotten, so its range stays taken: each round has one of its own
cat >careless <<'END'
echo "add 0 4 $1 0x200000" >/dev/pgmap_poke
echo "forget 0" >/dev/pgmap_poke
echo "add 0 4 $2 0x200000" >/dev/pgmap_poke
sleep "$3"
echo "del 0" >/dev/pgmap_poke
END
place=$((0x140000000)) pause=0

# checks OPTION ...: the careless driver, watched; sets rc, out and err
checks() {
	rc=0
	"$pgmapstat" check "$@" -- sh careless "$place" $((place + 0x400000)) "$pause" \
		>out 2>err || rc=$?
	out=$(cat out)
	err=$(cat err)
	place=$((place + 0x800000))
}

plan 23
checks
is "the rule is judged: exit 2" "$rc" 2
like "with the kernel's stack at the add" "$out" 'poke_write\+0x[0-9a-f]+/0x[0-9a-f]+ \[pgmap_poke\]'
checks --disable add_on_active
is "a disabled rule is not: exit 0" "$rc" 0
unlike "nor told" "$out" ADD_ON_ACTIVE
checks --only DOUBLE_KILL,LEAK
is "only others are: exit 0" "$rc" 0
checks --only ADD_ON_ACTIVE
is "only this one is: exit 2" "$rc" 2

checks --findings found.json
checks --findings found.json
is "findings and verdicts of both runs are in the file" \
	"$(grep -o '"kind":"[a-z]*"' found.json | tr '\n' ' ')" \
	'"kind":"finding" "kind":"report" "kind":"finding" "kind":"report" '
like "with rule, pagemap, driver and range" "$(head -n 1 found.json)" \
	'"rule":"ADD_ON_ACTIVE".*"pgmap":"0xf[0-9a-f]*".*"driver":"pgmap_poke".*"ranges":\[\{"start":"0x14[0-9a-f]*00000"'
like "and the time of day" "$(head -n 1 found.json)" '"time":"20[0-9-]*T'
checks --findings /no/such/dir/file
is "a file that cannot be written: exit 1 and why" "$rc $err" \
	"1 pgmapstat: /no/such/dir/file: No such file or directory"

(ulimit -Sn 20 && checks --on-finding 'exec=ulimit -Sn >limit')
is "its limit of open files is ours, though the tool needs more" "$(cat limit)" 20
place=$((place + 0x800000))
# shellcheck disable=SC2016 # the command's
checks --on-finding 'exec=echo "$PGMAP_RULE $PGMAP_SEVERITY $PGMAP_DRIVER $PGMAP_GENERATION" >told'
like "a command has the finding in its environment" "$(cat told)" '^ADD_ON_ACTIVE ERROR pgmap_poke [0-9]+$'
checks --on-finding 'exec=exit 5'
is "the verdict stays what it was" "$rc" 2
like "a command that fails is told" "$err" '--on-finding exec=exit 5 failed with exit code 5'

checks --on-finding trace=saved.txt
is "the trace is saved where it was asked for" "$err" "pgmapstat: the trace is in saved.txt"
is "with the adds in it" "$(grep -c 'pgmap_add: ' saved.txt)" 2
checks --on-finding trace
ok "or under its usual name" grep -q 'pgmap_add: ' pgmapstat-trace.txt
is "no instance of tracefs is left" "$(ls /sys/kernel/tracing/instances)" ""
checks --on-finding trace --only LEAK
is "nor one when nothing was found" "$(ls /sys/kernel/tracing/instances)" ""

SECONDS=0
pause=60
checks --on-finding stop
ok "stop ends the run at the finding" [ "$SECONDS" -lt 40 ]
is "with the verdict: exit 2" "$rc" 2
like "which has it" "$out" '^verdict: violated'

rc=0
"$pgmapstat" rules --json >listed || rc=$?
is "all rules are listed" "$rc $(wc -l <listed) $(grep -c '"hazards":"..*"' listed)" "0 20 20"
