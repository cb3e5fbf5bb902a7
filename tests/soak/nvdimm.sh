# SPDX-License-Identifier: GPL-2.0
# Namespaces of an NVDIMM made and destroyed. In the guest, booted with --labels.
#
#	nvdimm_begin		an empty NVDIMM
#	nvdimm_fsdax DIR	a namespace with a DAX file system, a file mapped and written
#	nvdimm_devdax		one that is a device to be mapped; its memory then becomes
#				RAM, goes offline, and is a device again
#
# All fail when a step does; the latter two destroy what they made.

# shellcheck shell=bash disable=SC2154
nvdimm_bus=ACPI.NFIT

nvdimm_begin() {
	ndctl disable-region -b $nvdimm_bus all &&
		ndctl init-labels -b $nvdimm_bus all &&
		ndctl enable-region -b $nvdimm_bus all
}

# nvdimm_make MODE KEY: makes a namespace, prints its name and the value of KEY
nvdimm_make() {
	ndctl create-namespace -b $nvdimm_bus -m "$1" |
		sed -nE "s/^ *\"(dev|$2)\":\"(namespace[^\"]*|pmem[^\"]*|dax[^\"]*)\".*/\2/p" |
		tr '\n' ' '
}

nvdimm_fsdax() {
	local name disk

	read -r name disk <<<"$(nvdimm_make fsdax blockdev)"
	mkdir -p "$1/fsdax"
	mkfs.ext4 -q -F -b 4096 "/dev/$disk" &&
		mount -o dax "/dev/$disk" "$1/fsdax" &&
		truncate -s 4M "$1/fsdax/file" &&
		"$modules/dax_touch" "$1/fsdax/file" &&
		umount "$1/fsdax" &&
		ndctl destroy-namespace -f "$name"
}

nvdimm_devdax() {
	local name device

	read -r name device <<<"$(nvdimm_make devdax chardev)"
	"$modules/dax_touch" "/dev/$device" &&
		daxctl reconfigure-device --mode=system-ram --no-online "$device" &&
		daxctl online-memory "$device" &&
		daxctl offline-memory "$device" &&
		daxctl reconfigure-device --mode=devdax "$device" &&
		"$modules/dax_touch" "/dev/$device" &&
		ndctl destroy-namespace -f "$name"
}
