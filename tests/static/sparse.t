#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# sparse finds nothing in the kernel half, built as part of the kernel.
# timeout: 1800
set -eu
. "$(dirname "$0")/lib.sh"

plan 2
if objdir=$("$top/guest/build" --objdir pgmap 2>&1); then
	pass "the pgmap kernel is built"
else
	fail "the pgmap kernel is built"
	diag "$objdir"
	bail "nothing to check"
fi
objdir=${objdir##*$'\n'}
is "sparse is silent" "$("$top/guest/sparse" "$objdir" 2>&1)" ""
