#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# No false alarm when addresses are used again, 300 times by static structs and by memory.
# timeout: 3000
set -eu
export SOAK_TIMEOUT=2950
SOAK="reuse=300" exec "$(dirname "$0")/../guest/30-soak.t"
