// SPDX-License-Identifier: GPL-2.0
/*
 * Test module: pgmap_poke under another name. Loaded after pgmap_poke was unloaded it
 * comes to lie where that was, so its pagemaps have the addresses of pgmap_poke's.
 */
#include "pgmap_poke.c"
