#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The tool attaches to one tracepoint after the other. What happens in between it could see
# a part of, such as an add but not its kill: that must not count as having been seen.
# timeout: 600
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest --hmm --timeout 580

# a COHERENT pagemap from beginning to end, with a page in use
cat >"$scratch/use" <<'END'
for command in "add 0 2 0x140000000 0x200000" "hold 0" "put 0" "del 0"; do
	echo $command >/dev/pgmap_poke
done
END

insmod "$modules/pgmap_poke.ko"
plan 8
for attached in 1 2 4 7; do
	rc=0
	"$modules/half_attach" $attached "bash $scratch/use" \
		"$pgmapstat" check --json --pages -- bash "$scratch/use" >"$scratch/json" || rc=$?
	is "used when $attached were attached, and after that: no finding, nothing lost" \
		"$rc $(grep -o '"rule":"[A-Z_]*"' "$scratch/json")" "0 "
	# the first one is not seen, even when its release would be
	like "the second one is seen from its add on" "$(tail -n 1 "$scratch/json")" \
		'"states":\{"UNKNOWN":0,"LIVE":0,"KILLED":0,"DRAINED":0,"RELEASED":1\}'
done
