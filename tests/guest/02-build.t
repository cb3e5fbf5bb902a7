#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# guest/build: what is built is not built again; the base stays as it was; bad
# bases and configs are refused.
# timeout: 2700
set -eu
. "$(dirname "$0")/lib.sh"

plan 13
for kernel in stock pgmap; do
	dir=$("$top/guest/build" "$kernel")
	ok "the $kernel kernel is there" [ -f "$dir/vmlinux" ]
	before=$(stat -c %Y "$dir/vmlinux")
	start=$(date +%s%N)
	again=$("$top/guest/build" "$kernel")
	took=$((($(date +%s%N) - start) / 1000000))
	is "the $kernel kernel is not built again" "$again $(stat -c %Y "$again/vmlinux")" \
		"$dir $before"
	ok "asking again takes less than two seconds ($took ms)" [ "$took" -lt 2000 ]
done

base=$("$top/guest/tree" --base)
# ctime: also a change that keeps the file's time is one
is "nothing in the base changed since it was unpacked" "$([ -n "${KSRC:-}" ] ||
	find "$base" -cnewer "${PGMAPSTAT_CACHE:-$HOME/.cache/pgmapstat}/unpacked")" ""

mkdir "$scratch/tree"
printf 'VERSION = 6\nPATCHLEVEL = 13\nSUBLEVEL = 1\n' >"$scratch/tree/Makefile"
rc=0
err=$(KSRC=$scratch/tree "$top/guest/build" pgmap 2>&1) || rc=$?
like "another version than 6.12 is refused" "$rc $err" '^1 .*6\.13\.1; only 6\.12\.y is supported'
rc=0
err=$(KSRC=$scratch "$top/guest/build" pgmap 2>&1) || rc=$?
like "what is no kernel tree is refused" "$rc $err" '^1 .*is not a kernel tree'
rc=0
err=$("$top/guest/build" nosuch 2>&1) || rc=$?
like "an unknown kernel is refused" "$rc $err" "^1 build: no kernel is named 'nosuch'"

refused() {
	rc=0
	err=$("$top/guest/build" --patch "$scratch/patch" 2>&1) || rc=$?
}

refused
like "a patch that is not there is refused" "$rc $err" '^1 build: no such patch'
printf '%s\n' '--- a/tests/modules/x.c' '+++ b/tests/modules/x.c' '@@ -1 +1 @@' '-1' '+2' >"$scratch/patch"
refused
like "a patch without anything for a kernel is refused" "$rc $err" '^1 .*nothing for a kernel'
sed -i 's,tests/modules/x.c,mm/hmm.c,' "$scratch/patch"
refused
like "a patch that does not apply is refused" "$rc $err" 'does not apply to the sources'
