#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tests/run believes no test that dies, breaks its plan or exits non-zero.
set -eu
. "$(dirname "$0")/../guest/lib.sh"

# a runner of its own, so that its logs are not those of the run this belongs to
mkdir -p "$scratch/tests"
cp "$top/tests/run" "$top/tests/tap.awk" "$scratch/tests/"

# program NAME LINES: a test program of these shell lines
program() {
	printf '#!/bin/sh\n%s\n' "$2" >"$scratch/$1"
	chmod +x "$scratch/$1"
}

# judged NAME ...: the last line and the exit code of running these
judged() {
	local code=0

	(cd "$scratch" && tests/run "$@" >all 2>&1) || code=$?
	echo "$(tail -n 1 "$scratch/all"), exit $code"
}

program good 'echo 1..2; echo ok 1 - a; echo ok 2 - b'
program failing 'echo 1..2; echo not ok 1 - a; echo ok 2 - b; exit 1'
program quiet 'echo 1..1; echo not ok 1 - a'
program short 'echo 1..3; echo ok 1'
program long 'echo 1..1; echo ok 1; echo ok 2'
program planless 'echo ok 1'
program silent 'exit 0'
program dying 'echo 1..1; echo ok 1; kill -9 $$'
program exiting 'echo 1..1; echo ok 1; exit 3'
program bailing 'echo 1..1; echo ok 1; echo "Bail out! no reason"'
program endless '# timeout: 1
echo 1..1; echo ok 1; sleep 100'
program skipping 'echo 1..2; echo ok 1 - a; echo "ok 2 - b # SKIP no luck"'
program none 'echo "1..0 # SKIP no machine"'

plan 18
is "a good test" "$(judged good)" "2 passed, 0 failed, exit 0"
mkdir "$scratch/.hidden"
cp "$scratch/good" "$scratch/.hidden/good"
is "a good test in a hidden directory" "$(judged .hidden/good)" "2 passed, 0 failed, exit 0"
is "a failing result" "$(judged failing)" "1 passed, 1 failed, exit 1"
is "a failing result with exit code 0" "$(judged quiet)" "0 passed, 1 failed, exit 1"
is "too few results" "$(judged short)" "1 passed, 1 failed, exit 1"
is "too many results" "$(judged long)" "2 passed, 1 failed, exit 1"
is "no plan" "$(judged planless)" "1 passed, 1 failed, exit 1"
is "no output" "$(judged silent)" "0 passed, 1 failed, exit 1"
is "killed" "$(judged dying)" "1 passed, 1 failed, exit 1"
is "exit code only" "$(judged exiting)" "1 passed, 1 failed, exit 1"
is "bail out" "$(judged bailing)" "1 passed, 1 failed, exit 1"
is "timeout" "$(judged endless)" "1 passed, 1 failed, exit 1"
is "a file that is not there" "$(judged nosuch)" "0 passed, 1 failed, exit 1"
is "a skip is counted apart" "$(judged skipping)" "1 passed, 0 failed, 1 skipped, exit 0"
like "a skip names itself and why" "$(cat "$scratch/all")" 'skipped: ok 2 - b # SKIP no luck'
is "nothing passed is no success" "$(judged none)" "0 passed, 0 failed, 1 skipped, exit 1"
sed 's/^#!.*/&\n# timeout: 900/' "$scratch/good" >"$scratch/long-lived"
chmod +x "$scratch/long-lived"
judged --jobs 1 good long-lived >/dev/null
like "the one with the most time begins first" "$(head -n 1 "$scratch/all")" '^long-lived '
is "all are added up" "$(judged --jobs 2 good failing short)" "4 passed, 2 failed, exit 1"
