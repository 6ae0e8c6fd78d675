#include "gateway/ledger/organ_ids.h"

#include <string.h>
#include <strings.h>

#include "gateway/base/text.h"

/* What outsiders make up must not fill the memory: when it is full, begin anew. */
enum { SLOTS = 4096, MOST = SLOTS / 2 };

struct organ_ids_entry {
	int64_t id;
	char text[];
};

static uint64_t hash_of(const char *organ_id)
{
	uint64_t hash = TEXT_HASH_SEED;

	for (const char *p = organ_id; *p; p++) {
		char c = *p >= 'A' && *p <= 'Z' ? (char)(*p + ('a' - 'A')) : *p;

		hash = text_hash(hash, &c, 1);
	}
	return hash;
}

/* The slot that holds @organ_id, or the free one where it belongs. */
static struct organ_ids_entry **slot_of(
	const struct organ_ids *ids, const char *organ_id)
{
	size_t at = hash_of(organ_id) % SLOTS;

	while (ids->slots[at] && strcasecmp(ids->slots[at]->text, organ_id) != 0)
		at = (at + 1) % SLOTS;
	return &ids->slots[at];
}

void organ_ids_forget(struct organ_ids *ids)
{
	arena_deinit(&ids->arena);
	*ids = (struct organ_ids){0};
}

int64_t organ_ids_find(const struct organ_ids *ids, const char *organ_id)
{
	if (!ids->slots)
		return 0;
	const struct organ_ids_entry *entry = *slot_of(ids, organ_id);

	return entry ? entry->id : 0;
}

void organ_ids_add(struct organ_ids *ids, const char *organ_id, int64_t id)
{
	size_t n = strlen(organ_id) + 1;

	if (ids->n >= MOST)
		organ_ids_forget(ids);
	if (!ids->slots)
		ids->slots = arena_alloc(
			&ids->arena, SLOTS * sizeof(struct organ_ids_entry *));
	struct organ_ids_entry *entry = arena_alloc(&ids->arena, sizeof(*entry) + n);

	entry->id = id;
	memcpy(entry->text, organ_id, n);
	*slot_of(ids, organ_id) = entry;
	ids->n++;
}
