#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Three backends on our kernel watch the same runs at once: tracepoints, trampolines and
# kprobes agree on every count and on the verdict, also of a run that breaks a rule.
# timeout: 900
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
on_host "$top/guest/selftests"
in_guest "${hmm_guest[@]}" --timeout 800

backends=(tp_btf kprobe fentry)
options=()

# once COMMAND ...: under all three, the first one innermost; the report of each is
# a line of reports, in this order, and all else that they write in out
once() {
	rc=0
	"$pgmapstat" check --json --backend fentry "${options[@]}" -- \
		"$pgmapstat" check --json --backend kprobe "${options[@]}" -- \
		"$pgmapstat" check --json --backend tp_btf "${options[@]}" -- \
		"$@" >"$scratch/out" 2>"$scratch/err" || rc=$?
	grep '^{"schema".*"kind":"report"' "$scratch/out" >"$scratch/reports" || true
}

# each EXPRESSION: of the report r of each backend, on a line of its own
each() {
	"${python[@]}" -c 'import json, sys
for line in open(sys.argv[1]):
    r = json.loads(line)
    print(eval(sys.argv[2]))' "$scratch/reports" "$1"
}

# watched COMMAND ...: the same, anew if the kernel has kept a program of kprobe from running, as
# it does where somebody looks at a map; such a run has to say that it is inconclusive
watched() {
	local lost try

	for try in 1 2 3; do
		once "$@"
		lost=$(each 'r["lost"]["program_skipped"]' | sed -n 2p)
		[ "${lost:-0}" != 0 ] || return 0
		diag "run $try: kprobe was kept from running $lost programs"
		[ "$(each 'r["verdict"]' | sed -n 2p)" != clean ] ||
			bail "a run that lost events is clean"
	done
}

# agree NAME EXPRESSION: all three give the same
agree() {
	local -a values
	local i

	mapfile -t values < <(each "$2")
	diag "$1: ${values[0]:-}"
	for i in 1 2; do
		is "$1: ${backends[i]} as tp_btf" "${values[i]:-}" "${values[0]:-none}"
	done
}

totals='[r["totals"][k] for k in ("allocs", "frees", "fault_enters", "faults", "fault_errors",
	"outstanding")]'
# in order of their ends, by what cannot differ
pagemaps='[[p[k] for k in ("pgmap", "generation", "type", "state", "error", "pages", "ranges",
	"allocs", "frees", "faults", "outstanding")] for p in r["pagemaps"]]'
names='[(p["driver"], p["device"]) for p in r["pagemaps"]]'

cat >"$scratch/hmm" <<'END'
set -eu
"$1/guest/hmm-setup"
"$("$1/guest/selftests")" >/dev/null
modprobe -r test_hmm
sleep 1
END

plan 24
watched bash "$scratch/hmm" "$top"
is "hmm-tests passes, and all three are clean" "$rc $(each 'r["verdict"]' | tr '\n' ' ')" \
	"0 clean clean clean "
is "nothing was lost" "$(each 'sum(r["lost"].values())' | tr '\n' ' ')" "0 0 0 "
ok "there was something to count" [ "$(each 'min(r["totals"][k] for k in ("allocs", "frees",
	"faults"))' | sort -n | head -n 1)" -gt 1000 ]
agree "counts" "$totals"
agree "pagemaps" "$pagemaps"
agree "rules" 'r["rules"]'

# its fault handler can be probed by itself, that of test_hmm cannot
cat >"$scratch/touch" <<'END'
set -eu
insmod "$1/pgmap_hmm.ko"
sleep 2
"$1/hmm_touch" 0 64 1
rmmod pgmap_hmm
sleep 1
END
watched bash "$scratch/touch" "$modules"
is "a driver with a fault handler of its own: clean" \
	"$rc $(each 'r["verdict"]' | tr '\n' ' ')" "0 clean clean clean "
ok "it had faults" [ "$(each 'r["totals"]["faults"]' | sort -n | head -n 1)" -ge 64 ]
is "which were seen as they came" "$(each 'r["unseen"]' | tr '\n' ' ')" "[] [] [] "
agree "its counts" "$totals"
agree "its pagemaps" "$pagemaps"
is "its driver and device are named by all three" "$(each "$names" | sort -u)" \
	"[('pgmap_hmm', 'pgmap_hmm.0')]"

insmod "$modules/pgmap_poke.ko"
cat >"$scratch/careless" <<'END'
echo "claim 0 1 0x8000000" >/dev/pgmap_poke
echo "hold 0" >/dev/pgmap_poke
echo "forget 0" >/dev/pgmap_poke
echo "claim 0 1 0x8000000" >/dev/pgmap_poke
echo "del 0" >/dev/pgmap_poke
sleep 1
END
watched sh "$scratch/careless"
is "an add of an active pagemap: violated for all" \
	"$rc $(each 'r["verdict"]' | tr '\n' ' ')" "2 violated violated violated "
agree "broken rules" '{k: v for k, v in r["rules"].items() if v}'
is "which are not none" "$(each 'r["rules"]["ADD_ON_ACTIVE"]' | tr '\n' ' ')" "1 1 1 "
# what is called in between hides the caller, whose module the kernel would name
is "the module that called is named by all three" "$(each "$names" | sort | uniq -c | xargs)" \
	"3 [(pgmap_poke, ), (pgmap_poke, )]"
cat >"$scratch/twice" <<'END'
for command in "claim 1 1 0x8000000" "del 1" "add 1 4 0x148000000 0x8000000" "del 1"; do
	echo "$command" >/dev/pgmap_poke
done
sleep 1
END
options=(-D pgmap_poke)
watched sh "$scratch/twice"
is "-D knows it by that name" "$rc $(each "$names" | sort | uniq -c | xargs)" \
	"0 3 [(pgmap_poke, ), (pgmap_poke, )]"
options=(-D test_hmm)
watched sh "$scratch/twice"
is "and not by another" "$rc $(each "$names" | sort | uniq -c | xargs)" "0 3 []"
