#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# --pages: the state of each page is kept. Good drivers are clean under it, a full
# table is shown as loss, and each broken rule is found with process and stack.
# timeout: 600
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
on_host "$top/guest/selftests"
in_guest "${hmm_guest[@]}" --timeout 500

# json EXPRESSION: of the report's object r, and all findings f
json() {
	"${python[@]}" -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
r = lines[-1]
f = [line for line in lines if line["kind"] == "finding"]
print(eval(sys.argv[2]))' "$scratch/json" "$1"
}

# watch OPTION ... -- COMMAND ...
watch() {
	rc=0
	"$pgmapstat" check --json "$@" >"$scratch/json" 2>"$scratch/err" || rc=$?
}

# functions: the stack of the only finding as names, innermost first
functions() {
	json '"\n".join(frame["address"] for frame in f[0]["stack"])' >"$scratch/addresses"
	"${python[@]}" -c 'import bisect, sys
symbols = sorted((int(line.split()[0], 16), line.split()[2])
                 for line in open("/proc/kallsyms") if line.split()[1] in "tTwW")
starts = [symbol[0] for symbol in symbols]
print(" ".join(symbols[bisect.bisect(starts, int(address, 16)) - 1][1]
               for address in sys.stdin))' <"$scratch/addresses"
}

insmod "$modules/pgmap_poke.ko"
cat >"$scratch/hmm" <<'END'
set -eu
"$1/guest/hmm-setup"
"$("$1/guest/selftests")" >/dev/null
modprobe -r test_hmm
END

plan 29
watch --pages --probe-get -- bash "$scratch/hmm" "$top"
is "hmm-tests under --pages --probe-get is clean" "$rc $(json 'r["verdict"]')" "0 clean"
is "without a finding" "$(json 'len(f)')" 0
is "and nothing was lost" \
	"$(json '{k: v for k, v in r["lost"].items() if v and k != "stack_table_full"}')" "{}"
is "no page event was sent" "$(json '[r["records"]["pgmap_" + e] for e in
	("page_alloc", "page_free", "fault_enter", "fault_exit", "get")]')" "[0, 0, 0, 0, 0]"
ok "of $(json 'r["totals"]["allocs"]') allocs" \
	[ "$(json 'r["totals"]["allocs"]')" -gt 20000 ]

cat >"$scratch/touch" <<'END'
set -eu
insmod "$1/pgmap_hmm.ko"
"$1/hmm_touch" 0 64 3
rmmod pgmap_hmm
END
watch --pages=16 -- bash "$scratch/touch" "$modules"
is "16 states are too few for 64 pages: exit 3" "$rc" 3
is "the verdict is inconclusive" "$(json 'r["verdict"]')" inconclusive
is "each page without a state is counted" "$(json 'r["lost"]["page_table_full"]')" 144
is "and no finding comes of it" "$(json 'len(f)')" 0
watch --pages=64 -- bash "$scratch/touch" "$modules"
is "64 are enough: freed pages make room" "$rc $(json 'r["verdict"]')" "0 clean"

cat >"$scratch/twice" <<'END'
for command in "claim 0 1 0x8000000" "hold 0" "put 0" "refree 0" "del 0"; do
	echo "$command" >/dev/pgmap_poke
done
END
watch --pages -- bash "$scratch/twice"
is "a page freed twice: exit 2" "$rc" 2
is "is found" "$(json '[(x["rule"], x["severity"], x["comm"]) for x in f if x["rule"] == "DOUBLE_FREE"]')" \
	"[('DOUBLE_FREE', 'ERROR', 'bash')]"
is "with its page" "$(json 'int(f[0]["pfn"], 16) << 12 == int(f[0]["ranges"][0]["start"], 16)')" True
like "and how it came there, from the core on" "$(functions)" \
	'^free_zone_device_folio .*refree .*poke_write .*vfs_write '
is "by one record" "$(json 'r["records"]["pgmap_page_free"]')" 1
watch -- bash "$scratch/twice"
is "without --pages that rule is silent" \
	"$(json '[x["rule"] for x in f if x["rule"] == "DOUBLE_FREE"]')" "[]"

