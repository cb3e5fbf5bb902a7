#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# guest/run: exit codes, streams, the read-only root, and what fails a run.
# timeout: 400
set -eu
. "$(dirname "$0")/lib.sh"

plan 39
# the kernel with the least of ours in it, so that these hold whatever we break
kernel=(--kernel stock)

for code in 0 1 129 255; do
	guest "${kernel[@]}" -- sh -c "exit $code"
	is "exit code $code comes back" "$rc" "$code"
done
guest "${kernel[@]}" -- sh -c 'kill -KILL $$'
is "a command killed by a signal gives 128 + signal" "$rc" 137
guest "${kernel[@]}" -- /no/such/command
is "a command that is not there gives 127" "$rc" 127

guest "${kernel[@]}" -- bash -c 'echo one; echo two >&2; pwd; echo "$0" "$1"' 'a b' "c'd"
is "standard output comes back" "$out" "one"$'\n'"$PWD"$'\n'"a b c'd"
is "standard error comes back apart" "$err" "two"
head -c 3000000 /dev/urandom >"$scratch/random"
guest "${kernel[@]}" -- cat "$scratch/random"
ok "three megabytes of output are the same bytes" cmp "$scratch/random" "$scratch/out"
is "input reaches the command" \
	"$(printf 'a\nb\n' | "$top/guest/run" "${kernel[@]}" -- wc -l)" 2
guest "${kernel[@]}" -- bash -c '[ ! -t 0 ] && [ ! -t 1 ] && echo x >/dev/stdout'
is "without a terminal there is none, /dev/stdout can be opened" "$rc $out" "0 x"

touch "$scratch/kept"
guest_script "${kernel[@]}" <<END
echo changed >"$scratch/kept"
rm "$scratch/random"
touch "$scratch/new"
cat "$scratch/kept"
uname -r
[ -d /sys/kernel/debug/tracing ] && [ -e /sys/kernel/btf/vmlinux ]
modprobe -n test_hmm
END
is "the guest can write over its root" "$rc" 0
like "the guest runs the kernel asked for" "$out" '^6\.12\.[0-9]+-stock$'
is "writes do not reach the host" "$(cat "$scratch/kept")" ""
nok "new files do not reach the host" [ -e "$scratch/new" ]
ok "removals do not reach the host" [ -f "$scratch/random" ]

mkdir "$scratch/share"
guest "${kernel[@]}" --share "$scratch/share" -- sh -c 'echo kept >/mnt/share/result'
is "--share is written through" "$(cat "$scratch/share/result")" kept

provoke=(bash -c 'modprobe lkdtm; echo "$0" >/sys/kernel/debug/provoke-crash/DIRECT; exit 5')
guest "${kernel[@]}" -- "${provoke[@]}" WARNING
is "a kernel WARNING fails the run" "$rc" 122
like "the WARNING is printed" "$err" 'WARNING: CPU.*lkdtm_WARNING'
guest "${kernel[@]}" --allow lkdtm_WARNING -- "${provoke[@]}" WARNING
is "--allow lets that WARNING pass" "$rc" 5
guest "${kernel[@]}" --allow some_other_WARNING -- "${provoke[@]}" WARNING
is "--allow lets no other pass" "$rc" 122
guest "${kernel[@]}" -- "${provoke[@]}" PANIC
is "a panic fails the run" "$rc" 122
like "the panic is printed" "$err" 'Kernel panic - not syncing: dumptest'
guest "${kernel[@]}" -- "${provoke[@]}" EXCEPTION
is "an oops fails the run" "$rc" 122

guest "${kernel[@]}" --timeout 20 -- sleep 1000
is "a hang ends at the timeout" "$rc" 124
like "the hang shows the log's tail" "$err" 'end of the kernel.s log'
like "the hang says how long it was given" "$err" 'did not end within 20 seconds'

"$top/guest/run" "${kernel[@]}" -- sh -c 'sleep 3; echo first' >"$scratch/first" &
guest "${kernel[@]}" -- sh -c 'sleep 3; echo second'
wait $! || true
is "two guests run at once" "$(cat "$scratch/first") $out" "first second"

"$top/guest/run" "${kernel[@]}" -- sh -c 'echo up; sleep 1000' >"$scratch/out" 2>&1 &
runner=$!
for _ in $(seq 600); do
	! grep -q up "$scratch/out" || break
	sleep 0.1
done
children=$(pgrep -P "$runner" | tr '\n' ' ')
kill -TERM "$runner"
rc=0
wait "$runner" || rc=$?
is "SIGTERM ends guest/run" "$rc" 143
# shellcheck disable=SC2086 # a list
nok "SIGTERM leaves no process behind" ps -p ${children:-1}

guest --no-such-option
is "a wrong option is a usage error" "$rc" 129
guest --kernel none -- true
is "an unknown kernel is refused" "$rc" 125

# ---- a guest that dies before its command ----
mkdir "$scratch/bin"
cat >"$scratch/bin/qemu-system-x86_64" <<END
#!/bin/bash
echo boot >>"$scratch/boots"
[ "\$(wc -l <"$scratch/boots")" -gt "\$DEATHS" ] || kill -SEGV \$\$
exec $(command -v qemu-system-x86_64) "\$@"
END
chmod +x "$scratch/bin/qemu-system-x86_64"
# dying N GUEST'S ARGUMENTS: QEMU dies of a signal N times
dying() {
	rm -f "$scratch/boots"
	DEATHS=$1 PATH=$scratch/bin:$PATH guest "${@:2}"
}
dying 2 "${kernel[@]}" -- sh -c 'exit 7'
is "where QEMU dies before the command it is booted again" "$rc" 7
is "and each time that is said" "$(grep -c 'booting it again' "$scratch/err")" 2
rm "$scratch/boots"
is "with the input that it would have had" "$(DEATHS=1 PATH=$scratch/bin:$PATH \
	"$top/guest/run" "${kernel[@]}" -- cat <<<"its input" 2>/dev/null)" "its input"
dying 3 "${kernel[@]}" -- true
is "three times is an error" "$rc $(wc -l <"$scratch/boots")" "125 3"
dying 0 "${kernel[@]}" --append rdinit=/none -- true
is "a kernel of ours that panics there fails at once" "$rc $(wc -l <"$scratch/boots")" "122 1"
dying 0 --kernel debian-6.12 --append rdinit=/none -- true
is "one of Debian's is booted again" "$rc $(wc -l <"$scratch/boots")" "122 3"
dying 0 "${kernel[@]}" -- "${provoke[@]}" PANIC
is "what dies in its command is not" "$rc $(wc -l <"$scratch/boots")" "122 1"
