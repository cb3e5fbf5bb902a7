#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# P3: each failing allocation of a bind once more under KASAN, lockdep and kmemleak.
# timeout: 1200
set -eu
FAILURES_KERNEL=debug exec "$(dirname "$0")/../guest/14-failures.t"
