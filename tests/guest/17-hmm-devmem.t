#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# P5-P7: a driver on hmm_devmem_add(): placement, pages out and back with the right data,
# free once a page, detaching, exhaustion. (Proprietary callers: 10-licence.t.)
# timeout: 180
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_modules pgmap
in_guest --smp 2

driver=/sys/bus/platform/drivers/pgmap_hmm
tracing=/sys/kernel/tracing
section=$((1 << 27))

windows() {
	awk '/pgmap_hmm/ { split($1, part, "-"); print "0x" part[1]; print "0x" part[2] }' /proc/iomem
}

# count EVENT [REGEX]: records of the driver, with something behind its name
count() {
	grep -c "pgmap_$1: .*driver=pgmap_hmm .*${2:-}" $tracing/trace
}

unbind_in_background() {
	(
		echo pgmap_hmm.1 >$driver/unbind
		echo returned >"$scratch/unbound"
	) &
	sleep 2.2
}

dmesg -n 1
before=$(cat /proc/iomem)
echo 1 >$tracing/events/memremap/enable
plan 24
ok "a driver with two devices binds" insmod "$modules/pgmap_hmm.ko" devices=2
mapfile -t window < <(windows)
low_end=${window[1]} high=${window[2]} high_end=${window[3]}
is "P5: 16 MiB become a section" $((high_end - high + 1)) $section
is "P5: the window begins at a section" $((high % section)) 0
is "P5: the second add lies below the first, next to it" $((low_end + 1)) $((high))
ok "P5: and the first one at the highest resource" \
	grep -q "^$(printf %x $((high_end + 1)))-" /proc/iomem

ok "P6: pages go out and come back with the right data" "$modules/hmm_touch" 0 200 2
is "P6: each page is taken into use once" "$(count page_alloc)" 400
is "P6: and freed once" "$(count page_free)" 400
is "P6: each touch reaches the driver" "$(count fault_enter)" 400
is "P6: and returns" "$(count fault_exit 'result=0x0 ')" 400

(sleep 4) | "$modules/hmm_touch" 1 50 1 keep >"$scratch/moved" &
touch=$!
ok "a process has pages there" in_time 10 grep -q moved "$scratch/moved"
ok "P5: the device can be unbound meanwhile" timeout 60 sh -c "echo pgmap_hmm.1 >$driver/unbind"
rc=0
wait $touch || rc=$?
is "P6: the process has its data" $rc 0
is "P5: the window of the device is gone" "$(windows | wc -l)" 2

ok "it can be bound again" sh -c "echo pgmap_hmm.1 >$driver/bind"
ok "with a page held" sh -c 'echo hold 1 >/dev/pgmap_hmm'
unbind_in_background
nok "P5: a page that is held blocks the unbinding" test -e "$scratch/unbound"
ok "the page is put" sh -c 'echo put 1 >/dev/pgmap_hmm'
ok "P5: and the unbinding goes on" in_time 20 test -e "$scratch/unbound"
wait
ok "the driver can be removed" rmmod pgmap_hmm
is "P5: nothing is left in /proc/iomem" "$(cat /proc/iomem)" "$before"

insmod "$modules/pgmap_hmm.ko" size=$((1 << 62))
like "P5: no window of that size: the probe fails with -ERANGE, and does not hang" \
	"$(dmesg | tail -n 3)" 'pgmap_hmm.0: probe with driver pgmap_hmm failed with error -34'
is "P5: nothing is claimed" "$(windows)" ""
ok "the driver can be removed again" rmmod pgmap_hmm
