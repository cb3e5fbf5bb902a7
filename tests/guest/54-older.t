#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Pagemaps older than the tool: pgmapstat list shows them without any event; a run has them
# from its start on, judges nothing that happened before, and says when it cannot find them.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest --hmm --nvdimm 512M --labels
. "$(dirname "$0")/../soak/nvdimm.sh"

private=1 generic=4

# json EXPRESSION: of the lines in scratch/out, of which r is the last
json() {
	"${python[@]}" -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
r = lines[-1] if lines else None
print(eval(sys.argv[2]))' "$scratch/out" "$1"
}

# tool ARGUMENT ...: runs it, leaves rc, out and err
tool() {
	rc=0
	"$pgmapstat" "$@" >"$scratch/out" 2>"$scratch/err" || rc=$?
	out=$(cat "$scratch/out")
	err=$(cat "$scratch/err")
}

# unprivileged CAPABILITIES ARGUMENT ...: the same with these and no others
unprivileged() {
	local set=-all,+${1//,/,+}

	shift
	rc=0
	setpriv --bounding-set "$set" --inh-caps "$set" "$pgmapstat" "$@" >"$scratch/out" 2>"$scratch/err" || rc=$?
	out=$(cat "$scratch/out")
	err=$(cat "$scratch/err")
}

# row ADDRESS KEY: of that pagemap in the report
row() {
	json "[p['$2'] for p in r['pagemaps'] if p['pgmap'] == '$1']"
}

plan 42
tool list
is "without a pagemap: exit 0" "$rc" 0
is "and it says so" "$out" "no pagemap"
tool list --json
is "in JSON, no line" "$rc$out" 0

# ---- one that is claimed, one where nobody has claimed anything ----
insmod "$modules/pgmap_poke.ko"
poke claim 0 $private 0x8000000 >/dev/null
poke hold 0 >/dev/null
poke add 1 $generic 0x148000000 0x8000000 >/dev/null
range=$(sed -n 's/^\([0-9a-f]*\)-\([0-9a-f]*\) : pgmap_poke$/0x\1-0x\2/p' /proc/iomem)
tool list
is "two of them: exit 0" "$rc" 0
like "the claimed one: type, driver, range, pages, state" "$out" \
	"^0x[0-9a-f]{16} PRIVATE    pgmap_poke     -                $range +32768 percpu LIVE\$"
like "the other one" "$out" \
	"^0x[0-9a-f]{16} GENERIC    pgmap_poke     -                0x148000000-0x14fffffff +32768 percpu LIVE\$"
is "a header and two rows" "$(wc -l <<<"$out")" 3
first=$(awk '$2 == "PRIVATE" { print $1 }' <<<"$out")
second=$(awk '$2 == "GENERIC" { print $1 }' <<<"$out")
tool list -v
like "both ways of finding find both" "$err" \
	"^pgmapstat: pagemaps in the kernel's table: 2; by struct pages: 2\$"
tool list --json
is "the same in JSON" "$(json '[(p["kind"], p["type"], p["driver"], p["ranges"][0]["start"],
	p["pages"], p["refs"], p["state"]) for p in lines if p["type"] == "GENERIC"]')" \
	"[('pagemap', 'GENERIC', 'pgmap_poke', '0x148000000', 32768, None, 'LIVE')]"
tool list -t generic
is "-t" "$(tail -n +2 <<<"$out" | awk '{ print $1 }')" "$second"
tool list -p "$first"
is "-p" "$(tail -n +2 <<<"$out" | awk '{ print $1 }')" "$first"
tool list -D nobody
is "-D" "$out" "no pagemap"

# ---- a run ----
tool --check
like "--check says how many were found" "$out" '^older_pagemaps +2, all found$'
tool 1 1
like "the table has it with a mark" "$out" "^$first +1\\* PRIVATE"
tool check --json -- bash -c '. "$0"; poke put 0; poke del 0; poke del 1
	poke claim 0 1 0x8000000; poke add 1 4 0x148000000 0x8000000' \
	"$top/tests/guest/poke.sh"
is "a page of before is freed, both are unmapped and mapped again: clean" \
	"$rc $(json 'r["verdict"]')" "0 clean"
is "no finding" "$(json 'sum(r["rules"].values())')" 0
is "none lost" "$(json 'sum(r["lost"].values())')" 0
is "the first ones were there before the start, their successors were not" "$(json \
	'[(p["generation"], p["partial"], p["since"] == "before start", p["state"])
	  for p in sorted(r["pagemaps"], key=lambda p: (p["generation"], p["pgmap"]))]')" \
	"[(1, True, True, 'RELEASED'), (1, True, True, 'RELEASED'), (2, False, False, 'LIVE'), (2, False, False, 'LIVE')]"
