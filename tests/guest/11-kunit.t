#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The KUnit suites of the core and of hmm_devmem pass and leave nothing in /proc/iomem.
# The warnings they provoke come from the checks of arguments and ranges.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"
build_modules pgmap
in_guest --allow 'check_pagemap|check_range'

dmesg -n 1
modprobe kunit
plan 5
for suite in pgmap hmm_devmem; do
	ok "insmod ${suite}_kunit" insmod "$top/.output/modules/pgmap/${suite}_kunit.ko"
	results=$(cat "/sys/kernel/debug/kunit/$suite/results")
	like "all cases of $suite pass" "$results" \
		"^# Totals: pass:([0-9]+) fail:0 skip:0 total:\1\$"
	grep 'not ok' <<<"$results" | while read -r line; do diag "$line"; done
done
unlike "nothing is left in /proc/iomem" "$(cat /proc/iomem)" kunit
