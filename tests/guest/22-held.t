#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A page held across the unmapping: the pagemap stays on screen, KILLED and
# with its page outstanding, until the page is put; then comes the verdict.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest --hmm

private=1 generic=4
insmod "$modules/pgmap_poke.ko"

# shows PATTERN: the tool's output has it
shows() {
	grep -Eq -- "$1" "$scratch/out"
}

events() {
	grep -oE 'pgmap_(add|kill|drained|release)' "$scratch/events" | tr '\n' ' '
}

plan 22
"$pgmapstat" events >"$scratch/events" 2>&1 &
stream=$!
"$pgmapstat" 1 >"$scratch/out" 2>&1 &
table=$!
ok "the table comes" in_time 30 shows '^total: 0 pagemaps'
sleep 2

is "a PRIVATE pagemap is mapped" "$(poke claim 0 $private 0x8000000)" 0
ok "it is shown LIVE, with type and driver" in_time 10 \
	shows '^0xf[0-9a-f]{15} +1 PRIVATE +pgmap_poke .* LIVE$'
is "a page is held" "$(poke hold 0)" 0
ok "it is outstanding" in_time 10 shows '^ +32768 +1 '
(
	echo "del 0" >/dev/pgmap_poke
	touch "$scratch/returned"
) &
ok "unmapping: it is shown KILLED" in_time 10 shows ' KILLED'
sleep 2.5
ok "and stays so" [ "$(grep -c ' KILLED' "$scratch/out")" -ge 2 ]
ok "with its page outstanding" grep -A1 -E ' KILLED' "$scratch/out" -m 2
is "one page" "$(grep -A1 -E '^0x.* KILLED' "$scratch/out" | tail -n 1 | awk '{ print $2 }')" 1
nok "memunmap_pages has not returned" [ -e "$scratch/returned" ]
is "the page is put" "$(poke put 0)" 1
ok "it is shown RELEASED" in_time 10 shows ' RELEASED'
sleep 2
is "for one interval" "$(grep -c '^0x.* RELEASED' "$scratch/out")" 1

is "the same struct, mapped again as GENERIC" "$(poke add 0 $generic 0x140000000 0x200000)" 0
ok "is generation 2" in_time 10 shows '^0xf[0-9a-f]{15} +2 GENERIC .* 0x140000000-0x1401fffff +LIVE$'
is "unmapped" "$(poke del 0)" 0
sleep 1.5

kill -INT "$table" "$stream"
rc=0
wait "$table" || rc=$?
is "the first SIGINT ends with exit 0" "$rc" 0
like "the report has both generations" "$(sed -n '/^All pagemaps/,$p' "$scratch/out")" \
	'^0xf[0-9a-f]{15} +2 GENERIC .* RELEASED$'
is "and the verdict comes last" "$(tail -n 1 "$scratch/out")" \
	"verdict: clean (0 errors, 0 warnings, 0 reports)"
wait "$stream" || true
is "the stream tells both lives" "$(events)" \
	"pgmap_add pgmap_kill pgmap_drained pgmap_release pgmap_add pgmap_kill pgmap_drained pgmap_release "
like "with the page at the kill" "$(grep ' pgmap_kill' "$scratch/events" | head -n 1)" '1 outstanding'
like "and none at the end" "$(grep ' pgmap_release' "$scratch/events" | head -n 1)" \
	'0 outstanding, teardown [0-9.]+s'