is "nothing is unknown" "$(json '"older_unknown" in r')" False

# ---- one that is dying ----
poke hold 0 >/dev/null
sh -c "echo del 0 >/dev/pgmap_poke" &
waiter=$!
ok "an unmapping hangs" in_time 10 grep -q teardown "/proc/$waiter/stack"
tool list -t private
like "the pagemap is listed as KILLED, with its references" "$out" \
	"^$first PRIVATE .* 32768      1 KILLED\$"
tool check --json -- sh -c 'echo put 0 >/dev/pgmap_poke; while [ -e /proc/$0 ]; do sleep 0.1; done' \
	"$waiter"
is "it is taken over while it dies: clean" "$rc $(json 'r["verdict"]')" "0 clean"
is "its end is seen" "$(row "$first" since)$(row "$first" state)" "['before start']['RELEASED']"
wait "$waiter"

# ---- filters, a small buffer ----
tool check --json -D nobody -- true
is "-D hides those that are older too" "$rc $(json 'len(r["pagemaps"])')" "0 0"
tool check --json -D pgmap_poke -p "$second" -- true
is "or does not" "$(json '[p["pgmap"] for p in r["pagemaps"]]')" "['$second']"
for slot in 0 2 3; do
	poke claim "$slot" $generic 0x8000000 >/dev/null
done
tool check --json --buffer 4096 -- true
is "a small buffer is no reason to lose one" "$rc $(json 'len(r["pagemaps"])')" "0 4"
for slot in 0 1 2 3; do
	poke del "$slot" >/dev/null
done
rmmod pgmap_poke

# ---- real drivers, whose device only the claim of the range names ----
nvdimm_begin >/dev/null 2>&1
nvdimm_make fsdax blockdev >/dev/null
tool list
like "FS_DAX: driver and device" "$out" '^0x[0-9a-f]{16} FS_DAX     nd_pmem        namespace0.0     0x'
tool list -v
like "both ways find it, though its first pages hold its memmap" "$err" \
	"^pgmapstat: pagemaps in the kernel's table: 1; by struct pages: 1\$"
tool check --json -D nd_pmem -- ndctl destroy-namespace -f namespace0.0
is "its end is clean" "$rc $(json '[(p["type"], p["driver"], p["device"], p["since"], p["state"])
	for p in r["pagemaps"]]')" \
	"0 [('FS_DAX', 'nd_pmem', 'namespace0.0', 'before start', 'RELEASED')]"
nvdimm_make devdax chardev >/dev/null
tool list
like "GENERIC: driver and device" "$out" '^0x[0-9a-f]{16} GENERIC    device_dax     dax0.0           0x'
tool list -v
like "both ways find it, though its pages are compound" "$err" \
	"^pgmapstat: pagemaps in the kernel's table: 1; by struct pages: 1\$"
address=$(awk '$2 == "GENERIC" { print $1 }' <<<"$out")
tool why "$address"
like "why names the device too" "$out" "^pgmap $address, GENERIC, driver device_dax, device dax0.0, 0x"

# ---- asked to stop while they are taken over ----
# Then it looks into /sys/bus for the driver that is bound to the device.
cat >"$scratch/stopped" <<'END'
"$1" check --json >"$2/out"
echo $? >"$2/code"
END
bpftrace --unsafe -c "/bin/bash $scratch/stopped $pgmapstat $scratch" -e '
	kprobe:do_sys_openat2 /comm == "pgmapstat" && str(uptr(arg1)) == "/sys/bus"/ {
		signal("SIGINT");
	}' >/dev/null 2>&1
is "asked to stop by then, it ends as ever" "$(cat "$scratch/code") $(json 'r["verdict"]')" "0 clean"

# ---- without the rights ----
unprivileged bpf,perfmon list
is "without CAP_SYSLOG, symbols are hidden: exit 1" "$rc$out" 1
like "one line says so" "$err" \
	'^pgmapstat: pagemaps cannot be found: kernel symbols are hidden: run as root'
unprivileged bpf,perfmon --check
like "--check says so" "$out" '^older_pagemaps +unknown: kernel symbols are hidden'
unprivileged bpf,perfmon check -- true
is "a run goes on without them" "$rc" 0
like "and says so in its report" "$out" '^older: unknown, .*: kernel symbols are hidden'
is "it has none" "$(grep -c '^0x' <<<"$out")" 0
unprivileged bpf,perfmon,syslog list
is "with CAP_SYSLOG the table is enough: exit 0" "$rc" 0
like "and the pagemap is there" "$out" "^$address GENERIC"
tool list nonsense
is "an argument: exit 129" "$rc" 129
