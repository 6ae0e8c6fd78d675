/*
 * Bearer tokens: who holds one of a list may do something. While one is replaced by the
 * next both are in the list. Comparing takes the same time wherever a difference lies.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct tokens {
	const char *const *at;
	size_t n;
};

/* Is @presented one of @tokens? Never of an empty list. NULL is none. */
bool tokens_have(const struct tokens *tokens, const char *presented);
