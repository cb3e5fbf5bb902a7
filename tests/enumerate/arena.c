// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pointer that goes up. The linker puts these in the place of the C library's
 * (ld --wrap), so core is the one that pgmapstat has, object by object.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

static struct {
	_Alignas(64) char bytes[ARENA_SIZE];
	size_t used;
} arena;

/* Each block is led by its size, for realloc(). */
enum { HEAD = 16 };

void arena_reset(void)
{
	arena.used = 0;
}

void *arena_take(size_t size)
{
	char *block = arena.bytes + arena.used;
	size_t whole = HEAD + ((size + HEAD - 1) & ~(size_t)(HEAD - 1));

	if (arena.used + whole > ARENA_SIZE) {
		/* core can live without memory: that is not what is looked at here */
		fputs("enumerate: the arena is too small\n", stderr);
		abort();
	}
	memcpy(block, &size, sizeof(size));
	arena.used += whole;
	return block + HEAD;
}

void arena_save(struct arena_copy *copy)
{
	copy->used = arena.used;
	memcpy(copy->bytes, arena.bytes, arena.used);
}

void arena_restore(const struct arena_copy *copy)
{
	arena.used = copy->used;
	memcpy(arena.bytes, copy->bytes, copy->used);
}

void *__wrap_malloc(size_t size)
{
	return arena_take(size);
}

void *__wrap_calloc(size_t nr, size_t size)
{
	return memset(arena_take(nr * size), 0, nr * size);
}

void *__wrap_realloc(void *old, size_t size)
{
	void *block = arena_take(size);
	size_t old_size = 0;

	if (old)
		memcpy(&old_size, (char *)old - HEAD, sizeof(old_size));
	if (old)
		memcpy(block, old, old_size < size ? old_size : size);
	return block;
}

void *__wrap_reallocarray(void *old, size_t nr, size_t size)
{
	return __wrap_realloc(old, nr * size);
}

void __wrap_free(void *old)
{
	(void)old;
}
