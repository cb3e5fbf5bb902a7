#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# For arm64, by a cross compiler: every object of pgmapstat, its BPF programs, and the kernel
# half in the grafted tree. Nothing of it is run.
# timeout: 3600
set -eu
. "$(dirname "$0")/../guest/lib.sh"

cross=aarch64-linux-gnu-
dir=$top/.output/arm64
tree=$("$top/guest/tree" --work pgmap)
kernel=(make -s -C "$tree" O="$dir/kernel" ARCH=arm64 CROSS_COMPILE="$cross")

# machines FILE ...: of what machines they are, each once
machines() {
	"${cross}readelf" -h "$@" | sed -n 's/^ *Machine: *//p' | sort -u
}

plan 7
command -v "${cross}gcc" >/dev/null || bail "no ${cross}gcc: install gcc-aarch64-linux-gnu"
rm -rf "$dir/obj"
ok "all of the tool compiles" make -s -C "$top/tools" objects ARCH=arm64 CROSS_COMPILE="$cross" \
	O="$dir"
mapfile -t objects < <(find "$dir/obj" -name '*.o')
mapfile -t sources < <(find "$top/tools" -name '*.c')
is "each source" "${#objects[@]}" "${#sources[@]}"
is "for that machine" "$(machines "${objects[@]}")" AArch64
nok "an unknown machine is refused" make -s -C "$top/tools" objects ARCH=vax O="$dir/vax"

mkdir -p "$dir/kernel"
cat "$top"/guest/config/{base,pgmap}.config >"$dir/kernel/.fragments"
ok "the tree takes the configuration" "${kernel[@]}" KCONFIG_ALLCONFIG="$dir/kernel/.fragments" \
	allnoconfig
rm -rf "$dir/kernel/pgmap"
ok "the kernel half compiles" "${kernel[@]}" -j"$(nproc)" pgmap/
is "core and hmm_devmem, for that machine" \
	"$(machines "$dir"/kernel/pgmap/kernel/memremap.o "$dir"/kernel/pgmap/mm/hmm.o)" AArch64
