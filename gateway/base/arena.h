/*
 * An arena: many small values with one life. Everything allocated from it is freed
 * together; nothing is freed alone. Never returns NULL (see mem.h).
 */
#pragma once

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *head;
	size_t used; /* bytes handed out since the last reset */
};

/* A zeroed struct arena is an empty one. */
void arena_deinit(struct arena *a);
/* A struct arena that is emptied when it leaves its scope. */
#define cleanup_arena __attribute__((__cleanup__(arena_deinit)))

/* Forget all values, keep one block for re-use. */
void arena_reset(struct arena *a);

/* Overwrite everything that was ever in it, then free it (X1). Blocks that arena_reset
 * gave back before are out of reach. */
void arena_wipe(struct arena *a);

void *arena_alloc(struct arena *a, size_t size);    /* zeroed, aligned for any type */
char *arena_dup(struct arena *a, const char *text); /* NULL gives NULL */
char *arena_dup_n(struct arena *a, const char *bytes, size_t n);
/* The parts one behind the other; NULL is none. What is joined for every document. */
char *arena_join(struct arena *a, const char *const *parts, size_t n);
#define ARENA_JOIN(a, ...)                                                             \
	arena_join((a), (const char *const[]){__VA_ARGS__},                            \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
char *arena_printf(struct arena *a, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Room for one more element of @size in the list (@at, @n, @cap); see LIST_ADD. */
void *arena_grow(struct arena *a, void *at, size_t n, size_t *cap, size_t size);

/*
 * A list living in an arena: struct { T *at; size_t n, cap; }. LIST_ADD gives a
 * pointer to a new zeroed element; it moves older elements, so keep no pointers.
 */
#define LIST_OF(type)                                                                  \
	struct {                                                                       \
		type *at;                                                              \
		size_t n, cap;                                                         \
	}
#define LIST_ADD(arena, list)                                                          \
	((list)->at = arena_grow(                                                      \
		 (arena), (list)->at, (list)->n, &(list)->cap, sizeof(*(list)->at)),   \
		&(list)->at[(list)->n++])
