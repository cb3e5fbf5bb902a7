# SPDX-License-Identifier: GPL-2.0
# The scenarios: create, use and destroy a pagemap through its driver. In a guest with the
# devices that tests/kernels/guest-options names. For each NAME of the table
#
#	before_NAME	prepares what is not watched: drivers that make no pagemap yet
#	run_NAME	one life of a pagemap; while it is there, writes what it has to look
#			like, found through other interfaces of the kernel, with expect
#
# All fail when a step does. Sourced; $kernels is the directory of the built programs.
#
#	expect START SIZE ALLOCS FREES FAULTS DEVICE	one pagemap; the counts are in pages,
#			- is any; DEVICE may be several names with commas between them

# shellcheck shell=bash disable=SC2154
nfit=ACPI.NFIT
hmm_pages=64
p2p_pages=16

expect() {
	printf '%d %d %s %s %s %s\n' "$1" "$2" "$3" "$4" "$5" "$6" >>"$result.expect"
}

drivers() {
	local name

	for name; do
		modprobe -q "$name" 2>/dev/null || [ -d "/sys/module/$name" ] ||
			echo "the driver $name is not there" >&2
	done
}

# iomem NAME: start and size of each region of this name, as 0x… 0x…
iomem() {
	awk -v name="$1" '$0 ~ ": " name "$" { sub(/ .*/, "", $1); split($1, at, "-")
		print "0x" at[1], "0x" at[2] }' <(sed 's/^ *//' /proc/iomem) |
		while read -r start end; do
			echo "$start $((end - start + 1))"
		done
}

hmm_load() {
	if [ -n "${TEST_HMM:-}" ]; then
		insmod "$TEST_HMM" "$@"
	else
		modprobe test_hmm "$@"
	fi
}

# The driver makes two devices of each kind: the two that nobody uses have no counts.
before_private() { :; }
run_private() {
	local start size

	hmm_load
	while read -r start size; do
		# which of the two is device 0 only the driver knows: sums are judged
		expect "$start" "$size" - - - -
	done < <(iomem hmm_dmirror)
	"$kernels/hmm_use" /dev/hmm_dmirror0 private $hmm_pages
	echo "$hmm_pages $hmm_pages $hmm_pages" >"$result.sums"
	rmmod test_hmm
}

before_coherent() { :; }
run_coherent() {
	local start

	hmm_load spm_addr_dev0=0x140000000 spm_addr_dev1=0x160000000
	for start in 0x140000000 0x160000000; do
		expect $start $((256 << 20)) - - 0 -
	done
	"$kernels/hmm_use" /dev/hmm_dmirror2 coherent $hmm_pages
	echo "$hmm_pages $hmm_pages 0" >"$result.sums"
	rmmod test_hmm
}

# namespace_make MODE BUS KEY: makes a namespace, prints its name and the value of KEY
namespace_make() {
	ndctl create-namespace -b "$2" -m "$1" ${4:+-M "$4"} |
		sed -nE "s/^ *\"(dev|$3)\":\"(namespace[^\"]*|pmem[^\"]*|dax[^\"]*)\".*/\2/p" |
		tr '\n' ' '
}

nvdimm_before() {
	drivers nfit libnvdimm nd_pmem dax_pmem device_dax
	ndctl disable-region -b $nfit all
	ndctl init-labels -f -b $nfit all
	ndctl enable-region -b $nfit all
}

# namespace_expect NAME DEVICE: its range is the pagemap's
namespace_expect() {
	local dir=/sys/bus/nd/devices/$1

	expect "$(cat "$dir/resource")" "$(cat "$dir/size")" - - 0 "$2"
}

