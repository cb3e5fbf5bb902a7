#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# P4: PRIVATE memory has struct pages only, the other types can be read; none of them is
# taken for RAM. (Missing callbacks are refused: 11-kunit.t; hmm-tests: 03-hmm-tests.t.)
# timeout: 120
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_modules pgmap
in_guest --hmm

efault=-14
insmod "$modules/pgmap_poke.ko"
highest=$(poke top 0)
plan 17
is "a PRIVATE pagemap" "$(poke claim 0 1 0x8000000)" 0
is "P4: PRIVATE memory cannot be read" "$(poke load 0)" $efault
is "P4: its pages are in ZONE_DEVICE, count 0" "$(poke zone 0)" 0
is "P4: max_pfn stays" "$(poke top 0)" "$highest"
is "P4: and can be unmapped" "$(poke del 0)" 0

# type, its number, count of idle pages
types=(COHERENT 2 0 FS_DAX 3 1 GENERIC 4 1)
for ((i = 0; i < ${#types[@]}; i += 3)); do
	is "a ${types[i]} pagemap" "$(poke add 0 "${types[i + 1]}" 0x140000000 0x200000)" 0
	is "P4: ${types[i]} memory can be read" "$(poke load 0)" 0
	is "P4: its pages are in ZONE_DEVICE, count ${types[i + 2]}" "$(poke zone 0)" "${types[i + 2]}"
	is "P4: max_pfn stays, and it can be unmapped" "$(poke top 0) $(poke del 0)" "$highest 0"
done
