#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Loss and failed adds: what did not fit is counted by cause and makes the
# verdict inconclusive; an add that failed is reported, and no violation.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest --hmm --allow zone_device_page_init --allow memremap_pages

insmod "$modules/pgmap_poke.ko"

# Stops the tool, its parent, maps and unmaps ten times (40 records), lets it go on.
cat >"$scratch/burst" <<'END'
kill -STOP $PPID
for i in $(seq 10); do
	echo "add 0 4 0x140000000 0x200000" >/dev/pgmap_poke
	echo "del 0" >/dev/pgmap_poke
done
kill -CONT $PPID
END

# json EXPRESSION: of the report's object r, and all findings f
json() {
	"${python[@]}" -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
r = lines[-1]
f = [line for line in lines if line["kind"] == "finding"]
print(eval(sys.argv[2]))' "$scratch/json" "$1"
}

watch() {
	rc=0
	"$pgmapstat" check --json "$@" >"$scratch/json" || rc=$?
}

plan 17
watch --buffer 4096 -- bash "$scratch/burst"
is "a ring buffer of 4096 bytes overflows: exit 3" "$rc" 3
is "the verdict is inconclusive" "$(json 'r["verdict"], r["incomplete"]')" "('inconclusive', True)"
ok "counted by cause" [ "$(json 'r["lost"]["ring_buffer_full"]')" -gt 10 ]
is "every record is either seen or lost" \
	"$(json 'r["lost"]["ring_buffer_full"] <= 40 and sum(v for k, v in r["lost"].items() if k != "ring_buffer_full")')" 0
watch -- bash "$scratch/burst"
is "the usual one holds it: exit 0" "$rc" 0
is "and nothing is lost" "$(json 'sum(r["lost"].values())')" 0
is "ten generations at one address" \
	"$(json '[p["generation"] for p in r["pagemaps"]]')" "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"

watch -- sh -c 'echo "add 0 1 0x140000000 0x200000" >/dev/pgmap_poke; echo "del 0" >/dev/pgmap_poke;
	echo "add 0 9 0x140000000 0x200000" >/dev/pgmap_poke; true' 2>/dev/null
is "an add of a type that is none: exit 0" "$rc" 0
is "is reported with its errno" "$(json '[(x["rule"], x["severity"], x["error"]) for x in f]')" \
	"[('ADD_FAILED', 'REPORT', -22)]"

watch -- sh -c 'echo "add 0 4 0x1000000 0x200000" >/dev/pgmap_poke; true' 2>/dev/null
is "an add over RAM fails half-way: exit 0" "$rc" 0
is "it is one report" "$(json '[(x["rule"], x["error"]) for x in f]')" "[('ADD_FAILED', -6)]"
is "of one generation, with its unwinding" "$(json '[e["event"] for e in f[0]["events"]]')" \
	"['pgmap_kill', 'pgmap_drained', 'pgmap_release', 'pgmap_add']"
is "and one pagemap" "$(json '[(p["generation"], p["state"], p["error"]) for p in r["pagemaps"]]')" \
	"[(1, 'RELEASED', -6)]"

# a reference keeps it KILLED while a page is taken into use: legal to see, worth a warning
cat >"$scratch/late" <<'END'
echo "claim 1 1 0x8000000" >/dev/pgmap_poke
echo "get 1" >/dev/pgmap_poke
echo "del 1" >/dev/pgmap_poke &
sleep 1
echo "hold 1" >/dev/pgmap_poke
echo "put 1" >/dev/pgmap_poke
echo "unget 1" >/dev/pgmap_poke
wait
END
watch -- bash "$scratch/late"
is "an alloc after the kill: exit 0" "$rc" 0
is "is a warning" "$(json '[(x["rule"], x["severity"], x["state"]) for x in f]')" \
	"[('ALLOC_AFTER_KILL', 'WARNING', 'KILLED')]"
is "by the process that did it" "$(json 'f[0]["comm"]')" bash
is "and it drained well" "$(json '[(p["state"], p["outstanding"]) for p in r["pagemaps"]]')" \
	"[('RELEASED', 0)]"