fsdax() {
	local name disk

	read -r name disk <<<"$(namespace_make fsdax $nfit blockdev)"
	# what has the page structs stands between the namespace and the disk
	namespace_expect "$name" "$name,$(cat "/sys/bus/nd/devices/$name/holder")"
	"$@" "/dev/$disk"
	mkdir -p "$result.mnt"
	mount -o dax "/dev/$disk" "$result.mnt"
	grep -qE "^/dev/$disk .*[, ]dax(=always)?[, ]" /proc/mounts
	truncate -s 4M "$result.mnt/file"
	"$kernels/dax_touch" "$result.mnt/file"
	umount "$result.mnt"
	ndctl destroy-namespace -f "$name"
}

before_fsdax_ext4() { drivers ext4; nvdimm_before; }
run_fsdax_ext4() { fsdax mkfs.ext4 -q -F -b 4096; }

# without what older kernels do not have together with DAX
before_fsdax_xfs() { drivers xfs; nvdimm_before; }
run_fsdax_xfs() { fsdax mkfs.xfs -q -f -m reflink=0; }

before_devdax() { nvdimm_before; }
run_devdax() {
	local name device

	read -r name device <<<"$(namespace_make devdax $nfit chardev)"
	namespace_expect "$name" "$device"
	"$kernels/dax_touch" "/dev/$device"
	ndctl destroy-namespace -f "$name"
}

# The region is put together by hand: Debian 12 has no tool for it.
before_cxl() {
	local bus=/sys/bus/cxl/devices size=0x10000000 region

	drivers cxl_acpi cxl_pci cxl_port cxl_mem cxl_pmem nd_pmem dax_pmem device_dax
	for _ in $(seq 50); do
		[ ! -e $bus/decoder2.0 ] || break
		sleep 0.1
	done
	region=$(cat $bus/decoder0.0/create_pmem_region)
	echo "$region" >$bus/decoder0.0/create_pmem_region
	cat /proc/sys/kernel/random/uuid >"$bus/$region/uuid"
	echo 1 >"$bus/$region/interleave_ways"
	echo 256 >"$bus/$region/interleave_granularity"
	echo pmem >$bus/decoder2.0/mode
	echo $size >$bus/decoder2.0/dpa_size
	echo $size >"$bus/$region/size"
	echo decoder2.0 >"$bus/$region/target0"
	echo 1 >"$bus/$region/commit"
	echo "$region" >/sys/bus/cxl/drivers/cxl_region/bind
}

# with the page structs in RAM: in the device's own memory, an emulated machine takes long
run_cxl() {
	local name device

	read -r name device <<<"$(namespace_make devdax CXL chardev mem)"
	namespace_expect "$name" "$device"
	"$kernels/dax_touch" "/dev/$device"
	ndctl destroy-namespace -f "$name"
}

p2p_device() {
	local file

	for file in /sys/bus/pci/devices/*/p2pmem; do
		[ ! -d "$file" ] || basename "$(dirname "$file")"
	done
}

before_p2pdma() {
	drivers nvme
	for _ in $(seq 50); do
		[ -z "$(p2p_device)" ] || break
		sleep 0.1
	done
	p2p_device >"$result.device"
	[ -s "$result.device" ]
	cat "$result.device" >/sys/bus/pci/drivers/nvme/unbind
}

run_p2pdma() {
	local device size first last start=

	device=$(cat "$result.device")
	echo "$device" >/sys/bus/pci/drivers/nvme/bind
	for _ in $(seq 50); do
		[ ! -e "/sys/bus/pci/devices/$device/p2pmem/allocate" ] || break
		sleep 0.1
	done
	size=$(cat "/sys/bus/pci/devices/$device/p2pmem/size")
	while read -r first last _; do
		[ $((last - first + 1)) -ne "$size" ] || start=$first
	done <"/sys/bus/pci/devices/$device/resource"
	expect "$start" "$size" - $p2p_pages 0 "$device"
	"$kernels/p2p_use" "/sys/bus/pci/devices/$device/p2pmem/allocate" $p2p_pages
	echo "$device" >/sys/bus/pci/drivers/nvme/unbind
}
