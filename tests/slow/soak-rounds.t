#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# No false alarm in 1,000 rounds of bind and unbind while pages are in use.
# timeout: 3000
set -eu
export SOAK_TIMEOUT=2950
SOAK="rounds=1000" exec "$(dirname "$0")/../guest/30-soak.t"
