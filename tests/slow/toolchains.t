#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The tool built with a newer clang than Debian 12's own: on our kernel and on its stock twin
# each backend loads and attaches, and counts a run as the usual build does.
# timeout: 1200
set -eu
. "$(dirname "$0")/../guest/lib.sh"

newer=clang-16
built=$top/.output/$newer
hmm_tests=$("$top/guest/selftests")
build_tool
plan 9

rm -rf "$built"
ok "$newer builds it" make V=1 -C "$top/tools" CLANG=$newer O="$built"
is "both BPF objects are by that compiler" \
	"$(make -n V=1 -C "$top/tools" CLANG=$newer O="$scratch/none" | grep -c "^$newer -target bpf")" 2

# totals FILE: what the report counted
totals() {
	"${python[@]}" -c 'import json, sys
for line in sys.stdin:
    r = json.loads(line)
    if r["kind"] == "report":
        print(r["verdict"], [r["totals"][k] for k in ("allocs", "frees", "faults")],
              sum(r["lost"].values()))' <<<"$out"
}

for kernel in pgmap stock; do
	for backend in tp_btf fentry kprobe; do
		[ "$kernel $backend" != "stock tp_btf" ] || continue
		guest --kernel $kernel -- "$built/pgmapstat" --check --backend $backend
		like "$kernel: $backend attaches" "$rc $out" "^0 backend +$backend "
	done
	# shellcheck disable=SC2016
	guest --kernel $kernel --hmm --timeout 500 -- bash -c \
		'"$1" check --json --backend fentry -- "$2" check --json --backend fentry -- \
			bash -c "$3/guest/hmm-setup && $4 >/dev/null && modprobe -r test_hmm && sleep 1" |
		grep "\"kind\":\"report\""' - "$built/pgmapstat" "$pgmapstat" "$top" "$hmm_tests"
	is "$kernel: it counts as the usual build, and is clean" "$(totals | uniq)" \
		"clean [29224, 29224, 10766] 0"
done
