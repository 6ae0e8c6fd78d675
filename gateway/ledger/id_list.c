#include "gateway/ledger/id_list.h"

enum { FEW = 16, SLOTS_LEAST = 64 };

/* The slot of @id, or the free one where it belongs. */
static uint32_t *slot_of(const id_list *list, int64_t id)
{
	uint64_t hash = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)(hash >> 32) & (list->slots_n - 1);

	while (list->slots[at] && list->at[list->slots[at] - 1] != id)
		at = (at + 1) & (list->slots_n - 1);
	return &list->slots[at];
}

/* Bring the index up to what the list holds, at most half full. */
static void index_all(struct arena *arena, id_list *list)
{
	if (list->slots_n < 2 * (list->n + 1)) {
		list->slots_n = list->slots_n ? list->slots_n : SLOTS_LEAST;
		while (list->slots_n < 4 * list->n)
			list->slots_n *= 2;
		list->slots = arena_alloc(arena, list->slots_n * sizeof(*list->slots));
		list->indexed = 0;
	}
	for (; list->indexed < list->n; list->indexed++) {
		uint32_t *slot = slot_of(list, list->at[list->indexed]);

		if (!*slot)
			*slot = (uint32_t)list->indexed + 1;
	}
}

ptrdiff_t id_list_find(const id_list *list, int64_t id)
{
	if (list->indexed) {
		uint32_t place = *slot_of(list, id);

		if (place)
			return (ptrdiff_t)place - 1;
	}
	for (size_t i = list->indexed; i < list->n; i++)
		if (list->at[i] == id)
			return (ptrdiff_t)i;
	return ID_LIST_NOWHERE;
}

bool id_list_has(const id_list *list, int64_t id)
{
	return id_list_find(list, id) != ID_LIST_NOWHERE;
}

size_t id_list_add(struct arena *arena, id_list *list, int64_t id)
{
	if (list->n - list->indexed >= FEW)
		index_all(arena, list);
	ptrdiff_t place = id_list_find(list, id);

	if (place != ID_LIST_NOWHERE)
		return (size_t)place;
	*LIST_ADD(arena, list) = id;
	return list->n - 1;
}
