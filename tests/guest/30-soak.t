#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# No false alarm: legal use of device memory, watched from beginning to end and by observers
# that come and go, leads to the verdict clean and to no finding. A small sample; with other
# numbers in SOAK, another kernel in SOAK_KERNEL or number of CPUs in SOAK_SMP it is the
# tests in tests/slow/soak-*.t.
# timeout: 1500
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/left.sh"
. "$(dirname "$0")/../soak/lib.sh"
kernel=${SOAK_KERNEL:-pgmap}
# for hmm-tests, whose cases have 30 seconds each: the checkers and others take CPU time
export PATIENCE=10
build_tool
build_modules "$kernel"
on_host "$top/guest/selftests"
leaks=()
[ "$kernel" != debug ] || leaks=(--kmemleak "${hmm_leaks[@]}")
# x86's add_pages() warns when struct pages cannot be allocated, which failures lets happen
in_guest --kernel "$kernel" --smp "${SOAK_SMP:-2}" --hmm --append "memmap=64M!0x180000000" \
	--nvdimm 256M --labels "${leaks[@]}" --timeout "${SOAK_TIMEOUT:-1450}" \
	--allow 'at arch/x86/mm/init_64.c:.* add_pages'

read -ra workloads <<<"${SOAK:-hmm=1 rounds=60 failures=1 nvdimm=1 reuse=24}"
dmesg -n 1
plan $((${#workloads[@]} * soak_results + 1))
before=$(left)
for workload in "${workloads[@]}"; do
	soak "${workload%=*}" "${workload#*=}"
done
ok "nothing stays attached" left_nothing
