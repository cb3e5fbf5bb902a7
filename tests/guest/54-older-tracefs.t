#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Pagemaps older than a run that reads trace records: it has them from its start on as the other
# backends do, also with no right to BPF, or says which right it takes to find them.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest --hmm

private=1 generic=4
# without any of these three nobody may load a BPF program
no_bpf=-bpf,-perfmon,-sys_admin

# json FILE EXPRESSION: of the lines of scratch/FILE, of which r is the last
json() {
	"${python[@]}" -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
r = lines[-1]
print(eval(sys.argv[2]))' "$scratch/$1" "$2"
}

# as RIGHTS ARGUMENT ...: the tool as root with all rights but some (-NAME,...), or with a few
# only (NAME,...); leaves rc, out and err
as() {
	local set=$1

	shift
	case $set in
	-*) ;;
	*) set=-all,+${set//,/,+} ;;
	esac
	rc=0
	setpriv --bounding-set "$set" --inh-caps "$set" "$pgmapstat" "$@" \
		>"$scratch/out" 2>"$scratch/err" || rc=$?
	out=$(cat "$scratch/out")
	err=$(cat "$scratch/err")
}

# who: the pagemaps of the report, each with when it began
who='[(p["type"], p["driver"], p["pages"], p["partial"], p["since"] == "before start", p["state"])
	for p in sorted(r["pagemaps"], key=lambda p: (p["generation"], p["pgmap"]))]'

plan 28
insmod "$modules/pgmap_poke.ko"
poke claim 0 $private 0x8000000 >/dev/null
poke add 1 $generic 0x148000000 0x8000000 >/dev/null
"$pgmapstat" list --json >"$scratch/listed"
first=$(json listed '[p["pgmap"] for p in lines if p["type"] == "PRIVATE"][0]')
second=$(json listed '[p["pgmap"] for p in lines if p["type"] == "GENERIC"][0]')

# ---- with BPF to look and without ----
for rights in -sys_nice "$no_bpf"; do
	how="with ${rights/$no_bpf/no right to BPF}"
	how=${how/-sys_nice/the right to BPF}
	as "$rights" --check --backend tracefs
	like "$how: --check says how many were found" "$out" '^older_pagemaps +2, all found$'
	as "$rights" --backend tracefs 1 1
	like "$how: the table has one with a mark" "$out" "^$first +1\\* PRIVATE    pgmap_poke"
	poke hold 0 >/dev/null
	as "$rights" check --backend tracefs --pages --json -- bash -c '. "$0"; poke put 0; poke del 0
		poke del 1; poke claim 0 1 0x8000000; poke add 1 4 0x148000000 0x8000000' \
		"$top/tests/guest/poke.sh"
	is "$how: a page of before is freed, both are unmapped and mapped again: clean" \
		"$rc $(json out 'r["verdict"], sum(r["rules"].values())')" "0 ('clean', 0)"
	is "$how: the first ones were there before the start, the others were not" \
		"$(json out "$who")" "$(printf '[%s, %s, %s, %s]' \
		"('PRIVATE', 'pgmap_poke', 32768, True, True, 'RELEASED')" \
		"('GENERIC', 'pgmap_poke', 32768, True, True, 'RELEASED')" \
		"('PRIVATE', 'pgmap_poke', 32768, False, False, 'LIVE')" \
		"('GENERIC', 'pgmap_poke', 32768, False, False, 'LIVE')")"
	is "$how: each is counted from the start of the run on" \
		"$(json out '[(p["allocs"], p["frees"]) for p in r["pagemaps"] if p["partial"] and
			p["type"] == "PRIVATE"]')" "[(0, 1)]"
	is "$how: nothing is lost or unknown" \
		"$(json out 'sum(r["lost"].values()), "older_unknown" in r')" "(0, False)"
	as "$rights" check --backend tracefs --json -t generic -- true
	is "$how: -t hides others" "$(json out '[p["pgmap"] for p in r["pagemaps"]]')" "['$second']"
	as "$rights" check --backend tracefs --json -p "$first" -- true
	is "$how: so does -p" "$(json out '[p["pgmap"] for p in r["pagemaps"]]')" "['$first']"
	as "$rights" check --backend tracefs --json -D nobody -- true
	is "$how: and -D" "$rc $(json out 'len(r["pagemaps"])')" "0 0"
done

# ---- one that is dying ----
poke hold 0 >/dev/null
sh -c "echo del 0 >/dev/pgmap_poke" &
waiter=$!
ok "an unmapping hangs" in_time 10 grep -q teardown "/proc/$waiter/stack"
as "$no_bpf" check --backend tracefs --json -- \
	sh -c 'echo put 0 >/dev/pgmap_poke; while [ -e /proc/$0 ]; do sleep 0.1; done' "$waiter"
is "it is taken over while it dies: clean" "$rc $(json out 'r["verdict"]')" "0 clean"
is "its end is seen" "$(json out "[(p['since'], p['state']) for p in r['pagemaps']
	if p['pgmap'] == '$first']")" "[('before start', 'RELEASED')]"
wait "$waiter"
poke claim 0 $private 0x8000000 >/dev/null

# ---- list and why, which need no run ----
"$pgmapstat" list --json | sed 's/"time_ns":[0-9]*,//' >"$scratch/with"
as "$no_bpf" list --json
is "list shows the same without BPF" "$(sed 's/"time_ns":[0-9]*,//' "$scratch/out")" \
	"$(cat "$scratch/with")"
as "$no_bpf" why "$second"
like "why shows a pagemap" "$out" "^pgmap $second, GENERIC, driver pgmap_poke, 0x148000000-"
as "$no_bpf" why
is "but not which one hangs: exit 1 and why" "$rc $err" \
	"1 pgmapstat: the tasks of this kernel could not be looked at, which takes BPF: name a pagemap (pgmapstat list)"

# ---- without the rights ----
as dac_override,syslog --check --backend tracefs
like "without CAP_SYS_RAWIO --check says so" "$out" \
	'^older_pagemaps +unknown: .* /proc/kcore \(.*\): .* CAP_SYS_RAWIO and CAP_DAC_OVERRIDE'
as dac_override,syslog check --backend tracefs -- sh -c 'echo del 0 >/dev/pgmap_poke'
like "so does the report" "$out" '^older: unknown, .*: .* CAP_SYS_RAWIO and CAP_DAC_OVERRIDE'
like "one of them shows itself by its end" "$out" "^$first +1\\* PRIVATE .* RELEASED\$"
as dac_override,sys_rawio check --backend tracefs -- true
like "without CAP_SYSLOG it says that" "$out" '^older: unknown, .*: kernel symbols are hidden'
