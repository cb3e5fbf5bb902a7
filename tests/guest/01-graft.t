#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The graft: anchors match exactly once or stop the build, and running it again
# touches nothing.
set -eu
. "$(dirname "$0")/lib.sh"

plan 17
base=$scratch/base
work=$scratch/work
table=$scratch/table

# fresh LINE ...: a base with one file of these lines, and its work copy
fresh() {
	rm -rf "$base" "$work"
	mkdir "$base"
	printf '%s\n' "$@" >"$base/file"
	cp -a "$base" "$work"
}

graft() {
	rc=0
	err=$("$top/guest/graft" "$base" "$work" "$table" 2>&1) || rc=$?
}

cat >"$table" <<'END'
# a comment
@ file
- two
- 	three $(X)
+ two
+ 	3 & \1
END

fresh one two $'\tthree $(X)' four
graft
is "a matching anchor is accepted" "$rc $err" "0 "
is "its lines are replaced, to the letter" "$(cat "$work/file")" \
	$'one\ntwo\n\t3 & \\1\nfour'
is "the base is not changed" "$(sed -n 3p "$base/file")" $'\tthree $(X)'
is "the base got no new files" "$(ls -A "$base")" file
touch -d '2001-01-01' "$work/file"
graft
is "grafting again gives the same" "$rc $(sed -n 3p "$work/file")" $'0 \t3 & \\1'
is "a file that stays the same keeps its time" "$(date -r "$work/file" +%Y)" 2001
ok "the kernel half is in the tree" [ -f "$work/pgmap/kernel/memremap.c" ]
nok "the tool is not" [ -e "$work/pgmap/tools" ]
touch "$work/pgmap/kernel/gone.c"
graft
nok "a file gone from the checkout is gone from the tree" [ -e "$work/pgmap/kernel/gone.c" ]

fresh one two $'\tthree $(Y)' four
graft
is "no match stops the build" "$rc" 1
like "the message names file, anchor and count" "$err" '^graft: file: .*matches 0 times'
like "the anchor is shown" "$err" 'three \$\(X\)'
is "nothing is written" "$(diff -r "$base" "$work")" ""

fresh two $'\tthree $(X)' one two $'\tthree $(X)'
graft
is "two matches stop the build" "$rc" 1
like "the message says so" "$err" '^graft: file: .*matches 2 times'

fresh "one two" $'\tthree $(X)'
graft
is "half a line is no match" "$rc" 1
echo "@ other" >>"$table"
fresh two $'\tthree $(X)'
graft
like "a file that is not there stops the build" "$rc $err" '^1 graft: other: no such file'
