# SPDX-License-Identifier: GPL-2.0
# Rounds of bind and unbind while page users run. In the guest, after poke.sh.
#
#	rounds_begin DIR PMEM	loads the modules, starts get_user_pages() on a DAX mapping
#				on the pmem device and on pages that move to the driver's
#				device and back
#	rounds_run N EACH	N rounds, prints how many went well; each EACHth is of the
#				driver and its PRIVATE pagemap, the others of a GENERIC one
#				of 2 MiB beside the mappings, which takes less time
#	rounds_end		stops the users, removes all; fails when one of them had
#				stopped before; their numbers are in DIR/gup.*

# shellcheck shell=bash disable=SC2154
rounds_driver=/sys/bus/platform/drivers/pgmap_hmm

rounds_begin() {
	rounds_dir=$1
	insmod "$modules/pgmap_hmm.ko"
	insmod "$modules/pgmap_poke.ko"
	mkfs.ext4 -q -F -b 4096 "$2"
	mkdir -p "$rounds_dir/dax"
	mount -o dax "$2" "$rounds_dir/dax"
	truncate -s 1M "$rounds_dir/dax/file"
	# behind the rounds when both could run, else these take most of the time
	nice -n 10 "$modules/gup_loop" file "$rounds_dir/dax/file" >"$rounds_dir/gup.file" &
	rounds_file=$!
	nice -n 10 "$modules/gup_loop" device 0 >"$rounds_dir/gup.device" &
	rounds_device=$!
}

rounds_one() {
	if [ "$1" = 0 ]; then
		echo pgmap_hmm.0 >$rounds_driver/unbind && echo pgmap_hmm.0 >$rounds_driver/bind
	else
		echo "add 0 4 0x140000000 0x200000" >/dev/pgmap_poke &&
			echo "del 0" >/dev/pgmap_poke
	fi
}

rounds_run() {
	local i

	for ((i = 1; i <= $1; i++)); do
		rounds_one $((i % $2)) || break
	done
	echo $((i - 1))
}

rounds_end() {
	local bad=0

	kill "$rounds_file" "$rounds_device" || bad=1
	wait "$rounds_file" || bad=1
	wait "$rounds_device" || bad=1
	umount "$rounds_dir/dax" || bad=1
	rmmod pgmap_poke pgmap_hmm || bad=1
	return $bad
}
