#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Twenty times no alarm for unchanged code, twenty times one for a fault path 5 % longer.
# timeout: 3600
set -eu
REPEATS=20 exec "$(dirname "$0")/../guest/64-check-latency.t"
