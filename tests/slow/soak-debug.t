#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# No false alarm under KASAN, lockdep, DEBUG_VM, DEBUG_OBJECTS and kmemleak: all of it once.
# timeout: 3600
set -eu
export SOAK_TIMEOUT=3550
SOAK_KERNEL=debug SOAK_EACH=25 SOAK="hmm=1 rounds=1000 failures=200 nvdimm=3 reuse=48" exec "$(dirname "$0")/../guest/30-soak.t"
