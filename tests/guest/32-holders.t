#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Who holds the pages of a pagemap: with pgmapstat --pages running, each page has who
# allocated it and who maps it; and a run tells why by itself when it finds a stall.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest --hmm

private=1

# has PATTERN: the observer's output has it
has() {
	grep -Eq -- "$1" "$scratch/seen"
}

plan 21
"$pgmapstat" --pages --stall-warn 2s --findings "$scratch/findings" 1 >"$scratch/seen" 2>&1 &
observer=$!
ok "an observer with --pages runs" in_time 60 has '^total: 0 pagemaps'
insmod "$modules/pgmap_hmm.ko"
sleep 30 | "$modules/hmm_touch" 0 20 1 keep >"$scratch/moved" &
ok "a process has 20 pages on a device" in_time 20 grep -q moved "$scratch/moved"
touch=$(pgrep -x hmm_touch)
ok "the observer shows the pagemap" in_time 20 has '^0x[0-9a-f]{16} +1 PRIVATE'
address=$(grep -Eo -m 1 '^0x[0-9a-f]{16}' "$scratch/seen")

rc=0
out=$("$pgmapstat" why "$address" 2>&1) || rc=$?
is "asked for, it is shown: exit 0" "$rc" 0
like "20 pages are in use" "$out" '^ +pages in use: 20 of [0-9]+ looked at$'
like "each is mapped once" "$out" '^ +page pfn 0x[0-9a-f]+: [1-9] references?, mapped 1 time$'
is "16 of them are shown" "$(grep -c '^ *page pfn' <<<"$out")" 16
is "with the process that maps them" "$(grep -c "^ *mapped by hmm_touch/$touch at 0x7f" <<<"$out")" 16
is "at an address each" "$(grep -o ' at 0x[0-9a-f]*$' <<<"$out" | sort -u | wc -l)" 16
is "and the process that allocated them" \
	"$(grep -Ec "^ *allocated [0-9.]+m?s ago by hmm_touch/$touch(, as the page before)?$" <<<"$out")" 16
like "from where" "$out" '^ +(vram_alloc|zone_device_page_init)\+0x'
is "which is told once, for all come from there" "$(grep -c 'zone_device_page_init+0x' <<<"$out")" 1
like "the rest is counted" "$out" '^ +and 4 more pages in use$'
unlike "nothing is unknown" "$out" 'not known: (who|other|some|time)'

out=$(setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$pgmapstat" why "$address" 2>&1) || true
like "without CAP_SYS_ADMIN the same pages" "$out" '^ +pages in use: 20 of '
like "but not who maps them" "$out" '^ +not known: who maps a page is shown with CAP_SYS_ADMIN only$'
like "nor what the observer knows" "$out" '^ +not known: other pgmapstat processes could not be asked'
kill "$touch"

# ---- a run that finds a stall explains it ----
insmod "$modules/pgmap_poke.ko"
poke claim 0 $private 0x8000000 >/dev/null
poke hold 0 >/dev/null
sh -c "echo del 0 >/dev/pgmap_poke" &
waiter=$!
ok "a run finds a stall" in_time 30 has 'KILL_STALL'
ok "and tells who waits" in_time 30 has "^ +waiting for about [0-9.]+m?s: sh/$waiter$"
ok "and who allocated the page that is left" in_time 5 \
	has '^ +allocated [0-9.]+m?s ago by 32-holders.t/'
poke put 0 >/dev/null
wait "$waiter"
kill -INT "$observer"
wait "$observer" || true
like "the file of findings has it too" "$(cat "$scratch/findings")" \
	'"kind":"explanation".*"state":"KILLED".*"allocator":\{"comm":"32-holders.t"'
