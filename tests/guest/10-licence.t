#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# P1, P7: who may call the core. Built against the kernel, not run.
# timeout: 300
set -eu
. "$(dirname "$0")/lib.sh"

kernel=$("$top/guest/build" pgmap)
objdir=$("$top/guest/build" --objdir pgmap)

# link LICENCE USE: builds a module of that licence that contains just that use
link() {
	local dir
	dir=$(mktemp -d "$scratch/link.XXXXXX")

	printf '#define LICENCE "%s"\n#define USE %s\n' "$1" "$2" >"$dir/one_use.c"
	cat "$top/tests/modules/licence.c" >>"$dir/one_use.c"
	printf 'ccflags-y += -I%s\nobj-m += one_use.o\n' "$top/include" >"$dir/Makefile"
	make -C "$objdir" M="$dir" modules
}

# refused SYMBOL USE: modpost says that a proprietary module may not have SYMBOL
refused() {
	local text

	if text=$(link Proprietary "$2" 2>&1); then
		echo "a proprietary module linked with $1"
		return 1
	fi
	printf '%s\n' "$text"
	grep -q "GPL-incompatible module .* uses GPL-only symbol '$1'" <<<"$text"
}

# exported SYMBOL: how Module.symvers says it is exported
exported() {
	awk -v symbol="$1" '$2 == symbol { print $4 }' "$kernel/Module.symvers"
}

gpl=(memremap_pages memunmap_pages devm_memremap_pages devm_memunmap_pages get_dev_pagemap
	zone_device_page_init memremap_compat_align hmm_devmem_add hmm_devmem_add_resource)
plain=(devmap_managed_key __put_devmap_managed_folio_refs)
unexported=(pgmap_pfn_valid free_zone_device_folio device_private_entry_fault)

plan $((${#gpl[@]} + ${#plain[@]} + ${#unexported[@]} + 6))
for symbol in "${gpl[@]}"; do
	is "$symbol is exported to GPL modules only" "$(exported "$symbol")" EXPORT_SYMBOL_GPL
done
for symbol in "${plain[@]}"; do
	is "$symbol is exported to all, being inlined" "$(exported "$symbol")" EXPORT_SYMBOL
done
for symbol in "${unexported[@]}"; do
	is "$symbol is not exported" "$(exported "$symbol")" ""
done

map='devm_memremap_pages(arg, arg)'
ok "P1: a GPL module links with devm_memremap_pages" link GPL "$map"
ok "P1: a proprietary one does not" refused devm_memremap_pages "$map"
ok "P1: a proprietary module that only calls folio_put links" link Proprietary 'folio_put(arg)'
ok "P7: a GPL module links with hmm_devmem_add" link GPL 'hmm_devmem_add(arg, arg, 1)'
ok "P7: a proprietary one does not" refused hmm_devmem_add 'hmm_devmem_add(arg, arg, 1)'
ok "P7: nor with hmm_devmem_add_resource" \
	refused hmm_devmem_add_resource 'hmm_devmem_add_resource(arg, arg, arg)'
