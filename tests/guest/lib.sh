# SPDX-License-Identifier: GPL-2.0
# TAP for shell tests, on the host and in the guest. Source it first:
#
#	#!/bin/bash
#	# SPDX-License-Identifier: GPL-2.0
#	# what this file shows
#	set -eu
#	. "$(dirname "$0")/lib.sh"
#
# A test file is tests/guest/NAME.t, executable, one behaviour group each. It
# takes one of two shapes.
#
# (a) The whole file runs in the guest: the first statement is
#	in_guest [guest/run options]
#   On the host it boots and runs the same file there; in the guest it returns.
#   The host's root is visible read-only at the same paths, writes vanish.
#
# (b) The file runs on the host and boots guests where it needs them:
#	guest [guest/run options] -- command ...
#	guest_script [guest/run options] <<'END' ... END    (bash -eu in the guest)
#   Both never fail; they set rc (exit code), out (stdout) and err (stderr);
#   the same to the byte are in scratch/out and scratch/err.
#
# What the guest is going to run is built on the host, before in_guest:
#	build_tool		pgmapstat
#	build_modules KERNEL	the test modules for that kernel
#	on_host COMMAND ...	anything else; in the guest it is passed over
#
# Results, one TAP line each:
#	plan N			number of results to come; first. Ending with another
#				number of results is a failure of the whole file
#	ok NAME COMMAND ...	passes when COMMAND succeeds
#	nok NAME COMMAND ...	passes when COMMAND fails
#	is NAME GOT WANT	passes when equal
#	isnt NAME GOT OTHER	passes when different
#	like NAME TEXT REGEX	passes when the extended regex matches a part of TEXT
#	unlike NAME TEXT REGEX	passes when it matches nowhere
#	pass NAME / fail NAME	unconditional
#	skip NAME WHY		counts as skipped, never as passed
#	bail WHY		nothing further can work; ends the file as failed
#	diag TEXT		explanation, shown as a # comment
# Each of them returns 0, so that set -e does not end a file at its first failure.
#
# Variables: top (the checkout), scratch (a directory removed at the end; in the
# guest it is in RAM), pgmapstat (the tool), python (an array, for reading JSON).
# cleanup() may be defined by the test and is called at exit.
#
# test_hmm with its two PRIVATE and two COHERENT devices (load_test_hmm) needs
# the guest options in the array hmm_guest: in_guest "${hmm_guest[@]}". With --kmemleak
# it needs those in hmm_leaks too: the test_hmm of 6.12 never puts its four devices, so
# that their names and what device_add() allocates are left when it is unloaded.

# shellcheck shell=bash disable=SC2034
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
pgmapstat=$top/.output/pgmapstat
hmm_guest=(--hmm)
hmm_leaks=(--allow 'comm "modprobe".* kobject_set_name_vargs.* dev_set_name'
	--allow 'comm "modprobe".* device_add.* cdev_device_add')
# Debian's own and nothing around it: starting is what takes the time in a guest
python=(/usr/bin/python3 -IS)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/pgmap-test.XXXXXX")
tap_planned=-1
tap_done=0
tap_failed=0

tap_exit() {
	local code=$?

	if declare -F cleanup >/dev/null; then
		cleanup || true
	fi
	rm -rf "$scratch"
	if [ "$code" -eq 0 ] && [ "$tap_done" -ne "$tap_planned" ]; then
		echo "# planned $tap_planned results, gave $tap_done"
		code=1
	fi
	if [ "$code" -eq 0 ] && [ "$tap_failed" -gt 0 ]; then
		code=1
	fi
	exit "$code"
}
trap tap_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

plan() {
	tap_planned=$1
	echo "1..$1"
}

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

pass() {
	tap_done=$((tap_done + 1))
	echo "ok $tap_done - $1"
}

fail() {
	tap_done=$((tap_done + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_done - $1"
}

skip() {
	tap_done=$((tap_done + 1))
	echo "ok $tap_done - $1 # SKIP $2"
}

bail() {
	echo "Bail out! $1"
	exit 1
}

ok() {
	local name=$1 text

	shift
	if text=$("$@" 2>&1); then
		pass "$name"
	else
		fail "$name"
		diag "command: $*"
		diag "$text"
	fi
}

nok() {
	local name=$1 text

	shift
	if text=$("$@" 2>&1); then
		fail "$name"
		diag "unexpectedly succeeded: $*"
		diag "$text"
	else
		pass "$name"
	fi
}

is() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1"
		diag "got:  $2"
		diag "want: $3"
	fi
}

isnt() {
	if [ "$2" != "$3" ]; then
		pass "$1"
	else
		fail "$1"
		diag "got: $2"
	fi
}

like() {
	if grep -Eq -- "$3" <<<"$2"; then
		pass "$1"
	else
		fail "$1"
		diag "no match for: $3"
		diag "$2"
	fi
}

unlike() {
	if grep -Eq -- "$3" <<<"$2"; then
		fail "$1"
		diag "matches: $3"
		diag "$2"
	else
		pass "$1"
	fi
}

guest() {
	rc=0
	"$top/guest/run" "$@" </dev/null >"$scratch/out" 2>"$scratch/err" || rc=$?
	out=$(tr -d '\0' <"$scratch/out")
	err=$(tr -d '\0' <"$scratch/err")
	# a report that nobody expected is gone with the guest unless it is kept here
	[ "$rc" -ne 122 ] || diag "$err"
}

guest_script() {
	cat >"$scratch/script"
	guest "$@" -- bash -eu "$scratch/script"
}

on_host() {
	[ -n "${PGMAP_GUEST:-}" ] || "$@" >/dev/null
}

build_tool() {
	on_host make -s -C "$top/tools"
}

build_modules() {
	on_host "$top/tests/modules/build" "$1"
}

in_guest() {
	local code=0

	if [ -n "${PGMAP_GUEST:-}" ]; then
		return 0
	fi
	"$top/guest/run" "$@" -- "$(realpath "$0")" </dev/null || code=$?
	if [ "$code" -ne 0 ]; then
		echo "# the guest ended with exit code $code"
	fi
	trap - EXIT
	rm -rf "$scratch"
	exit "$code"
}

# load_test_hmm: in the guest, load test_hmm with both kinds of device memory and
# reserve the huge pages hmm-tests needs.
load_test_hmm() {
	"$top/guest/hmm-setup"
}
