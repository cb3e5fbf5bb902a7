# SPDX-License-Identifier: GPL-2.0
# What the guest scripts share: places, messages, one line a stage.

# shellcheck shell=bash disable=SC2034
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${PGMAPSTAT_CACHE:-$HOME/.cache/pgmapstat}
output=$top/.output

# what of the checkout a kernel is built from, and what goes into the directory
# pgmap/ of its tree: the KUnit suites come along for configs that want them
kernel_core=(Kbuild Kconfig include/linux include/trace kernel mm)
kernel_half=("${kernel_core[@]}" tests/kunit)

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# stage TEXT: one line for people; with the time since the script began
stage() {
	printf '%s: %s (%d s)\n' "${0##*/}" "$*" "$SECONDS" >&2
}

# kernel_grafted NAME: whether the kernel of this name has our core in it
kernel_grafted() {
	case $1 in
	pgmap | debug) return 0 ;;
	stock) return 1 ;;
	*) die "no kernel is named '$1': use pgmap, debug or stock" ;;
	esac
}

# kernel_arch NAME: the architecture of the kernel of this name, as Debian calls it
kernel_arch() {
	case $1 in
	debian-*-arm64*) echo arm64 ;;
	*) echo amd64 ;;
	esac
}

# kernel_fragments NAME: the config fragments, a path a line
kernel_fragments() {
	echo "$top/guest/config/base.config"
	if kernel_grafted "$1"; then
		echo "$top/guest/config/pgmap.config"
	fi
	if [ "$1" = debug ]; then
		echo "$top/guest/config/debug.config"
	fi
}

# patch_part kernel|modules FILE: of a patch the part that is about the kernel or about the
# test modules, without the words before it
patch_part() {
	awk -v want="$1" '
		/^--- a\// { part = $2 ~ /^a\/tests\/modules\// ? "modules" : "kernel" }
		part == want' "$2"
}

# patch_files FILE: the files a patch changes, a path a line
patch_files() {
	sed -n 's|^+++ b/\([^[:blank:]]*\).*|\1|p' "$1"
}
