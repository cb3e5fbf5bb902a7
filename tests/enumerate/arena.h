/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All memory that core asks for in this program, in one piece: what an event
 * did is undone by copying the piece back. Nothing is ever given back in it.
 */
#ifndef PGMAP_ENUMERATE_ARENA_H
#define PGMAP_ENUMERATE_ARENA_H

#include <stddef.h>

enum { ARENA_SIZE = 256 * 1024 };

/* As the arena was at one moment. */
struct arena_copy {
	size_t used;
	char bytes[ARENA_SIZE];
};

/* Empty again. */
void arena_reset(void);

void *arena_take(size_t size);

void arena_save(struct arena_copy *copy);
void arena_restore(const struct arena_copy *copy);

/* What the linker calls instead of malloc() and so on. */
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t nr, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t nr, size_t size);
void __wrap_free(void *old);

#endif