cat >"$scratch/stray" <<'END'
for command in "claim 0 1 0x8000000" "claim 1 1 0x8000000" "stray 0 1" "del 0" "del 1"; do
	echo "$command" >/dev/pgmap_poke
done
END
watch --pages -- bash "$scratch/stray"
is "a page with another's pagemap in it: exit 2" "$rc" 2
is "is found when it is allocated" "$(json '[(x["rule"], x["severity"]) for x in f]')" \
	"[('ALLOC_PGMAP_MISMATCH', 'ERROR')]"
is "against the pagemap that it has no place in" \
	"$(json 'f[0]["ranges"] == [p["ranges"] for p in r["pagemaps"]][1]')" True

# A reference too many keeps the page where it is: its process touches it in vain.
cat >"$scratch/vain" <<'END'
set -eu
cd "$2"
insmod "$1/pgmap_hmm.ko"
mkfifo go
"$1/hmm_touch" 0 1 1 keep <go >touched &
exec 4>go
until grep -q moved touched; do sleep 0.1; done
pfn=$((0x$(sed -n 's/^ *\([0-9a-f]*\)-.* : pgmap_hmm.*/\1/p' /proc/iomem | head -n 1) >> 12))
echo "ref 0 $pfn" >/dev/pgmap_poke
exec 4>&-
sleep 3
echo "unref 0 $pfn" >/dev/pgmap_poke
wait %1
rmmod pgmap_hmm
END
watch --pages -- bash "$scratch/vain" "$modules" "$scratch"
is "a fault that comes again and again: a warning, exit 0" "$rc" 0
is "is found, by its process" "$(json '[(x["rule"], x["severity"], x["comm"]) for x in f]')" \
	"[('FAULT_NO_PROGRESS', 'WARNING', 'hmm_touch')]"
ok "with how many in a second" [ "$(json 'f[0]["nr_faults"]')" -ge 100 ]
records=$(json 'r["records"]["pgmap_fault_exit"]')
faults=$(json 'r["totals"]["faults"]')
ok "told of once a second: $records records of $faults faults" [ "$records" -ge 1 -a "$records" -le 5 ]
like "and how it came there" "$(functions)" '^device_private_entry_fault do_swap_page '

# A fault that takes long is told of while it lasts.
cat >"$scratch/slow" <<'END'
set -eu
insmod "$1/pgmap_hmm.ko" fault_ms=4000
"$1/hmm_touch" 0 1 1
rmmod pgmap_hmm
END
watch --pages --stall-warn 1s -- bash "$scratch/slow" "$modules"
is "a fault open for 4 s: a warning, exit 0" "$rc" 0
is "is found once, by its process" \
	"$(json '[(x["rule"], x["severity"], x["comm"], x["times"]) for x in f]')" \
	"[('FAULT_NO_EXIT', 'WARNING', 'hmm_touch', 1)]"
ok "before it is over" [ "$(json '1e9 <= f[0]["for_ns"] < 4e9')" = True ]
watch --pages --stall-warn 10s -- bash "$scratch/slow" "$modules"
is "within the time allowed it is clean" "$rc $(json 'len(f)')" "0 0"

# States of a generation that ended without freeing its pages make room as well.
cat >"$scratch/forget" <<'END'
kept() {
	bpftool map dump name pgmap_pages | grep -c '"key":'
}
# the tool lets them go once it has the record of the second add, not at the add
wait_for_none() {
	for _ in {1..100}; do
		[ "$(kept)" -gt 0 ] || return 0
		sleep 0.1
	done
}
echo "claim 2 1 0x8000000" >/dev/pgmap_poke
echo "hold 2" >/dev/pgmap_poke
echo "in use $(kept)" >"$1"
echo "forget 2" >/dev/pgmap_poke
echo "claim 2 1 0x8000000" >/dev/pgmap_poke
wait_for_none
echo "added again $(kept)" >>"$1"
echo "del 2" >/dev/pgmap_poke
END
watch --pages -- bash "$scratch/forget" "$scratch/kept"
is "the states of a generation go with it" "$(cat "$scratch/kept")" "in use 1
added again 0"
