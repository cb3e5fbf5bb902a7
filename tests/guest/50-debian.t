#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Debian's own kernels: where they come from, that one boots as packaged, and what
# pgmapstat says on two of them of pagemaps of real drivers. make check-kernels has them all.
# timeout: 2400
set -eu
. "$(dirname "$0")/lib.sh"

oldest=debian-5.10 newest=debian-sid

# fetch ARCHIVE: the oldest from another archive, into a cache of its own
fetch() {
	rc=0
	out=$(DEBIAN_ARCHIVE=$1 PGMAPSTAT_CACHE=$scratch/cache \
		"$top/guest/debian" $oldest 2>&1) || rc=$?
}

# archive_changed DIR: an archive with a signed list of files of which one letter is changed
archive_changed() {
	local signed suite

	signed=$(find "${PGMAPSTAT_CACHE:-$HOME/.cache/pgmapstat}/debian/apt" -name '*_InRelease' |
		head -n 1)
	[ -n "$signed" ] || bail "apt has left no signed list of a suite"
	for suite in bullseye-security bullseye; do
		mkdir -p "$1/dists/$suite"
		sed 's/^Origin: Debian/Origin: debian/' "$signed" >"$1/dists/$suite/InRelease"
	done
}

# as_packaged PACKAGE VERSION: whether the kernel says so of itself
as_packaged() {
	[[ $out == "${1#linux-image-} "*"Debian $2 "* ]] || { echo "$out" && false; }
}

# scenario KERNEL NAME: what tests/kernels/check found
scenario() {
	local word text

	IFS=$'\t' read -r word text <"$top/.output/kernels/results/$1/$2.result" || true
	case $word in
	passed) pass "$1, $2: $text" ;;
	no | "not offered") skip "$1, $2" "$text" ;;
	*) fail "$1, $2: ${text:-no result}" ;;
	esac
}

mapfile -t scenarios < <(grep -v '^#' "$top/tests/kernels/table" | awk '{ print $1 }')
plan $((9 + 2 * 4 + 2 * ${#scenarios[@]}))

mkdir "$scratch/empty"
fetch "file:$scratch/empty"
is "a kernel that is not offered has an exit code of its own" "$rc" 4
like "and one line that says so" "$(tail -n 1 <<<"$out")" \
	"^debian: $oldest: not offered by the archive"
rc=0
DEBIAN_ARCHIVE=file:$scratch/empty PGMAPSTAT_CACHE=$scratch/cache \
	"$top/guest/run" --kernel $oldest -- true >/dev/null 2>&1 || rc=$?
is "guest/run has one for it, too" "$rc" 123
guest --kernel debian-0.1 -- true
is "a kernel that Debian never had is an error" "$rc" 125
rc=0
"$top/guest/debian" >/dev/null 2>&1 || rc=$?
is "no name is a usage error" "$rc" 129

for kernel in $oldest $newest; do
	rc=0
	dir=$("$top/guest/debian" "$kernel" 2>"$scratch/err") || rc=$?
	if [ $rc -eq 4 ]; then
		for name in "is fetched" "boots" "reaches its root" "loads modules"; do
			skip "$kernel $name" "$(tail -n 1 "$scratch/err")"
		done
		continue
	fi
	is "$kernel is fetched" "$rc" 0
	[ $rc -eq 0 ] || diag "$(cat "$scratch/err")"
	read -r package version _ <"$dir/package"
	guest --kernel "$kernel" -- sh -c \
		'uname -rv; ls -d "$0"; modprobe libnvdimm; grep -c libnvdimm /proc/modules' "$top"
	ok "$kernel boots, as packaged" as_packaged "$package" "$version"
	like "$kernel reaches its root" "$out" "^$top$"
	like "$kernel loads its modules" "$out" '^[1-9]$'
done

archive_changed "$scratch/changed"
fetch "file:$scratch/changed"
is "an archive whose signature is not good is an error" "$rc" 1
like "which is told" "$out" 'BADSIG|signatures were invalid|not signed'
nok "and nothing is taken from it" ls "$scratch"/cache/debian/$oldest-*

rc=0
"$top/tests/kernels/check" --kernel $oldest --kernel $newest >"$scratch/table" \
	2>"$scratch/err" || rc=$?
like "two kernels give a table" "$(cat "$scratch/table")" "^\| $newest \|"
diag "$(cat "$scratch/table")"
for kernel in $oldest $newest; do
	for name in "${scenarios[@]}"; do
		scenario "$kernel" "$name"
	done
done
