#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Pagemaps older than the tool on a kernel without this project's core: test_hmm's four, which
# only user space can name; -D by that name; why.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"
build_tool
in_guest --kernel stock "${hmm_guest[@]}"

# json EXPRESSION: of the last line in scratch/out, r
json() {
	"${python[@]}" -c 'import json, sys
r = [json.loads(line) for line in open(sys.argv[1])][-1]
print(eval(sys.argv[2]))' "$scratch/out" "$1"
}

# tool ARGUMENT ...: runs it, leaves rc, out and err
tool() {
	rc=0
	"$pgmapstat" "$@" >"$scratch/out" 2>"$scratch/err" || rc=$?
	out=$(cat "$scratch/out")
	err=$(cat "$scratch/err")
}

plan 16
load_test_hmm
tool list
is "four of them: exit 0" "$rc $(grep -c '^0x' <<<"$out")" "0 4"
is "two PRIVATE ones by their claim" \
	"$(grep -Ec '^0x[0-9a-f]{16} PRIVATE    test_hmm       hmm_dmirror      0x[0-9a-f]+-0x[0-9a-f]+ +65536 percpu LIVE$' <<<"$out")" 2
like "a COHERENT one" "$out" \
	'^0x[0-9a-f]{16} COHERENT   test_hmm       -                0x140000000-0x14fffffff +65536 percpu LIVE$'
like "the other one" "$out" \
	'^0x[0-9a-f]{16} COHERENT   test_hmm       -                0x160000000-0x16fffffff +65536 percpu LIVE$'
address=$(awk '$2 == "PRIVATE" { print $1; exit }' <<<"$out")
tool list -v
like "both ways of finding find all" "$err" \
	"^pgmapstat: pagemaps in the kernel's table: 4; by struct pages: 4\$"
tool why --limit 60s "$address"
like "why names the driver" "$out" "^pgmap $address, PRIVATE, driver test_hmm, device hmm_dmirror, 0x"
like "and looks at its pages" "$out" '^ +pages in use: 0 of 65536 looked at$'
tool why
is "nothing hangs" "$rc $out" "0 nothing is stuck: no task waits for a pagemap to drain"

tool --check
like "a run finds them too" "$out" '^older_pagemaps +4, all found$'
tool check --json -D test_hmm -- true
is "-D by a name that only user space knows shows them" "$rc $(json 'len(r["pagemaps"])')" "0 4"
tool check --json -D nd_pmem -- true
is "another name hides them" "$rc $(json 'len(r["pagemaps"]), r["totals"]["states"]["UNKNOWN"]')" \
	"0 (0, 0)"
tool check --json -D nd_pmem -- rmmod test_hmm
is "also what happens to them" "$rc $(json 'len(r["pagemaps"]), r["verdict"]')" "0 (0, 'clean')"

load_test_hmm
tool check --json -- rmmod test_hmm
is "unloading releases all of them, and nothing is wrong" "$rc $(json \
	'r["verdict"], [(p["driver"], p["since"], p["state"]) for p in r["pagemaps"]]')" \
	"0 ('clean', $(printf "[('test_hmm', 'before start', 'RELEASED')%s]" \
	"$(printf ", ('test_hmm', 'before start', 'RELEASED')%.0s" 1 2 3)"))"
is "nothing is lost" "$(json 'sum(r["lost"].values())')" 0

tool check --json -- "$top/guest/hmm-setup"
is "what is added under watch has its driver by who called" "$rc $(json \
	'sorted((p["type"], p["driver"], p["device"], p["partial"]) for p in r["pagemaps"])[1:3]')" \
	"0 [('COHERENT', 'test_hmm', '', False), ('PRIVATE', 'test_hmm', 'hmm_dmirror', False)]"
tool check --json -D other -- rmmod test_hmm
is "and is hidden from others" "$rc $(json 'len(r["pagemaps"])')" "0 0"
