#include "gateway/config/organs_index.h"

#include <assert.h>

#include "gateway/base/text.h"

enum { FIRST_SLOTS = 16 };

void organs_index_init(struct organs_index *index, struct arena *arena, size_t most)
{
	index->slots_n = FIRST_SLOTS;
	while (index->slots_n < most * 2)
		index->slots_n *= 2;
	index->slots = arena_alloc(arena, index->slots_n * sizeof(*index->slots));
}

static uint64_t hash_of(const char *id)
{
	uint64_t hash = TEXT_HASH_SEED;

	for (; *id; id++) {
		char lower = *id >= 'A' && *id <= 'Z' ? (char)(*id + 32) : *id;

		hash = text_hash(hash, &lower, 1);
	}
	return hash;
}

/* The slot of @id, or the free one where it would stand. */
static struct organs_index_slot *slot_of(
	const struct organs_index *index, const char *id, uint64_t hash)
{
	size_t at = hash & (index->slots_n - 1);

	for (size_t tried = 0; index->slots[at].id; tried++) {
		struct organs_index_slot *slot = &index->slots[at];

		assert(tried < index->slots_n);
		if (slot->hash == hash && text_same_id(slot->id, id))
			break;
		at = (at + 1) & (index->slots_n - 1);
	}
	return &index->slots[at];
}

size_t *organs_index_at(struct organs_index *index, const char *id)
{
	uint64_t hash = hash_of(id);
	struct organs_index_slot *slot = slot_of(index, id, hash);

	if (!slot->id)
		*slot = (struct organs_index_slot){id, hash, INDEX_NONE};
	return &slot->number;
}

size_t organs_index_find(const struct organs_index *index, const char *id)
{
	const struct organs_index_slot *slot =
		id ? slot_of(index, id, hash_of(id)) : NULL;

	return slot && slot->id ? slot->number : INDEX_NONE;
}
