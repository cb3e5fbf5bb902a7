#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# P3: 1,000 rounds of bind and unbind while get_user_pages runs on pages that move to the
# device and back, and on a DAX mapping, under KASAN, lockdep and DEBUG_VM: no splat, no leak.
# timeout: 1500
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_modules debug
in_guest --kernel debug --hmm --append "memmap=64M!0x180000000" --kmemleak --timeout 1400

rounds=1000 generic=4
driver=/sys/bus/platform/drivers/pgmap_hmm

# One round: a PRIVATE pagemap through its driver every 25th time, as a section of it takes
# long to set up here; else a GENERIC one of 2 MiB beside the mappings under GUP.
round() {
	if [ $(($1 % 25)) = 0 ]; then
		echo pgmap_hmm.0 >$driver/unbind && echo pgmap_hmm.0 >$driver/bind
	else
		echo "add 0 $generic 0x140000000 0x200000" >/dev/pgmap_poke &&
			echo "del 0" >/dev/pgmap_poke
	fi
}

insmod "$modules/pgmap_hmm.ko"
insmod "$modules/pgmap_poke.ko"
mkfs.ext4 -q -b 4096 /dev/pmem0
mkdir "$scratch/dax"
mount -o dax /dev/pmem0 "$scratch/dax"
truncate -s 1M "$scratch/dax/file"
# behind the rounds when both could run, else these take most of the time
nice -n 10 "$modules/gup_loop" file "$scratch/dax/file" >"$scratch/gup.file" &
file=$!
nice -n 10 "$modules/gup_loop" device 0 >"$scratch/gup.device" &
device=$!

plan 4
done=0
for ((i = 1; i <= rounds; i++)); do
	round "$i" || break
	done=$i
done
is "P3: $rounds rounds of bind and unbind" "$done" $rounds
kill $file $device
file_rc=0 device_rc=0
wait $file || file_rc=$?
wait $device || device_rc=$?
is "P3: get_user_pages ran on the DAX mapping all the time" $file_rc 0
is "P3: and on the pages of the device" $device_rc 0
diag "GUP on DAX: $(cat "$scratch/gup.file"), on the device: $(cat "$scratch/gup.device")"
umount "$scratch/dax"
ok "the modules can be removed" rmmod pgmap_poke pgmap_hmm
