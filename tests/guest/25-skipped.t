#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kernel does not run a probe's program on a CPU that is looking at a BPF map at this moment,
# whoever asked for it. What was skipped so is counted as lost, and only probes are.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest --hmm


# json EXPRESSION: of the report's object r
json() {
	"${python[@]}" -c 'import json, sys
r = json.loads(open(sys.argv[1]).readlines()[-1])
print(eval(sys.argv[2]))' "$scratch/json" "$1"
}

# Looks at an element of a megabyte over and over, on one CPU.
cat >"$scratch/look.py" <<'END'
import ctypes, os, struct, sys
os.nice(19)
os.sched_setaffinity(0, {int(sys.argv[1])})
libc = ctypes.CDLL(None, use_errno=True)
key = ctypes.create_string_buffer(4)
value = ctypes.create_string_buffer(1 << 20)
def bpf(command, attributes):
    got = libc.syscall(321, command, ctypes.create_string_buffer(attributes, 128), 128)
    if got < 0:
        sys.exit(os.strerror(ctypes.get_errno()))
    return got
fd = bpf(0, struct.pack("IIIII", 2, 4, 1 << 20, 1, 0))  # an array of one
look = struct.pack("IIQQQ", fd, 0, ctypes.addressof(key), ctypes.addressof(value), 0)
print("looking", flush=True)
while True:
    bpf(1, look)
END

cat >"$scratch/rounds" <<'END'
for i in $(seq "$1"); do
	echo "add 0 4 0x140000000 0x200000" >/dev/pgmap_poke
	echo "del 0" >/dev/pgmap_poke
done
true
END

# watch BACKEND ROUNDS: so many, of which the report is in json; sets rc
watch() {
	rc=0
	"$pgmapstat" check --json --backend "$1" -- sh "$scratch/rounds" "$2" >"$scratch/json" ||
		rc=$?
}

looking() {
	[ "$(cat "$scratch"/looks.*)" = $'looking\nlooking' ]
}

insmod "$modules/pgmap_poke.ko"
plan 8
for cpu in 0 1; do
	"${python[@]}" "$scratch/look.py" $cpu >"$scratch/looks.$cpu" &
done
ok "both CPUs look at maps all the time" in_time 20 looking
watch kprobe 100
is "kprobe: exit 3" "$rc" 3
diag "skipped: $(json 'r["lost"]["program_skipped"]') of 500"
ok "what was skipped is counted" [ "$(json 'r["lost"]["program_skipped"]')" -gt 0 ]
is "nothing else is lost" "$(json 'sum(r["lost"].values()) - r["lost"]["program_skipped"]')" 0
is "the verdict is inconclusive" "$(json 'r["verdict"], r["incomplete"]')" "('inconclusive', True)"
for backend in fentry tp_btf tracefs; do
	watch $backend 10
	is "$backend sees all: clean, nothing lost" "$rc $(json \
		'r["verdict"], sum(r["lost"].values()), r["totals"]["states"]["RELEASED"]')" \
		"0 ('clean', 0, 10)"
done
