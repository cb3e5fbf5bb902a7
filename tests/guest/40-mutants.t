#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A sample of the seeded bugs, one in a driver and two in the core: each is found by its
# rule. tests/slow/mutants.t has all of them.
# timeout: 900
set -eu
exec "$(dirname "$0")/../mutants/run" 04-unmapped-twice 02-removal-before-waiting 20-add-over-dying
