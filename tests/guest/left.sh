# SPDX-License-Identifier: GPL-2.0
# What BPF leaves behind. Source it after lib.sh; set before=$(left) at the beginning.
#
#	left		the programs, maps and links there are now
#	left_nothing	waits until they are those in $before

# shellcheck shell=bash disable=SC2154
left() {
	bpftool prog list
	bpftool map list
	bpftool link list
}

left_nothing() {
	local end=$((SECONDS + 20))

	# the kernel frees them a moment after the last descriptor is closed
	until [ "$(left)" = "$before" ]; do
		[ "$SECONDS" -lt "$end" ] || { left; return 1; }
		sleep 0.2
	done
}
