#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# P3: each allocation of a bind fails once. The bind then fails as a whole, leaves nothing
# in /proc/iomem, and the next bind succeeds. With FAILURES_KERNEL=debug also under KASAN and
# lockdep, and no memory is left either (tests/slow/failures-debug.t). x86's add_pages() warns
# when struct pages cannot be allocated; that is all that may be seen.
# timeout: 500
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
kernel=${FAILURES_KERNEL:-pgmap}
build_modules "$kernel"
leaks=()
[ "$kernel" != debug ] || leaks=(--kmemleak)
in_guest --kernel "$kernel" --hmm "${leaks[@]}" --timeout 1000 \
	--allow 'at arch/x86/mm/init_64.c:.* add_pages'

generic=4 coherent=2 fs_dax=3
driver=/sys/bus/platform/drivers/pgmap_hmm
parameters=/sys/module/pgmap_hmm/parameters

let_all_allocations_fail() {
	local dir

	for dir in failslab fail_page_alloc; do
		echo 0 >"/sys/kernel/debug/$dir/verbose"
		echo N >"/sys/kernel/debug/$dir/ignore-gfp-wait"
	done
	echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
}

# bind_failing N: binds with the Nth allocation failing; 1 if there are fewer than N
bind_failing() {
	echo "$1" >"$parameters/fail_nth"
	if echo pgmap_hmm.0 2>/dev/null >$driver/bind; then
		echo pgmap_hmm.0 >$driver/unbind
		# some failures do no harm, such as that of a table that can be done without
		[ "$(cat "$parameters/fail_nth")" = 0 ]
	else
		failures=$((failures + 1))
	fi
}

# add_failing TYPE N: the same for a pagemap of that type at a known place
add_failing() {
	poke fail 0 "$2" >/dev/null
	case $(poke add 0 "$1" 0x140000000 0x200000) in
	0)
		poke del 0 >/dev/null
		[ "$(poke left 0)" = 0 ]
		;;
	-*) failures=$((failures + 1)) ;;
	esac
}

# every NAME PLAIN FAILING ...: FAILING N for each N until there are no more allocations,
# and PLAIN after each that failed (one that did not has itself shown that it can be done)
every() {
	local name=$1 plain=$2 n=1 bad="" before=0

	shift 2
	failures=0
	while [ $n -lt 2000 ] && "$@" $n; do
		[ "$(cat /proc/iomem)" = "$iomem" ] || bad+=" iomem:$n"
		[ "$failures" -eq "$before" ] || $plain || bad+=" plain:$n"
		before=$failures
		n=$((n + 1))
	done
	is "P3: after each failed $name nothing is left and a plain one succeeds" "$bad" ""
	ok "P3: $name: $failures failed out of $n" [ "$failures" -ge 2 ]
	diag "$name: $failures failed, $((n - 1)) allocations"
}

plain_bind() {
	echo 0 >"$parameters/fail_nth"
	echo pgmap_hmm.0 >$driver/bind && echo pgmap_hmm.0 >$driver/unbind
}

plain_add() {
	poke fail 0 0 >/dev/null
	[ "$(poke add 0 $generic 0x140000000 0x200000)$(poke del 0)" = 00 ]
}

dmesg -n 1
insmod "$modules/pgmap_hmm.ko"
insmod "$modules/pgmap_poke.ko"
echo pgmap_hmm.0 >$driver/unbind
let_all_allocations_fail
iomem=$(cat /proc/iomem)
plan 10
every "bind of a driver on hmm_devmem_add" plain_bind bind_failing
# x86 does not check the page-table pages of a linear mapping: phys_pmd_init() follows NULL.
# So for the types that have one, let only slab objects and larger blocks fail.
echo 1 >/sys/kernel/debug/fail_page_alloc/min-order
every "add of a GENERIC pagemap" plain_add add_failing $generic
every "add of a COHERENT pagemap" plain_add add_failing $coherent
every "add of an FS_DAX pagemap" plain_add add_failing $fs_dax
ok "the modules can be removed" rmmod pgmap_poke pgmap_hmm
is "/proc/iomem is as in the beginning" "$(cat /proc/iomem)" "$iomem"
