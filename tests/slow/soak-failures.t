#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# No false alarm in 200 adds that fail, at each allocation: each is reported, once.
# timeout: 3000
set -eu
export SOAK_TIMEOUT=2950
SOAK="failures=200" exec "$(dirname "$0")/../guest/30-soak.t"
