#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every seeded bug is found by its rule, and the same scenarios find nothing without it.
# timeout: 5400
set -eu
exec "$(dirname "$0")/../mutants/run"
