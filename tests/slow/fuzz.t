#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Ten minutes of made-up events.
# timeout: 900
set -eu
FUZZ_SECONDS=600 exec "$(dirname "$0")/../fuzz/fuzz.t"
