#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# P3: what is in use blocks the unmapping, and the order of a teardown.
# timeout: 180
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_modules pgmap
in_guest --hmm

private=1 generic=4
tracing=/sys/kernel/tracing

del_in_background() {
	(
		echo "del 0" >/dev/pgmap_poke
		echo returned >"$scratch/del"
	) &
	sleep 2.2
}

is_back() {
	[ -e "$scratch/del" ]
}

window_start() {
	awk '/pgmap_poke/ { split($1, part, "-"); print "0x" part[1] }' /proc/iomem
}

# in_order PATTERN ...: each is in the trace, and later than the one before
in_order() {
	local pattern last=0 line

	for pattern in "$@"; do
		line=$(awk -v after="$last" -v pattern="$pattern" \
			'NR > after && $0 ~ pattern { print NR; exit }' "$scratch/trace")
		if [ -z "$line" ]; then
			echo "no $pattern behind line $last of the trace"
			grep -E 'pgmap|remove|percpu_ref|teardown' "$scratch/trace"
			return 1
		fi
		last=$line
	done
}

# Functions of lib/ cannot be traced. percpu_ref_kill() shows as the call_rcu() in it,
# percpu_ref_exit() as its kfree(), which has teardown() as its caller, being a tail call.
functions=(__remove_pages arch_remove_memory remove_pfn_range_from_zone free_zone_device_folio
	complete synchronize_rcu call_rcu kfree)
killed=': call_rcu <-percpu_ref_kill_and_confirm'
exited=': kfree <-(percpu_ref_exit|teardown)'

# record_teardown COMMAND ...: its trace, in $scratch/trace
record_teardown() {
	local function

	echo >$tracing/set_ftrace_filter
	for function in "${functions[@]}"; do
		echo "$function" >>$tracing/set_ftrace_filter
	done
	echo function >$tracing/current_tracer
	echo >$tracing/trace
	echo 1 >$tracing/events/memremap/enable
	"$@"
	echo 0 >$tracing/events/memremap/enable
	cp $tracing/trace "$scratch/trace"
	echo nop >$tracing/current_tracer
}

teardown_private() {
	poke claim 0 $private 0x8000000
	poke hold 0
	del_in_background
	poke put 0
	in_time 20 is_back
	wait
}

teardown_generic() {
	poke add 0 $generic 0x140000000 0x200000
	poke del 0
}

insmod "$modules/pgmap_poke.ko"
plan 18
is "a PRIVATE pagemap" "$(poke claim 0 $private 0x8000000)" 0
is "with a page in use" "$(poke hold 0)" 0
pfn=$(window_start)
del_in_background
nok "P3: a page in use blocks memunmap_pages for 2 s" is_back
is "P3: its struct page stays readable, in ZONE_DEVICE" "$(poke pin 0)$(poke unpin 0)" 00
is "P3: get_dev_pagemap no longer finds it" "$(poke known 0 "$pfn")" -2
is "P3: put_page calls page_free once" "$(poke put 0)" 1
ok "P3: and memunmap_pages returns" in_time 20 is_back
wait
is "P3: the window is free again" "$(window_start)" ""

rm "$scratch/del"
is "a GENERIC pagemap" "$(poke add 0 $generic 0x140000000 0x200000)" 0
is "with a reference" "$(poke get 0)" 0
del_in_background
nok "P3: a reference blocks memunmap_pages for 2 s" is_back
is "P3: get_dev_pagemap no longer finds it" "$(poke known 0 0x140000000)" -2
is "the reference is put" "$(poke unget 0)" 0
ok "P3: and memunmap_pages returns" in_time 20 is_back
wait

rm "$scratch/del"
record_teardown teardown_private >/dev/null
ok "P3: PRIVATE order: kill, last put, remove, exit" in_order \
	'pgmap_kill: .*type=PRIVATE' "$killed" ': free_zone_device_folio' \
	'pgmap_page_free:' 'pgmap_drained:' ': complete' ': remove_pfn_range_from_zone' \
	': __remove_pages' ': synchronize_rcu' "$exited" 'pgmap_release:'
nok "P3: PRIVATE has no linear mapping to remove" grep -q ': arch_remove_memory' "$scratch/trace"
record_teardown teardown_generic >/dev/null
ok "P3: GENERIC order: kill, drained, remove, exit" in_order \
	'pgmap_kill: .*type=GENERIC' "$killed" 'pgmap_drained:' \
	': remove_pfn_range_from_zone' ': arch_remove_memory' ': synchronize_rcu' \
	"$exited" 'pgmap_release:'
ok "P3: an add shows one event, without error" [ "$(grep -c 'pgmap_add:.*error=0 ' "$scratch/trace")" = 1 ]
