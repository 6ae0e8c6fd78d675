#include "gateway/base/mem.h"

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

void mem_cleanup(void *pointer_to_pointer)
{
	void *p;

	memcpy(&p, pointer_to_pointer, sizeof(p));
	free(p);
}
