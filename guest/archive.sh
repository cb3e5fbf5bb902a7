# SPDX-License-Identifier: GPL-2.0
# Packages of any suite of the Debian archive that this machine's apt is set up for,
# through apt, which verifies signatures and sums, in directories of their own: what is
# installed here, and what apt knows of it, stays as it is. Source common.sh first.
#
#	archive_open SUITE [ARCH]	sets which suite is asked from now on, for packages of
#					which architecture (amd64), or for sources (source)
#	archive_field PACKAGE FIELD	prints a field of the newest version offered
#	archive_offers PACKAGE=VERSION	whether the suite has it
#	archive_fetch DIR PACKAGE ...	downloads packages (PACKAGE=VERSION, too) into DIR
#	archive_closure DIR PACKAGE ...	the same with all they depend on
#	archive_source DIR PACKAGE	downloads the newest source package into DIR
#
# All fail with one line on standard error; archive_open returns 4 when the archive has
# no such suite. DEBIAN_ARCHIVE=URI takes another archive for all suites.

# shellcheck shell=bash disable=SC2154
archive_keyring=/usr/share/keyrings/debian-archive-keyring.gpg
# how old the lists of packages may be, in minutes
archive_fresh=1440

# archive_uri SUITE: where the suite is: where apt gets the suite of this release from
# that has the same kind of name. May hold a password: never to be printed.
archive_uri() {
	local own

	if [ -n "${DEBIAN_ARCHIVE:-}" ]; then
		echo "$DEBIAN_ARCHIVE"
		return
	fi
	own=$(. /etc/os-release && echo "${VERSION_CODENAME:-stable}")
	case $1 in
	*-security) own+=-security ;;
	esac
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Release: $own" |
		head -n 1
}

# archive_apt TOOL ARGUMENT ...: a tool of apt, on the suite that is open
archive_apt() {
	local tool=$1

	shift
	"$tool" -q -o Dir::Etc::sourcelist="$archive_dir/sources.list" -o Dir::Etc::sourceparts=- \
		-o Dir::State="$archive_dir/state" -o Dir::State::status="$archive_dir/status" \
		-o Dir::Cache="$archive_dir/cache" -o APT::Sandbox::User= \
		-o APT::Architecture="$archive_arch" -o APT::Architectures::="$archive_arch" \
		-o Acquire::Languages=none -o APT::Update::Error-Mode=any -o Acquire::Retries=3 \
		-o APT::Update::Post-Invoke-Success= -o APT::Update::Post-Invoke= "$@"
}

archive_update() {
	local log=$archive_dir/update.log

	stage "asking the archive what $1 offers"
	archive_apt apt-get update >"$log" 2>&1 && touch "$archive_dir/updated" && return 0
	if grep -qE 'no longer has a Release file|does not have a Release file' "$log"; then
		echo "${0##*/}: the archive has no suite $1" >&2
		return 4
	fi
	grep -E '^[EW]:' "$log" | sed 's|//[^/@ ]*@|//|g' | head -n 3 >&2
	echo "${0##*/}: cannot read the suite $1, see $log" >&2
	return 1
}

archive_open() {
	local uri kind=deb arch=${2:-amd64}

	command -v apt-get >/dev/null || { echo "${0##*/}: apt is missing" >&2; return 1; }
	[ -f $archive_keyring ] ||
		{ echo "${0##*/}: debian-archive-keyring is missing: run make deps" >&2; return 1; }
	uri=$(archive_uri "$1")
	[ -n "$uri" ] || {
		echo "${0##*/}: apt has no archive for $1: set DEBIAN_ARCHIVE=URI" >&2
		return 1
	}
	archive_dir=$cache/debian/apt/$1
	[ "$arch" = amd64 ] || archive_dir+=-$arch
	[ "$arch" != source ] || kind=deb-src arch=amd64
	archive_arch=$arch
	mkdir -p "$archive_dir"/state/lists/partial "$archive_dir"/cache/archives/partial
	: >"$archive_dir/status"
	(
		umask 077
		echo "$kind [signed-by=$archive_keyring] $uri $1 main" >"$archive_dir/sources.list.new"
	)
	if ! cmp -s "$archive_dir/sources.list.new" "$archive_dir/sources.list"; then
		rm -f "$archive_dir/updated"
		mv "$archive_dir/sources.list.new" "$archive_dir/sources.list"
	fi
	[ -z "$(find "$archive_dir/updated" -mmin "-$archive_fresh" 2>/dev/null)" ] || return 0
	archive_update "$1"
}

archive_field() {
	archive_apt apt-cache show --no-all-versions "$1" 2>/dev/null | sed -n "s/^$2: //p" | head -n 1
}

archive_offers() {
	[ -n "$(archive_apt apt-cache show "$1" 2>/dev/null)" ]
}

# archive_get WHAT DIR ARGUMENT ...: apt-get with these arguments in DIR
archive_get() {
	local what=$1 dir=$2

	shift 2
	(cd "$dir" && archive_apt apt-get "$@") >"$archive_dir/fetch.log" 2>&1 && return 0
	grep -E '^[EW]:' "$archive_dir/fetch.log" | sed 's|//[^/@ ]*@|//|g' | head -n 3 >&2
	echo "${0##*/}: cannot fetch $what, see $archive_dir/fetch.log" >&2
	return 1
}

archive_fetch() {
	archive_get "${*:2}" "$1" download "${@:2}"
}

archive_closure() {
	mkdir -p "$1/partial"
	archive_get "${*:2} and what it needs" "$1" -o Dir::Cache::archives="$1" -y \
		--download-only --no-install-recommends install "${@:2}"
}

archive_source() {
	archive_get "the source of $2" "$1" source --download-only "$2"
}
