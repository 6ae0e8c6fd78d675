/*
 * Row numbers in the order they were added. Few are searched one by one; of many an
 * index is kept, so that what is done for each of n stays n steps and not n times n.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"

/* A list of the arena's kind: LIST_ADD appends, also what is there already. */
typedef struct {
	int64_t *at;
	size_t n, cap;
	uint32_t *slots; /* of the first @indexed: its place and one; 0: free */
	size_t slots_n, indexed;
} id_list;

enum { ID_LIST_NOWHERE = -1 };

/* Append @id unless it is there; returns its place. */
size_t id_list_add(struct arena *arena, id_list *list, int64_t id);
/* The place of @id, ID_LIST_NOWHERE when it is not there. */
ptrdiff_t id_list_find(const id_list *list, int64_t id);
bool id_list_has(const id_list *list, int64_t id);
