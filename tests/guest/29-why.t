#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# pgmapstat why, asked while an unmapping hangs: what is stuck, who waits and where, which
# references and pages are left, who holds the pages.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
# debug info of the very kernel that boots, for lines; the build directory may be ahead of it
build_id() {
	readelf -n "$1" | sed -n 's/.*Build ID: //p'
}
if [ -z "${PGMAP_GUEST:-}" ]; then
	objdir=$("$top/guest/build" --objdir pgmap)
	[ "$(build_id "$objdir/vmlinux")" = "$(build_id "$("$top/guest/build" pgmap)/vmlinux")" ] ||
		objdir=
	export objdir
fi
in_guest --hmm

private=1 generic=4
insmod "$modules/pgmap_poke.ko"

# why ARGUMENT ...: runs it, leaves rc, out and err
why() {
	rc=0
	"$pgmapstat" why "$@" >"$scratch/out" 2>"$scratch/err" || rc=$?
	out=$(cat "$scratch/out")
	err=$(cat "$scratch/err")
}

# hang SLOT: begins to unmap in the background; waiter is the process
hang() {
	sh -c "echo del $1 >/dev/pgmap_poke" &
	waiter=$!
	in_time 10 grep -q teardown "/proc/$waiter/stack"
}

plan 37
why
is "nothing hangs: exit 0" "$rc" 0
is "and it says so" "$out" "nothing is stuck: no task waits for a pagemap to drain"

# ---- a page that is not given back ----
poke claim 0 $private 0x8000000 >/dev/null
poke hold 0 >/dev/null
why
is "a live pagemap with a page in use is not stuck" "$out" \
	"nothing is stuck: no task waits for a pagemap to drain"
hang 0
sleep 1
why
is "a hang is found: exit 0" "$rc" 0
like "its pagemap, type, driver, range" "$out" \
	'^pgmap 0x[0-9a-f]{16}, PRIVATE, driver pgmap_poke, 0xf[0-9a-f]+-0xf[0-9a-f]+, 32768 pages$'
like "its state" "$out" '^ +KILLED: being unmapped, and it does not drain$'
like "who waits, and for how long" "$out" \
	"^ +waiting for about [0-9.]+(ms|s): sh/$waiter\$"
like "where it waits" "$out" '^ +teardown\+0x[0-9a-f]+/0x[0-9a-f]+'
like "in whose code" "$out" '^ +del\+0x[0-9a-f]+/0x[0-9a-f]+ \[pgmap_poke\]'
like "one reference is left" "$out" '^ +references left: 1$'
like "the page in use has it" "$out" '^ +held by the page in use$'
like "all pages were looked at" "$out" '^ +pages in use: 1 of 32768 looked at$'
like "the page, with its counts" "$out" '^ +page pfn 0xf[0-9a-f]+: 1 reference, mapped 0 times$'
like "what to do" "$out" '^ +to do: a page with more references than mappings'
like "what is not known" "$out" '^ +not known: who allocated a page'
address=$(grep -o '0x[0-9a-f]*' <<<"$out" | head -n 1)

why --json
# shellcheck disable=SC2016 # python's
found=$("${python[@]}" -c 'import json, sys
line = json.loads(sys.stdin.read())
print(line["kind"], line["state"], line["refs"], line["outstanding"], len(line["held"]),
      line["held"][0]["refs"], line["waiter"]["pid"],
      "teardown" in [f.get("function") for f in line["waiter"]["stack"]])' <<<"$out")
is "the same in JSON" "$found" "explanation KILLED 1 1 1 1 $waiter True"
why "$address"
like "the same by its address" "$out" "^pgmap $address, PRIVATE"
if [ -n "$objdir" ]; then
	why --debuginfo "$objdir" "$address"
	like "with debug info: file and line" "$out" \
		'^ +teardown\+0x[0-9a-f]+/0x[0-9a-f]+ [a-z/]*kernel/memremap.c:[0-9]+$'
	line=$(sed -n 's/^ *teardown.*memremap\.c:\([0-9]*\)$/\1/p' <<<"$out")
	like "the line of the call that waits" "$(sed -n "${line}p" "$top/kernel/memremap.c")" \
		'wait_for_completion\('
else
	skip "with debug info: file and line" "the build directory has another kernel's"
	skip "the line of the call that waits" "as above"
fi
why --debuginfo "$modules" "$address"
like "with a module's: file and line there" "$out" \
	'^ +del\+0x[0-9a-f]+/0x[0-9a-f]+ \[pgmap_poke\] .*pgmap_poke.c:[0-9]+$'
like "and no word on the kernel's but one" "$err" \
	"^pgmapstat: no debug info of this kernel was found: --debuginfo names it$"
is "the page is put, the hang ends" "$(poke put 0; wait "$waiter")" 1
why
is "and nothing is stuck" "$out" "nothing is stuck: no task waits for a pagemap to drain"

# ---- a reference that no page has ----
poke claim 1 $generic 0x8000000 >/dev/null
poke get 1 >/dev/null
hang 1
why
like "a leaked reference: GENERIC, driver" "$out" '^pgmap 0x[0-9a-f]{16}, GENERIC, driver pgmap_poke'
like "one is left" "$out" '^ +references left: 1$'
like "no page is in use" "$out" '^ +pages in use: 0 of 32768 looked at$'
like "so it was not put" "$out" '^ +to do: no page is in use: look for get_dev_pagemap\(\) without'
poke unget 1 >/dev/null
wait "$waiter"

# ---- a pagemap that is only looked at ----
poke add 2 $private 0x140000000 0x8000000 >/dev/null
poke hold 2 >/dev/null
hang 2
why
address=$(grep -o '0x[0-9a-f]*' <<<"$out" | head -n 1)
like "a pagemap in a range that nobody has claimed is found too" "$out" \
	'^pgmap 0x[0-9a-f]{16}, PRIVATE, driver pgmap_poke, 0x140000000-0x147ffffff, '
poke put 2 >/dev/null
wait "$waiter"
poke add 2 $private 0x140000000 0x8000000 >/dev/null
why "$address"
like "asked for by its address, a live one is shown" "$out" '^ +LIVE: nobody has begun to unmap it$'
poke del 2 >/dev/null
why "$address"
like "and one that is gone" "$out" '^ +RELEASED: it was unmapped, nothing hangs$'

# ---- what is no pagemap ----
why 0xffff888000000000
is "an address without a pagemap: exit 1" "$rc" 1
is "one line says so" "$err" \
	"pgmapstat: there is no pagemap at 0xffff888000000000: it was released, or the address is wrong"
why 0x1234
is "one where no kernel memory is: exit 1" "$rc" 1
is "says that" "$err" "pgmapstat: there is no pagemap at 0x1234: no kernel memory is there"
why nonsense
is "what is no address at all: exit 129" "$rc" 129

rc=0
err=$(setpriv --reuid 65534 --clear-groups "$pgmapstat" why 2>&1) || rc=$?
is "a plain user: exit 1" "$rc" 1
like "and one line that says what is needed" "$err" \
	'^pgmapstat: .* neither with BPF \(.*\) nor from /proc/kcore \(.*\): run as root'
