#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An unbind that hangs is told of while it hangs: a warning, later an error, with
# the killer and the pages that are out. And what a command leaves behind is reported.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest --hmm

# found EXPRESSION: for each finding f in the order of telling
found() {
	"${python[@]}" -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
for f in lines:
    if f["kind"] == "finding":
        print(eval(sys.argv[2]))' "$scratch/json" "$1"
}

# watch OPTION ... -- COMMAND ...
watch() {
	rc=0
	"$pgmapstat" check --json "$@" >"$scratch/json" 2>"$scratch/err" || rc=$?
}

insmod "$modules/pgmap_poke.ko"
cat >"$scratch/hang" <<'END'
echo "claim 0 1 0x8000000" >/dev/pgmap_poke
echo "hold 0" >/dev/pgmap_poke
echo "del 0" >/dev/pgmap_poke &
sleep "$1"
echo "put 0" >/dev/pgmap_poke
wait
END
cat >"$scratch/leave" <<'END'
echo "claim 1 1 0x8000000" >/dev/pgmap_poke
echo "hold 1" >/dev/pgmap_poke
END

plan 13
watch --stall-warn=2s --stall-error=5s -- sh "$scratch/hang" 9
is "a kill that takes 9 s, 5 s allowed: exit 2" "$rc" 2
is "it is told of twice: a warning that became an error" \
	"$(found 'f["rule"], f["severity"]' | tr '\n' ' ')" \
	"('KILL_STALL', 'WARNING') ('KILL_STALL', 'ERROR') "
is "after 2 and after 5 seconds" \
	"$(found '{"WARNING": 2, "ERROR": 5}[f["severity"]] <= f["for_ns"] / 1e9 < 9' | sort -u)" True
is "with the page that is out" "$(found 'f["outstanding"]' | tr '\n' ' ')" "1 1 "
is "the killer is named" "$(found 'f["comm"]' | sort -u)" sh
ok "with its stack" [ "$(found 'len(f["stack"])' | sort -u)" -gt 3 ]
is "the life until then comes with it" "$(found '[e["event"] for e in f["events"]]' | sort -u)" \
	"['pgmap_add', 'pgmap_kill']"

watch --stall-warn=4s --stall-error=1m -- sh "$scratch/hang" 2
is "a kill that takes 2 s, 4 s allowed: exit 0" "$rc" 0
is "and nothing is found" "$(found 'f["rule"]')" ""

watch -- sh "$scratch/leave"
is "a command that leaves a page behind: exit 0" "$rc" 0
is "the page is reported" "$(found 'f["rule"], f["severity"], f["outstanding"]')" \
	"('LEAK', 'REPORT', 1)"
echo "sleep 60" >>"$scratch/leave"
sed -i "s/ 1 1 / 2 1 /; s/hold 1/hold 2/" "$scratch/leave"
watch -d 10s -- sh "$scratch/leave"
is "one that is cut short: a page was left" \
	"$("${python[@]}" -c 'import json, sys
print(json.loads(list(open(sys.argv[1]))[-1])["totals"]["outstanding"])' "$scratch/json")" 1
is "but nothing is reported" "$(found 'f["rule"]')" ""
