# SPDX-License-Identifier: GPL-2.0
# Each allocation of an add fails once. In the guest, after poke.sh.
#
#	failures_begin		loads the modules, no device is bound
#	failures_of KIND	lets the first, second, ... allocation fail until there are
#				no more. Sets failures (adds and binds that failed), tried,
#				and bad: empty if after each nothing is left in /proc/iomem
#				and a plain one succeeds
#	failures_end		removes the modules
#
# KIND is bind (of a driver on hmm_devmem_add), GENERIC, COHERENT or FS_DAX.

# shellcheck shell=bash disable=SC2034,SC2154
failures_driver=/sys/bus/platform/drivers/pgmap_hmm
failures_nth=/sys/module/pgmap_hmm/parameters/fail_nth
declare -A failures_types=([COHERENT]=2 [FS_DAX]=3 [GENERIC]=4)

failures_begin() {
	local dir

	insmod "$modules/pgmap_hmm.ko"
	insmod "$modules/pgmap_poke.ko"
	echo pgmap_hmm.0 >$failures_driver/unbind
	for dir in failslab fail_page_alloc; do
		echo 0 >"/sys/kernel/debug/$dir/verbose"
		echo N >"/sys/kernel/debug/$dir/ignore-gfp-wait"
	done
	failures_iomem=$(cat /proc/iomem)
}

failures_end() {
	rmmod pgmap_poke pgmap_hmm
}

# failures_bind N: binds with the Nth allocation failing; 1 if there are fewer than N
failures_bind() {
	echo "$1" >$failures_nth
	if echo pgmap_hmm.0 2>/dev/null >$failures_driver/bind; then
		echo pgmap_hmm.0 >$failures_driver/unbind
		# some failures do no harm, such as that of a table that can be done without
		[ "$(cat $failures_nth)" = 0 ]
	else
		failures=$((failures + 1))
	fi
}

# failures_add N: the same for a pagemap of type $failures_type at a known place
failures_add() {
	poke fail 0 "$1" >/dev/null
	case $(poke add 0 "$failures_type" 0x140000000 0x200000) in
	0)
		poke del 0 >/dev/null
		[ "$(poke left 0)" = 0 ]
		;;
	-*) failures=$((failures + 1)) ;;
	esac
}

failures_plain_bind() {
	echo 0 >$failures_nth
	echo pgmap_hmm.0 >$failures_driver/bind && echo pgmap_hmm.0 >$failures_driver/unbind
}

failures_plain_add() {
	poke fail 0 0 >/dev/null
	[ "$(poke add 0 4 0x140000000 0x200000)$(poke del 0)" = 00 ]
}

failures_of() {
	local way=add order=1 n=1 before=0

	failures=0 bad=""
	failures_type=${failures_types[$1]:-}
	[ "$1" != bind ] || way=bind order=0
	# x86 does not check the page-table pages of a linear mapping: phys_pmd_init() follows
	# NULL. So for the types that have one, let only slab objects and larger blocks fail.
	echo "$order" >/sys/kernel/debug/fail_page_alloc/min-order
	while [ $n -lt 2000 ] && "failures_$way" $n; do
		[ "$(cat /proc/iomem)" = "$failures_iomem" ] || bad+=" iomem:$n"
		# one that did not fail has itself shown that it can be done
		[ "$failures" -eq "$before" ] || "failures_plain_$way" || bad+=" plain:$n"
		before=$failures
		n=$((n + 1))
	done
	tried=$n
}
