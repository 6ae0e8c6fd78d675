#include "gateway/base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"

enum { BLOCK_BYTES = 8 * 1024, KEEP_BYTES = 256 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t cap, used;
	alignas(max_align_t) char bytes[];
};

static struct arena_block *block_new(size_t cap)
{
	struct arena_block *b = mem_resize(NULL, sizeof(*b) + cap);

	b->next = NULL;
	b->cap = cap;
	b->used = 0;
	return b;
}

void arena_deinit(struct arena *a)
{
	struct arena_block *next;

	if (!a)
		return;
	for (struct arena_block *b = a->head; b; b = next) {
		next = b->next;
		free(b);
	}
	*a = (struct arena){0};
}

void arena_reset(struct arena *a)
{
	struct arena_block *keep = a->head;

	if (!keep)
		return;
	if (keep->next) {
		/* What took several blocks fits into one the next time. */
		size_t cap = a->used < KEEP_BYTES ? a->used + BLOCK_BYTES : BLOCK_BYTES;

		arena_deinit(a);
		keep = block_new(cap);
	}
	keep->used = 0;
	a->head = keep;
	a->used = 0;
}

void arena_wipe(struct arena *a)
{
	for (struct arena_block *b = a->head; b; b = b->next)
		explicit_bzero(b->bytes, b->cap);
	arena_deinit(a);
}

static void *arena_take(struct arena *a, size_t size)
{
	const size_t step = alignof(max_align_t);
	size_t need = (size + step - 1) / step * step;
	struct arena_block *b = a->head;

	if (!b || b->cap - b->used < need) {
		struct arena_block *fresh =
			block_new(need > BLOCK_BYTES ? need : BLOCK_BYTES);

		fresh->next = b;
		a->head = b = fresh;
	}
	void *p = b->bytes + b->used;

	b->used += need;
	a->used += need;
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	return memset(arena_take(a, size), 0, size);
}

char *arena_dup_n(struct arena *a, const char *bytes, size_t n)
{
	char *copy = arena_take(a, n + 1);

	if (n)
		memcpy(copy, bytes, n);
	copy[n] = '\0';
	return copy;
}

char *arena_dup(struct arena *a, const char *text)
{
	return text ? arena_dup_n(a, text, strlen(text)) : NULL;
}

char *arena_join(struct arena *a, const char *const *parts, size_t n)
{
	size_t whole = 0;

	for (size_t i = 0; i < n; i++)
		whole += parts[i] ? strlen(parts[i]) : 0;
	char *text = arena_take(a, whole + 1), *to = text;

	for (size_t i = 0; i < n; i++)
		to = parts[i] ? stpcpy(to, parts[i]) : to;
	*to = '\0';
	return text;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);

	va_end(args);
	char *text = arena_take(a, n < 0 ? 1 : (size_t)n + 1);

	text[0] = '\0';
	if (n > 0)
		vsnprintf(text, (size_t)n + 1, format, again);
	va_end(again);
	return text;
}

void *arena_grow(struct arena *a, void *at, size_t n, size_t *cap, size_t size)
{
	if (n < *cap) {
		memset((char *)at + n * size, 0, size);
		return at;
	}
	size_t more = *cap ? *cap * 2 : 4;
	void *moved = arena_alloc(a, more * size);

	if (n)
		memcpy(moved, at, n * size);
	*cap = more;
	return moved;
}
