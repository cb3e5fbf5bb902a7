# SPDX-License-Identifier: GPL-2.0
# For checks of the sources: what our files are, and where the kernel tree is.

# shellcheck shell=bash disable=SC2034
. "$(dirname "${BASH_SOURCE[0]}")/../guest/lib.sh"
base=$("$top/guest/tree" --base)

# our_files PATHSPEC ...: files under version control, as paths from the checkout
our_files() {
	git -C "$top" ls-files -- "$@"
}
