#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Debian's kernel for arm64, in an emulated machine with an NVDIMM: the tool attaches by
# trampolines and by probes, sees a pagemap come and go, finds an older one, and says what it
# cannot know there.
# timeout: 1500
set -eu
. "$(dirname "$0")/../guest/lib.sh"

kernel=debian-6.12-arm64
dir=$top/.output/arm64
tool=$dir/pgmapstat
sysroot=$("$top/guest/sysroot") || bail "no libraries to link with"
make -s -C "$top/tools" O="$dir" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- \
	SYSROOT="$sysroot"

# unpack_modules KERNEL_DIR MODULE ...: them and what they need, plain, in the order of loading:
# a shell of so few parts loads no packed ones, and the host's modprobe does not run there
unpack_modules() {
	local release file count=10

	release=$(sed 's/^linux-image-\([^ ]*\).*/\1/' "$1/package")
	mkdir -p "$scratch/lib/modules"
	ln -s "$1/modules" "$scratch/lib/modules/$release"
	for file in "${@:2}"; do
		modprobe -C /dev/null -d "$scratch" -S "$release" --show-depends "$file"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$scratch/order"
	while read -r file; do
		xz -dc "$file" >"$scratch/$count-$(basename "$file" .xz)"
		count=$((count + 1))
	done <"$scratch/order"
}

# json NAME EXPRESSION: of the objects in the part NAME of what the guest wrote, by kind
json() {
	"${python[@]}" -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1]) if line.startswith("{")]
def of(kind):
    return [line for line in lines if line["kind"] == kind]
print(eval(sys.argv[2]))' "$scratch/share/$1" "$2"
}

code=0
built=$("$top/guest/debian" $kernel) || code=$?
plan 15
if [ "$code" -eq 4 ]; then
	for i in $(seq 15); do
		skip "result $i" "the archive has no such kernel"
	done
	exit 0
fi
[ "$code" -eq 0 ] || bail "no kernel to boot"
unpack_modules "$built" nfit nd_pmem

# The namespace is given a table of struct pages by hand, as ndctl does for mode fsdax.
mkdir "$scratch/share"
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
echo 2097152 >$pfn/align
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
guest --kernel $kernel --nvdimm 512M --share "$scratch/share" --timeout 900 -- \
	"$sysroot/bin/busybox" sh "$scratch/script" "$tool" "$scratch" \
	"$sysroot/bin/busybox"
is "the guest does all it is told" "$rc" 0
[ "$rc" -eq 0 ] || diag "$err"

for backend in fentry kprobe; do
	check=$(cat "$scratch/share/check-$backend")
	like "$backend attaches" "$check" "^backend +$backend "
	like "$backend: what it does not show is said" "$check" "^$backend +taken, does not show: pfn"
	like "$backend: rules that need it are off" "$check" '^rules_off +.*DOUBLE_FREE.*MISMATCH'
	is "$backend: the one pagemap is described" \
		"$(json $backend '[(p["type"], p["driver"], p["device"], p["pages"]) for p in of("report")[0]["pagemaps"]]')" \
		"[('FS_DAX', 'nd_pmem', 'namespace0.0', 131072)]"
	is "$backend: its life is whole, and clean" \
		"$(json $backend '[(p["generation"], p["state"]) for p in of("report")[0]["pagemaps"]], of("report")[0]["verdict"], sum(of("report")[0]["lost"].values())')" \
		"([(1, 'RELEASED')], 'clean', 0)"
done
like "the rules say so, too" "$(cat "$scratch/share/rules")" 'here: off, not shown: pfn'
is "one that was there before is listed" \
	"$(json list '[(p["type"], p["driver"], p["ranges"], p["state"]) for p in of("pagemap")]')" \
	"[('FS_DAX', 'nd_pmem', [{'start': '0xc0000000', 'end': '0xdfffffff'}], 'LIVE')]"
is "why says that its pages are not known, and counts none" \
	"$(json why '[("MEMMAP" in e["unknown"], e["pages_seen"], e["held"]) for e in of("explanation")]')" \
	"[(True, 0, [])]"
is "its end is seen: generation 1 from before the start" \
	"$(json older '[(p["generation"], p["since"], p["state"]) for p in of("report")[0]["pagemaps"]]')" \
	"[(1, 'before start', 'RELEASED')]"
