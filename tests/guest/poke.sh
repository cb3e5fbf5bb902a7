# SPDX-License-Identifier: GPL-2.0
# For tests that drive the test modules, in the guest. Source it after lib.sh.
#
#	modules		the directory of the built modules
#	poke COMMAND	runs a command of the module pgmap_poke, prints its result: 0, a
#			number, or a negative errno

# shellcheck shell=bash disable=SC2034,SC2154
modules=$top/.output/modules/${PGMAP_GUEST:-pgmap}

poke() {
	exec 3<>/dev/pgmap_poke
	echo "$*" 2>/dev/null >&3 || true
	cat <&3
	exec 3>&-
}

# in_time SECONDS COMMAND: waits until COMMAND succeeds
in_time() {
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}
