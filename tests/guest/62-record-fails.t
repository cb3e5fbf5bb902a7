#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What cannot be recorded: exit 1 and one line that says why, no tracefs instance is left, and
# the file is what it was.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest "${hmm_guest[@]}" --timeout 280

tracing=/sys/kernel/tracing/instances

# refused NAME REGEX COMMAND ...: exit 1, and one line of its own that matches
refused() {
	local name=$1 regex=$2

	shift 2
	rc=0
	timeout 60 "$@" >"$scratch/out" 2>"$scratch/err" || rc=$?
	like "$name: exit 1, and why" "$rc $(cat "$scratch/out" "$scratch/err")" \
		"^1 pgmapstat: $regex\$"
	is "$name: one line, and no instance is left" \
		"$(cat "$scratch/out" "$scratch/err" | wc -l) $(ls "$tracing")" "1 "
}

cat >"$scratch/work" <<'END'
insmod "$1/pgmap_hmm.ko"
"$1/hmm_touch" 0 64 30
rmmod pgmap_hmm
END
cat >"$scratch/named" <<'END'
mkdir "$1/pgmapstat-tracefs-$$"
[ "$2" = idle ] || exec 9<"$1/pgmapstat-tracefs-$$/trace_pipe"
echo 1 >"$1/pgmapstat-tracefs-$$/events/memremap/enable"
echo "claim 0 1 0x8000000" >/dev/pgmap_poke
echo "del 0" >/dev/pgmap_poke
exec "$3" record -q -o "$4/dat" -- sh -c "ls $1 | sed s/$$/self/ >$4/names"
END

# records FILE: how many events a replay finds
records() {
	"$pgmapstat" replay --json "$1" | "${python[@]}" -c 'import json, sys
print(sum(json.loads(sys.stdin.readlines()[-1])["records"].values()))'
}

insmod "$modules/pgmap_poke.ko"
plan 25
echo "an older recording" >"$scratch/dat"

# ---- where it is to go ----
mkfifo "$scratch/pipe"
refused "a pipe" "cannot record into .*/pipe: it is no regular file" \
	"$pgmapstat" record -o "$scratch/pipe" -- true
refused "a device" "cannot record into /dev/full: it is no regular file" \
	"$pgmapstat" record -o /dev/full -- true
refused "a directory" "cannot record into .*: Is a directory" \
	"$pgmapstat" record -o "$scratch" -- true
mkdir "$scratch/theirs"
touch "$scratch/theirs/dat"
chown -R 65534 "$scratch/theirs"
chmod 755 "$scratch"
chmod 666 "$scratch/theirs/dat"
refused "a directory in which one may not make files" \
	"cannot open what it takes to record into .*/theirs/dat: Permission denied" \
	setpriv --bounding-set -dac_override --inh-caps -dac_override \
	"$pgmapstat" record -o "$scratch/theirs/dat" -- true
"$pgmapstat" record -o "$scratch/busy" -- \
	"$pgmapstat" record -o "$scratch/busy" -- true >"$scratch/out" 2>"$scratch/err" || true
is "a file that another one records into" "$(head -n 1 "$scratch/err")" \
	"pgmapstat: cannot record into $scratch/busy: another recording is going there"

# ---- what is to be recorded ----
refused "a command that is not there" "$scratch/nothing: No such file or directory" \
	"$pgmapstat" record -o "$scratch/dat" -- "$scratch/nothing"
refused "a driver's name that is no filter" "a driver's name with a quote cannot be .*" \
	"$pgmapstat" record -o "$scratch/dat" -D 'a"b' -- true
is "the file is what it was" "$(cat "$scratch/dat")" "an older recording"
"$pgmapstat" record -o "$scratch/new" -- "$scratch/nothing" 2>/dev/null || true
nok "one that was not there is not" [ -e "$scratch/new" ]

# ---- a full disk ----
mkdir "$scratch/small"
mount -t tmpfs -o size=256k none "$scratch/small"
refused "a disk that is full before the end" \
	"cannot record into .*/small/dat: No space left on device: it takes room for twice .*" \
	"$pgmapstat" record -o "$scratch/small/dat" -- bash "$scratch/work" "$modules"
in_time 20 rmmod pgmap_hmm 2>/dev/null || true
refused "a disk that is full at the end" \
	"cannot write .*/small/dat: No space left on device: it takes room for twice .*" \
	"$pgmapstat" record -o "$scratch/small/dat" --size 128k -- bash "$scratch/work" "$modules"
is "no half of a recording is left" "$(ls "$scratch/small")" ""
umount "$scratch/small"

# ---- an instance of the same name ----
bash "$scratch/named" "$tracing" idle "$pgmapstat" "$scratch"
is "one that nobody uses is removed first" "$(cat "$scratch/names")" pgmapstat-tracefs-self
is "nothing of what it had is in the recording" "$(records "$scratch/dat")" 0
bash "$scratch/named" "$tracing" used "$pgmapstat" "$scratch"
is "beside one in use it takes another name" "$(cat "$scratch/names")" \
	"pgmapstat-tracefs-self"$'\n'"pgmapstat-tracefs-self-1"
is "nothing of what that one had is in the recording" "$(records "$scratch/dat")" 0
is "and that one stays" "$(find "$tracing" -mindepth 1 -maxdepth 1 | wc -l)" 1
