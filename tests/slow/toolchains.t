#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The tool built with newer compilers of BPF programs, and with a newer libbpf, than Debian 12
# has by default: each backend loads and attaches on each kernel that has it, and a run
# is counted on our kernel and on its stock twin as the usual build counts it.
# timeout: 3600
set -eu
. "$(dirname "$0")/../guest/lib.sh"

# name, compiler, whose libbpf
builds="
clang-16  clang-16  own
clang-19  clang-19  own
libbpf    clang     newest
"
# kernel, backends
kernels="
pgmap        tp_btf fentry kprobe
stock        fentry kprobe
debian-5.10  fentry kprobe
debian-6.1   fentry kprobe
debian-6.12  fentry kprobe
debian-sid   fentry kprobe
"

# build NAME COMPILER WHOSE: into built
build() {
	built=$top/.output/$1
	rm -rf "$built"
	[ "$3" = own ] || local -x PKG_CONFIG_PATH=$newest/usr/lib/pkgconfig
	make -s -C "$top/tools" CLANG="$2" O="$built"
}

# compilers PROGRAM: what the BPF objects in it say they were compiled by, and how many do
compilers() {
	strings -a "$1" | grep -oE 'clang version [0-9]+' | sort | uniq -c | sed 's/^ *//'
}

# attached KERNEL BACKEND ...: which of them attach there, and by what libbpf
attached() {
	# shellcheck disable=SC2016
	guest --kernel "$1" -- bash -c 'tool=$1; shift
		for backend; do
			"$tool" -v --check --backend "$backend" 2>"$0" || tail -n 1 "$0"
			grep -aE "^libbpf: v[0-9]" "$0"
		done' /tmp/said "$built/pgmapstat" "${@:2}"
	grep -aE '^backend|^libbpf|^pgmapstat' <<<"$out" | awk '{ print $1 $2 }' | sort -u | tr '\n' ' '
}

# expected VERSION BACKEND ...: what attached() prints when all is well
expected() {
	printf 'backend%s\n' "${@:2}" | sort | tr '\n' ' '
	echo "libbpf:$1 "
}

# totals: what each report in out counted
totals() {
	"${python[@]}" -c 'import json, sys
for line in sys.stdin:
    r = json.loads(line)
    if r["kind"] == "report":
        print(r["verdict"], [r["totals"][k] for k in ("allocs", "frees", "faults")],
              sum(r["lost"].values()))' <<<"$out"
}

# check_attaching VERSION
check_attaching() {
	local kernel got code
	local -a backends

	while read -ra backends; do
		[ ${#backends[@]} -gt 0 ] || continue
		kernel=${backends[0]} code=0
		got=$(attached "${backends[@]}"; exit "$rc") || code=$?
		if [ "$code" -eq 123 ]; then
			skip "$name on $kernel: each backend attaches" "the archive has no such kernel"
		else
			is "$name on $kernel: each backend attaches" "$got" \
				"$(expected "$1" "${backends[@]:1}")"
		fi
	done <<<"$kernels"
}

check_counting() {
	local kernel

	for kernel in pgmap stock; do
		# shellcheck disable=SC2016
		guest --kernel $kernel --hmm --timeout 500 -- bash -c \
			'"$1" check --json --backend fentry -- "$2" check --json --backend fentry -- \
				bash -c "$3/guest/hmm-setup && $4 >/dev/null && modprobe -r test_hmm && sleep 1" |
			grep "\"kind\":\"report\""' - "$built/pgmapstat" "$pgmapstat" "$top" "$hmm_tests"
		is "$name on $kernel: two reports, both clean and with the same counts" \
			"$(totals | uniq -c | sed 's/^ *//')" "2 clean [29224, 29224, 10766] 0"
	done
}

newest=$("$top/guest/libbpf") || bail "no libbpf to build with"
own=$(pkg-config --modversion libbpf)
theirs=$(PKG_CONFIG_PATH=$newest/usr/lib/pkgconfig pkg-config --modversion libbpf)
hmm_tests=$("$top/guest/selftests")
build_tool
plan 31

isnt "the newest libbpf is another one than this system's" "${theirs%.*}" "${own%.*}"
while read -r name compiler whose; do
	[ -n "$name" ] || continue
	ok "$name builds it" build "$name" "$compiler" "$whose"
	built=$top/.output/$name
	is "$name: both BPF objects are by that compiler" "$(compilers "$built/pgmapstat")" \
		"2 clang version $("$compiler" --version | sed -n 's/.*clang version \([0-9]*\).*/\1/p')"
	version=$own
	[ "$whose" = own ] || version=$theirs
	check_attaching "v${version%.*}"
	check_counting
done <<<"$builds"
