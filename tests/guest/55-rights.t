#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Least rights: two capabilities are enough, a missing one is named, and once it watches the
# tool has none, nor has what it starts then; it sees and tells all the same.
# timeout: 600
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest --hmm --timeout 500

unit=$top/packaging/pgmapstat.service

# nobody CAPABILITIES COMMAND ...: as a user who is nobody, with these (bpf,perfmon) and no
# others. A script, so that the process it begins as becomes the command.
cat >"$scratch/nobody" <<'END'
given=(--bounding-set "-all")
if [ -n "$1" ]; then
	given=(--inh-caps "+${1//,/,+}" --ambient-caps "+${1//,/,+}"
		--bounding-set "-all,+${1//,/,+}")
fi
shift
exec setpriv --reuid 65534 --regid 65534 --clear-groups "${given[@]}" "$@"
END
nobody=(bash "$scratch/nobody")

# granted KEY: what the unit says, as setpriv wants it
granted() {
	sed -n "s/^$1=//p" "$unit" | tr 'A-Z ' 'a-z,' | sed 's/cap_//g'
}

# refused NAME CAPABILITIES LINE [OPTION ...]: exit 1 and this one line
refused() {
	local name=$1 rights=$2 line=$3

	shift 3
	rc=0
	"${nobody[@]}" "$rights" "$pgmapstat" check -d 1 "$@" >"$scratch/out" 2>"$scratch/err" || rc=$?
	is "$name" "$rc $(cat "$scratch/err")" "1 pgmapstat: $line"
}

# begin COMMAND ...: runs it in the background until it watches
begin() {
	"$@" >"$scratch/out" 2>"$scratch/err" &
	tool=$!
	in_time 30 powerless
}

powerless() {
	[ "$(awk '/^NoNewPrivs:/ { print $2 }' "/proc/$tool/status")" = 1 ] &&
		[ "$(grep -cE '^Cap(Inh|Prm|Eff|Amb):.0{16}$' "/proc/$tool/status")" -eq 4 ]
}

# finish: asks it to end; sets rc and out
finish() {
	kill -INT "$tool"
	rc=0
	wait "$tool" || rc=$?
	out=$(cat "$scratch/out")
}

live() {
	for command in "claim 0 1 0x8000000" "hold 0" "put 0" "del 0"; do
		echo "$command" >/dev/pgmap_poke
	done
}

insmod "$modules/pgmap_poke.ko"
echo 2 >/proc/sys/kernel/unprivileged_bpf_disabled
plan 35
sed "s|/usr/bin/pgmapstat|$pgmapstat|" "$unit" >"$scratch/pgmapstat.service"
if command -v systemd-analyze >/dev/null; then
	ok "systemd takes the unit" systemd-analyze verify "$scratch/pgmapstat.service"
else
	skip "systemd takes the unit" "no systemd-analyze here"
fi
is "it grants two capabilities" "$(granted AmbientCapabilities)" "bpf,perfmon"
is "and no others" "$(granted CapabilityBoundingSet)" "bpf,perfmon"

begin "${nobody[@]}" "$(granted AmbientCapabilities)" "$pgmapstat" --pages --json 60
ok "with these it watches, and then has none" powerless
is "though nobody may use BPF" "$(cat /proc/sys/kernel/unprivileged_bpf_disabled)" 2
live
finish
is "it ends well" "$rc" 0
is "what happened then is counted" "$("${python[@]}" -c 'import json, sys
print(json.loads(sys.stdin.readlines()[-1])["totals"])' <<<"$out" | grep -o "'allocs.*frees': 1")" \
	"'allocs': 1, 'frees': 1"
"${nobody[@]}" bpf,perfmon "$pgmapstat" --check >"$scratch/check"
like "--check says which it was given" "$(cat "$scratch/check")" '^capabilities +CAP_BPF CAP_PERFMON$'
like "what it cannot do for want of others" "$(cat "$scratch/check")" \
	'^lacking +CAP_SYS_ADMIN \(.*, CAP_SYSLOG \('
