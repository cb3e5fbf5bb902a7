#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# For arm64, by a cross compiler: pgmapstat with its BPF programs, its unit tests, and the kernel
# half in the grafted tree. What needs no kernel of that machine is run in an emulation of it,
# and says what it says on x86-64.
# timeout: 3600
set -eu
. "$(dirname "$0")/../guest/lib.sh"

cross=aarch64-linux-gnu-
dir=$top/.output/arm64
share=$scratch/share
modules=$top/.output/modules/pgmap
command -v "${cross}gcc" >/dev/null || bail "no ${cross}gcc: install gcc-aarch64-linux-gnu"
sysroot=$("$top/guest/sysroot") || bail "no libraries to link with"
tree=$("$top/guest/tree" --work pgmap)
kernel=(make -s -C "$tree" O="$dir/kernel" ARCH=arm64 CROSS_COMPILE="$cross")
tool=(make -s -C "$top/tools" O="$dir" ARCH=arm64 CROSS_COMPILE="$cross" SYSROOT="$sysroot")

# machines FILE ...: of what machines they are, each once
machines() {
	"${cross}readelf" -h "$@" | sed -n 's/^ *Machine: *//p' | sort -u
}

# emulated PROGRAM ARGUMENT ...: the emulator has the program's name, as it would have itself
emulated() {
	local as=$scratch/as/${1##*/}

	[ -e "$as" ] || ln -s "$(command -v qemu-aarch64-static)" "$as"
	"$as" -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH="$sysroot/usr/lib/aarch64-linux-gnu" "$@"
}

# failing_units: the unit tests that fail there, or give no result at all
failing_units() {
	local unit

	for unit in "$top"/tests/unit/test_*.c; do
		unit=$(basename "$unit" .c)
		emulated "$dir/unit/$unit" >"$scratch/unit" 2>&1 && grep -q '^ok ' "$scratch/unit" &&
			! grep -q '^not ok' "$scratch/unit" || echo "$unit"
	done
}

# same NAME PATTERN ARGUMENT ...: there the tool prints what it does here, which has PATTERN
same() {
	local name=$1 pattern=$2 here=0 there=0

	shift 2
	"$pgmapstat" "$@" >"$scratch/here" 2>&1 || here=$?
	emulated "$dir/pgmapstat" "$@" >"$scratch/there" 2>&1 || there=$?
	like "$name: here it says what is expected" "$(cat "$scratch/here")" "$pattern"
	is "$name: the same there, and exit code $here" "$there $(sha256sum <"$scratch/there")" \
		"$here $(sha256sum <"$scratch/here")"
}

mkdir "$share" "$scratch/as"
build_tool
build_modules pgmap
plan 22

rm -rf "$dir/obj" "$dir/pgmapstat" "$dir/sanitize" "$dir/unit"
ok "all of the tool compiles and links" "${tool[@]}"
like "into one static file for that machine" "$(file "$dir/pgmapstat")" \
	'ARM aarch64,.* statically linked'
nok "an unknown machine is refused" make -s -C "$top/tools" objects ARCH=vax O="$dir/vax"
# the emulator has no sanitizers
ok "the unit tests compile and link" "${tool[@]}" unit ASAN="-O1 -g"
is "all of them pass there" "$(failing_units)" ""

# shellcheck disable=SC2016
guest --hmm --share "$share" -- bash -eu -c '
	insmod "$1/pgmap_hmm.ko"
	trace-cmd record -q -C mono -e memremap -o /mnt/share/trace.dat \
		bash -c "\"$1/hmm_touch\" 0 64 30; rmmod pgmap_hmm" >/dev/null 2>&1
	insmod "$1/pgmap_hmm.ko"
	"$2" record -o /mnt/share/own.dat -- bash -c "\"$1/hmm_touch\" 0 64 30; rmmod pgmap_hmm"
	' - "$modules" "$pgmapstat"
is "x86-64 records two runs" "$rc" 0
same "--version" '^pgmapstat [0-9]' --version
same "rules" 'KILL_STALL' rules
same "replay of trace-cmd's" '1920 faults|1920 fault enters' replay "$share/trace.dat"
same "replay of its own, as JSON" '"verdict":"clean"' replay --json "$share/own.dat"
for i in here there; do
	run=("$pgmapstat")
	[ $i = here ] || run=(emulated "$dir/pgmapstat")
	"${run[@]}" latency --replay "$share/trace.dat" --save "$scratch/$i.json" >/dev/null
	"${run[@]}" report "$share/trace.dat" -o "$scratch/$i.html" --perfetto "$scratch/$i.trace" \
		>/dev/null
	# when it was written
	sed -i 's/"time":"[^"]*",//' "$scratch/$i.json"
done
same "diff" 'fault +p50' diff "$scratch/here.json" -- "$scratch/there.json"
for i in json html trace; do
	ok "the file .$i that it writes is the same" cmp "$scratch/here.$i" "$scratch/there.$i"
done

mkdir -p "$dir/kernel"
cat "$top"/guest/config/{base,pgmap}.config >"$dir/kernel/.fragments"
ok "the tree takes the configuration" "${kernel[@]}" KCONFIG_ALLCONFIG="$dir/kernel/.fragments" \
	allnoconfig
rm -rf "$dir/kernel/pgmap"
ok "the kernel half compiles" "${kernel[@]}" -j"$(nproc)" pgmap/
is "core and hmm_devmem, for that machine" \
	"$(machines "$dir"/kernel/pgmap/kernel/memremap.o "$dir"/kernel/pgmap/mm/hmm.o)" AArch64
