#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# P3: 1,000 rounds of bind and unbind while get_user_pages runs on pages that move to the
# device and back, and on a DAX mapping, under KASAN, lockdep and DEBUG_VM: no splat, no leak.
# timeout: 1500
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
. "$(dirname "$0")/../soak/rounds.sh"
build_modules debug
in_guest --kernel debug --hmm --append "memmap=64M!0x180000000" --kmemleak --timeout 1400

# A PRIVATE pagemap through its driver every 25th time: setting it up takes long here.
rounds_begin "$scratch" /dev/pmem0
plan 2
is "P3: 1000 rounds of bind and unbind" "$(rounds_run 1000 25)" 1000
rc=0
rounds_end || rc=$?
is "P3: get_user_pages ran all the time on the DAX mapping and on the device's pages" $rc 0
diag "GUP on DAX: $(cat "$scratch/gup.file"), on the device: $(cat "$scratch/gup.device")"
