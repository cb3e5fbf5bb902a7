#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# P2: System RAM never becomes device memory. The memory at 0x140000000 is set aside, so
# that RAM ends there and begins again at 0x180000000.
# timeout: 120
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_modules pgmap
in_guest --hmm --allow 'check_range'

enxio=-6 generic=4
dmesg -n 1
insmod "$modules/pgmap_poke.ko"
before=$(cat /proc/iomem)

# name, start, size: each meets System RAM
cases=(
	"inside RAM" 0x120000000 0x200000
	"last of RAM and first behind it" 0x13fe00000 0x400000
	"first of RAM and last before it" 0x17fe00000 0x400000
	"RAM in the middle" 0x7fe00000 0xa0200000
)
plan $((${#cases[@]} * 2 / 3 + 6))
for ((i = 0; i < ${#cases[@]}; i += 3)); do
	is "P2: ${cases[i]}: -ENXIO" "$(poke add 0 $generic "${cases[i + 1]}" "${cases[i + 2]}")" $enxio
	is "P2: ${cases[i]}: not found by get_dev_pagemap" "$(poke known 0 "${cases[i + 1]}")" -2
done
is "P2: the kernel warned, saying ram" "$(dmesg | grep -c 'is ram, not device memory')" 1
is "P2: and saying mixed" "$(dmesg | grep -c 'is mixed, not device memory')" 3
is "P2: /proc/iomem is as before" "$(cat /proc/iomem)" "$before"
is "P2: the same struct then maps a free range" "$(poke add 0 $generic 0x140000000 0x200000)" 0
is "P2: which is found" "$(poke known 0 0x140000000)" 0
is "P2: until it is unmapped" "$(poke del 0)$(poke known 0 0x140000000)" 0-2
