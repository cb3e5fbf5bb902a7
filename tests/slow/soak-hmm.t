#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# No false alarm in 20 runs of hmm-tests on 2 CPUs.
# timeout: 3000
set -eu
export SOAK_TIMEOUT=2950
SOAK="hmm=20" exec "$(dirname "$0")/../guest/30-soak.t"
