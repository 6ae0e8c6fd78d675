#include "gateway/base/mem.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *mem_check(void *p, size_t size)
{
	if (p)
		return p;
	fprintf(stderr, "error out-of-memory bytes=%zu\n", size);
	abort();
}

void *mem_alloc(size_t size)
{
	return mem_check(calloc(1, size ? size : 1), size);
}

void *mem_resize(void *p, size_t size)
{
	return mem_check(realloc(p, size ? size : 1), size);
}

char *mem_dup(const char *text)
{
	return text ? mem_dup_n(text, strlen(text)) : NULL;
}

char *mem_dup_n(const char *bytes, size_t n)
{
	char *copy = mem_alloc(n + 1);

	if (n)
		memcpy(copy, bytes, n);
	return copy;
}

void mem_wipe(void *p)
{
	if (!p)
		return;
	explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

__attribute__((noinline)) void mem_wipe_stack(void)
{
	char below[64 *
		   1024]; /* parsers gather short texts in arrays of some hundred */

	explicit_bzero(below, sizeof(below));
}

void *mem_resize_wiping(void *p, size_t size)
{
	size_t room = p ? malloc_usable_size(p) : 0;

	if (p && size && size <= room)
		return p;
	void *moved = malloc(size ? size : 1);

	if (moved && p) {
		memcpy(moved, p, size < room ? size : room);
		mem_wipe(p);
	}
	return moved;
}

void mem_cleanup(void *pointer_to_pointer)
{
	void *p;

	memcpy(&p, pointer_to_pointer, sizeof(p));
	free(p);
}
