#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# No false alarm while 100 namespaces of each mode are made and destroyed.
# timeout: 4000
set -eu
export SOAK_TIMEOUT=3950
SOAK="nvdimm=100" exec "$(dirname "$0")/../guest/30-soak.t"
