#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Debian's kernels for arm64, with small and with larger pages, in an emulated machine with an
# NVDIMM: the tool attaches by trampolines and by probes, sees a pagemap come and go, finds an
# older one, and says what it cannot know there.
# timeout: 1500
set -eu
. "$(dirname "$0")/../guest/lib.sh"

dir=$top/.output/arm64
tool=$dir/pgmapstat
each=15
sysroot=$("$top/guest/sysroot") || bail "no libraries to link with"
make -s -C "$top/tools" O="$dir" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- \
	SYSROOT="$sysroot"

# unpack_modules KERNEL_DIR MODULE ...: them and what they need, plain, in the order of loading:
# a shell of so few parts loads no packed ones, and the host's modprobe does not run there
unpack_modules() {
	local release file count=10

	release=$(sed 's/^linux-image-\([^ ]*\).*/\1/' "$1/package")
	mkdir -p "$scratch/modules/lib/modules"
	ln -s "$1/modules" "$scratch/modules/lib/modules/$release"
	for file in "${@:2}"; do
		modprobe -C /dev/null -d "$scratch/modules" -S "$release" --show-depends "$file"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$scratch/order"
	while read -r file; do
		xz -dc "$file" >"$scratch/modules/$count-$(basename "$file" .xz)"
		count=$((count + 1))
	done <"$scratch/order"
}

# json FILE EXPRESSION: of the last object r in what the guest wrote there, pagemaps p in it
json() {
	"${python[@]}" -c 'import json, sys
r = json.loads(open(sys.argv[1]).readlines()[-1])
p = r.get("pagemaps")
print(eval(sys.argv[2]))' "$scratch/share/$1" "$2"
}

# The namespace is given a table of struct pages by hand, as ndctl does for mode fsdax.
cat >"$scratch/script" <<'END'
set -eu
share=/mnt/share tool=$1 busybox=$3
for module in "$2"/*.ko; do
	insmod "$module"
done
cd /sys/bus/nd/drivers/nd_pmem
echo namespace0.0 >unbind
pfn=/sys/bus/nd/devices/pfn0.0
echo pmem >$pfn/mode
echo 11111111-2222-3333-4444-555555555555 >$pfn/uuid
echo namespace0.0 >$pfn/namespace
for backend in fentry kprobe; do
	$tool --check --backend $backend >$share/check-$backend
	$tool check --json --backend $backend -- \
		$busybox sh -c 'echo pfn0.0 >bind; sleep 1; echo pfn0.0 >unbind; sleep 1' >$share/$backend
done
$tool rules --here >$share/rules
echo pfn0.0 >bind
$tool list --json >$share/list
$tool why --json 0x$(sed -n 's/.*"pgmap":"0x\([0-9a-f]*\)".*/\1/p' $share/list) >$share/why
$tool check --json -- $busybox sh -c 'echo pfn0.0 >unbind; sleep 1' >$share/older
END

# skip_all KERNEL
skip_all() {
	local i

	for i in $(seq $each); do
		skip "$1: result $i of $each" "the archive has no such kernel"
	done
}

# run KERNEL PAGES: all results there, of pages of which the NVDIMM has so many
run() {
	local code=0 built backend check

	built=$("$top/guest/debian" "$1") || code=$?
	[ "$code" -ne 4 ] || { skip_all "$1"; return; }
	[ "$code" -eq 0 ] || bail "no kernel to boot"
	rm -rf "${scratch:?}/share" "$scratch/modules"
	mkdir "$scratch/share"
	unpack_modules "$built" nfit nd_pmem
	guest --kernel "$1" --nvdimm 512M --share "$scratch/share" --timeout 900 -- \
		"$sysroot/bin/busybox" sh "$scratch/script" "$tool" "$scratch/modules" \
		"$sysroot/bin/busybox"
	is "$1: the guest does all it is told" "$rc" 0
	[ "$rc" -eq 0 ] || diag "$err"

	for backend in fentry kprobe; do
		check=$(cat "$scratch/share/check-$backend")
		like "$1: $backend attaches" "$check" "^backend +$backend "
		like "$1: $backend: what it does not show is said" "$check" \
			"^$backend +taken, does not show: pfn"
		like "$1: $backend: rules that need it are off" "$check" \
			'^rules_off +.*DOUBLE_FREE.*MISMATCH'
		is "$1: $backend: the one pagemap is described" \
			"$(json $backend '[(x["type"], x["driver"], x["device"], x["pages"]) for x in p]')" \
			"[('FS_DAX', 'nd_pmem', 'namespace0.0', $2)]"
		is "$1: $backend: its life is whole, and clean" \
			"$(json $backend '[x["state"] for x in p], r["verdict"], sum(r["lost"].values())')" \
			"(['RELEASED'], 'clean', 0)"
	done
	like "$1: the rules say so, too" "$(cat "$scratch/share/rules")" 'here: off, not shown: pfn'
	is "$1: one that was there before is listed" \
		"$(json list '[r[k] for k in ("type", "driver", "ranges", "pages", "state")]')" \
		"['FS_DAX', 'nd_pmem', [{'start': '0xc0000000', 'end': '0xdfffffff'}], $2, 'LIVE']"
	is "$1: why says that its pages are not known, and counts none" \
		"$(json why '"MEMMAP" in r["unknown"], r["pages_seen"], r["held"]')" "(True, 0, [])"
	is "$1: its end is seen: generation 1 from before the start" \
		"$(json older '[(x["generation"], x["since"], x["state"]) for x in p]')" \
		"[(1, 'before start', 'RELEASED')]"
}

plan $((2 * each))
run debian-6.12-arm64 131072
run debian-6.12-arm64-16k 32768