like "and which it keeps" "$(cat "$scratch/check")" '^rights_kept +none$'
unlike "root lacks nothing" "$("$pgmapstat" --check)" '^lacking +CAP_'

hint="run as root, or setcap cap_bpf,cap_perfmon+ep pgmapstat"
refused "without CAP_BPF it is named" perfmon "missing capability CAP_BPF: $hint"
refused "without CAP_PERFMON it is named" bpf "missing capability CAP_PERFMON: $hint"
refused "without both they are" "" "missing capability CAP_BPF and CAP_PERFMON: $hint"
refused "other capabilities are no help" net_admin,sys_ptrace \
	"missing capability CAP_BPF and CAP_PERFMON: $hint"
refused "trace records take another one" bpf,perfmon \
	"cannot make a tracefs instance in /sys/kernel/tracing/instances (Permission denied): missing capability CAP_DAC_OVERRIDE, or run as root" \
	--backend tracefs

begin "${nobody[@]}" dac_override "$pgmapstat" check --json -d 60
ok "with that one it reads trace records, and then has none" powerless
like "and says why" "$(cat "$scratch/err")" \
	'^pgmapstat: backend tracefs, .* missing capability CAP_BPF and CAP_PERFMON'
live
finish
is "it ends well" "$rc" 0
like "what happened then is counted" "$out" '"allocs":1,"frees":1'
is "and its instance is gone" "$(ls /sys/kernel/tracing/instances)" ""
begin setpriv --bounding-set -bpf,-perfmon,-sys_admin --inh-caps -bpf,-perfmon,-sys_admin \
	"$pgmapstat" check -d 60
ok "root without BPF's reads trace records too" powerless
finish
is "it ends well" "$rc $(tail -n 1 <<<"$out")" "0 verdict: clean (0 errors, 0 warnings, 0 reports)"

for backend in tp_btf tracefs; do
	begin "$pgmapstat" check --pages --stall-warn 1s --backend $backend -d 60
	ok "$backend: root's run has none either" powerless
	echo "claim 0 1 0x8000000" >/dev/pgmap_poke
	echo "hold 0" >/dev/pgmap_poke
	echo "del 0" >/dev/pgmap_poke &
	waiter=$!
	ok "$backend: a stall is still explained" in_time 20 grep -q 'references left: 1' "$scratch/out"
	echo "put 0" >/dev/pgmap_poke
	wait $waiter
	finish
	like "$backend: with names in its stack" "$out" 'poke_write\+0x.* \[pgmap_poke\]'
	like "$backend: what takes a right is named as not known" "$out" \
		'not known: who maps a page is shown with CAP_SYS_ADMIN only'
	[ $backend = tracefs ] ||
		like "$backend: who allocated the page is known" "$out" '^ +allocated .* ago by '
done

# a pagemap forgotten and added anew: a finding, at which something is run
cat >"$scratch/careless" <<'END'
echo "$(awk '/^CapEff/ { print $2 }' /proc/self/status)" >"$3"
echo "add 0 4 $1 0x200000" >/dev/pgmap_poke
echo "forget 0" >/dev/pgmap_poke
echo "add 0 4 $2 0x200000" >/dev/pgmap_poke
echo "del 0" >/dev/pgmap_poke
END
# shellcheck disable=SC2016 # the command's
action='exec=awk "/^CapEff/ { print \$2 }" /proc/self/status >'$scratch/reaction
mine=$(awk '/^CapEff/ { print $2 }' /proc/self/status)
"$pgmapstat" check --on-finding "$action" -- \
	sh "$scratch/careless" 0x140000000 0x140400000 "$scratch/command" >"$scratch/out" || true
is "a watched command has the rights of who asked" "$(cat "$scratch/command")" "$mine"
is "what is run at a finding has none" "$(cat "$scratch/reaction")" 0000000000000000
"$pgmapstat" check --keep-rights --on-finding "$action" -- \
	sh "$scratch/careless" 0x148000000 0x148400000 "$scratch/command" >"$scratch/out" || true
is "unless they are kept" "$(cat "$scratch/reaction")" "$mine"
