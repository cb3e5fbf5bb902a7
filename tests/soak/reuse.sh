# SPDX-License-Identifier: GPL-2.0
# Addresses used again, on purpose. In the guest, after poke.sh.
#
#	reuse_structs N		N pagemaps in the same few static structs, of changing type
#				and range; after each 16 the module goes, and another one
#				comes to lie where it was
#	reuse_memory N		N pagemaps in allocated memory: a device that unbinds leaves
#				its struct's memory to the next one that binds
#
# Both fail when a step does.

# shellcheck shell=bash disable=SC2154
reuse_driver=/sys/bus/platform/drivers/pgmap_hmm
reuse_module=pgmap_poke

# reuse_add SLOT TYPE: PRIVATE (1) in a window of its own, else at one of two places
reuse_add() {
	case $2 in
	1) poke claim "$1" 1 0x8000000 ;;
	*) poke add "$1" "$2" $((0x140000000 + ($1 & 1) * 0x10000000)) 0x200000 ;;
	esac
}

# reuse_swap: the other module in the place of the one that is loaded
reuse_swap() {
	rmmod $reuse_module
	case $reuse_module in
	pgmap_poke) reuse_module=pgmap_twin ;;
	*) reuse_module=pgmap_poke ;;
	esac
	insmod "$modules/$reuse_module.ko"
}

# The same slot twice, then the next: the range goes from struct to struct as well.
reuse_structs() {
	local i slot type

	insmod "$modules/$reuse_module.ko"
	for ((i = 0; i < $1; i++)); do
		slot=$((i / 2 % 4)) type=$((1 + i % 4))
		[ "$(reuse_add $slot $type)" = 0 ] || return 1
		# types whose pages are counted
		[ $type -gt 2 ] || [ "$(poke hold $slot)$(poke put $slot)" = 01 ] || return 1
		[ "$(poke del $slot)" = 0 ] || return 1
		[ $((i % 16)) -ne 15 ] || reuse_swap || return 1
	done
	rmmod $reuse_module
}

reuse_memory() {
	local i

	insmod "$modules/pgmap_hmm.ko" devices=2 || return 1
	echo pgmap_hmm.1 >$reuse_driver/unbind
	for ((i = 0; i < $1; i++)); do
		echo pgmap_hmm.$((i % 2)) >$reuse_driver/unbind || return 1
		echo pgmap_hmm.$(((i + 1) % 2)) >$reuse_driver/bind || return 1
		"$modules/hmm_touch" $(((i + 1) % 2)) 8 2 || return 1
	done
	rmmod pgmap_hmm
}
