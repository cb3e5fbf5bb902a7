// SPDX-License-Identifier: GPL-2.0
/*
 * Not built by itself: a test includes it with LICENCE, the licence the module claims, and
 * USE, the one expression it is made of, to see whether that links.
 */
#include <linux/hmm_devmem.h>
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/module.h>

void *licence_use(void *arg);

void *licence_use(void *arg)
{
	USE;
	return arg;
}

MODULE_DESCRIPTION("Test module: one use of the core");
MODULE_LICENSE(LICENCE);
